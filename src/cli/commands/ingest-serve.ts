import { resolve } from 'node:path';

import type { Command } from 'commander';

import type { CommandContext } from '../io.ts';
import { ingestEventText } from '../output/ingest-event.ts';
import { jsonDocument } from '../output/json-document.ts';

interface ServeFlags {
  readonly data: string;
  readonly json?: true;
}

const DESCRIPTION =
  'Takes signed batches of contributions over HTTP and keeps them for the next epochs, until it is ended. A batch that was answered for is on the disk, so it may be ended in any way, and started again.';

/** `lode ingest serve`: the endpoint that applications send to. */
export function addIngestServe(group: Command, { io }: CommandContext): void {
  group
    .command('serve')
    .summary('take signed batches over HTTP')
    .description(DESCRIPTION)
    .option('--data <dir>', "the operator's folder, with lode.config.json", '.')
    .option('--json', 'print one JSON document a line, one for each event')
    .action(async ({ data, json }: ServeFlags) => {
      const { serveIngest } = await import('../../operator/ingest/serve.ts');
      await serveIngest({
        data: resolve(io.cwd, data),
        now: () => Date.now(),
        say: (event) => {
          if (json === true) io.out(jsonDocument(event, 0));
          else io.err(ingestEventText(event));
        },
      });
      // Until the process is ended from outside.
      await new Promise(() => undefined);
    });
}
