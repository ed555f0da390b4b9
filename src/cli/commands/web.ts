import type { Command } from 'commander';

import type { CommandContext } from '../io.ts';
import { inputFile } from '../options/input-file.ts';
import { reportFolder } from '../options/report-folder.ts';
import { wholeNumberOption } from '../options/whole-number.ts';
import { jsonDocument } from '../output/json-document.ts';
import { progressOn } from '../output/progress.ts';

interface WebFlags {
  readonly addresses: string;
  readonly rpc: readonly string[];
  readonly reports: readonly string[];
  readonly title: string;
  readonly confirmations: number;
  readonly host: string;
  readonly port: number;
  readonly json?: true;
}

const MAX_PORT = 65_535;
const DESCRIPTION =
  'Serves the page over a deployment until it is ended: miners look up and claim, voters steer, everybody can check. Nothing but the page, its settings, the address book and the reports is given, and nothing can be changed.';

/** `lode web`: the page over any deployment. */
export function addWeb(program: Command, { io }: CommandContext): void {
  program
    .command('web')
    .summary('serve the page over a deployment')
    .description(DESCRIPTION)
    .requiredOption('--addresses <file>', 'the address book of the deployment')
    .requiredOption('--rpc <urls...>', 'nodes as browsers reach them; of two or more, only what they all say counts')
    .requiredOption('--reports <places...>', 'where reports are published: folders, addresses, gateways (…/ipfs)')
    .option('--title <text>', 'what stands at the top of the page', 'Lode')
    .option(
      '--confirmations <n>',
      'how many blocks must lie on top of what is shown',
      wholeNumberOption('--confirmations', 0, 10_000),
      6,
    )
    .option(
      '--host <address>',
      'the address to listen on; others than this machine reach it if it is not loopback',
      '127.0.0.1',
    )
    .option('--port <n>', 'the port to listen on; 0 takes a free one', wholeNumberOption('--port', 0, MAX_PORT), 8460)
    .option('--json', 'print one JSON document on stdout')
    .action(async (flags: WebFlags) => {
      const { rpc, title, confirmations, host, port } = flags;
      const { checkVisible } = await import('../web/page-settings.ts');
      for (const url of rpc) checkVisible('--rpc', url);
      const addresses = await inputFile('--addresses', flags.addresses, io.cwd);
      const { parseReportPlace } = await import('../../store/parse-report-place.ts');
      const places = flags.reports.map((place) => parseReportPlace(place, io.cwd));
      for (const { kind, at } of places) {
        if (kind === 'folder') await reportFolder('--reports', at, io.cwd);
        else checkVisible('--reports', at);
      }
      const { ensureBuilt } = await import('../demo/project-hardhat.ts');
      await ensureBuilt(progressOn(io).say);
      const { serveDeployment } = await import('../web/run-web.ts');
      const shown = { title, rpc, places, confirmations, pollSeconds: 4 };
      const { url, close } = await serveDeployment({ ...shown, addresses, host, port });
      io.out(flags.json === true ? jsonDocument({ url }) : `The page: ${url} (Ctrl-C ends it)\n`);
      const { untilStopped } = await import('../stop.ts');
      await untilStopped();
      await close();
    });
}
