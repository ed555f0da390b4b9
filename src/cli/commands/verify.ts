import { existsSync } from 'node:fs';
import { join } from 'node:path';

import type { Command } from 'commander';

import type { Verification } from '../../store/verify-replay.ts';
import { EXIT } from '../exit-codes.ts';
import { optionFault, optionMissing } from '../errors.ts';
import type { CommandContext } from '../io.ts';
import { inputFile } from '../options/input-file.ts';
import { reportFolder } from '../options/report-folder.ts';
import { wholeNumberOption } from '../options/whole-number.ts';
import { jsonDocument } from '../output/json-document.ts';
import { progressOn } from '../output/progress.ts';
import { tellReplay } from '../output/replay-progress.ts';
import { counted } from '../../protocol/tokens.ts';

interface VerifyFlags {
  readonly json?: true;
  readonly fromChain?: true;
  readonly addresses?: string;
  readonly rpc?: readonly string[];
  readonly singleEndpoint?: true;
  readonly confirmations?: number;
  readonly reports?: readonly string[];
}

const DESCRIPTION =
  'Recomputes a replay folder from the inputs that it holds, or a report from the one before it, and compares every byte of every file. With --from-chain it recomputes every final epoch of a deployment since genesis, from the chain and what is published alone. Ends with 0 when all are equal, with 3 at the first difference, with 4 when something that is needed is not published.';

/** `lode verify`: is this folder, or this deployment, what its inputs give? */
export function addVerify(program: Command, { io, setExitCode }: CommandContext): void {
  program
    .command('verify')
    .summary('recompute a report, a whole replay or a whole deployment and compare every byte')
    .description(DESCRIPTION)
    .argument('[dir]', "a replay folder, a folder of reports, or one epoch's report")
    .option('--from-chain', 'every final epoch of a deployment, in the place of a folder')
    .option('--addresses <file>', 'with --from-chain: the address book of the deployment')
    .option('--rpc <urls...>', 'two nodes of different operators; nothing counts that they do not both say')
    .option('--single-endpoint', 'believe a single node: only for your own')
    .option(
      '--confirmations <n>',
      'how many blocks must lie on top of what is looked at; 6 if absent',
      wholeNumberOption('--confirmations', 0, 10_000),
    )
    .option('--reports <places...>', 'where reports and inputs are published: folders, addresses, gateways (…/ipfs)')
    .option('--json', 'print one JSON document on stdout')
    .action(async (dir: string | undefined, flags: VerifyFlags) => {
      if (flags.fromChain === true) {
        await fromChain(dir, flags, { io, setExitCode });
        return;
      }
      for (const [option, given] of Object.entries(ofChain(flags))) {
        if (given !== undefined) throw optionFault(option, String(given), 'to be used with --from-chain');
      }
      if (dir === undefined) throw optionMissing('<dir>', 'a folder with reports, or --from-chain in its place');
      const folder = await reportFolder('<dir>', dir, io.cwd);
      const { verify } = await import('../../store/verify.ts');
      const progress = progressOn(io);
      const verification = await verify(folder, tellReplay(progress));
      progress.say(verification.equal ? 'equal' : 'different');
      io.out(flags.json === true ? jsonDocument(verification) : inWords(verification, dir, hasInputs(folder)));
      if (!verification.equal) setExitCode(EXIT.difference);
    });
}

/** What is only for --from-chain. */
function ofChain({ addresses, rpc, singleEndpoint, confirmations, reports }: VerifyFlags) {
  return {
    ...{ '--addresses': addresses, '--rpc': rpc?.[0], '--reports': reports?.[0] },
    ...{ '--single-endpoint': singleEndpoint, '--confirmations': confirmations },
  };
}

async function fromChain(
  dir: string | undefined,
  { addresses, rpc, reports, singleEndpoint, confirmations = 6, json }: VerifyFlags,
  { io, setExitCode }: CommandContext,
): Promise<void> {
  if (dir !== undefined) throw optionFault('--from-chain', dir, 'no folder: it fetches what is published');
  if (addresses === undefined)
    throw optionMissing('--addresses', 'the address book of the deployment, for --from-chain');
  if (rpc === undefined) throw optionMissing('--rpc', 'the nodes to ask, for --from-chain');
  if (reports === undefined)
    throw optionMissing('--reports', 'where reports and inputs are published, for --from-chain');
  const progress = progressOn(io);
  const { ensureBuilt } = await import('../demo/project-hardhat.ts');
  await ensureBuilt(progress.say);
  const { parseReportPlace } = await import('../../store/parse-report-place.ts');
  const { verifyDeployment } = await import('../verify/from-chain.ts');
  const { verdictText, verificationText } = await import('../output/chain-verification-text.ts');
  const verification = await verifyDeployment({
    ...{ rpc, singleEndpoint: singleEndpoint ?? false, confirmations },
    addresses: await inputFile('--addresses', addresses, io.cwd),
    places: reports.map((place) => parseReportPlace(place, io.cwd)),
    tell: (verdict) => {
      if (json === true)
        progress.at(`epoch ${verdict.epoch}: ${verdict.outcome}`, verdict.epoch + 1, verdict.epoch + 2);
      else io.out(verdictText(verdict));
    },
  });
  io.out(json === true ? jsonDocument(verification) : verificationText(verification));
  const last = verification.epochs.at(-1)?.outcome;
  if (last === 'different') setExitCode(EXIT.difference);
  if (last === 'unavailable') setExitCode(EXIT.retry);
}

/** Only a replay folder holds the ledger; a report alone is recomputed from the scores that it states itself. */
function hasInputs(folder: string): boolean {
  return existsSync(join(folder, 'replay.json'));
}

function inWords({ difference, epochs }: Verification, dir: string, fromInputs: boolean): string {
  const recomputed = counted(epochs, 'epoch');
  if (difference === null && fromInputs) return `${dir}: ${recomputed} recomputed, every byte is as it must be\n`;
  if (difference === null) {
    return `${dir}: ${recomputed} recomputed from the scores it states, and every byte follows from them; whether the scores are right, only the ledger shows\n`;
  }
  const { file, path, byte, expected, found } = difference;
  const place = path === null ? (byte === null ? '' : `, byte ${byte}`) : `, ${path}`;
  return [
    `${dir}: NOT what its ${fromInputs ? 'inputs give' : 'scores give'}; ${recomputed} before it ${epochs === 1 ? 'was' : 'were'} equal\n`,
    `  where     ${file}${place}\n`,
    `  expected  ${expected}\n`,
    `  found     ${found}\n`,
  ].join('');
}
