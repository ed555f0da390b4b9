import { resolve } from 'node:path';

import type { Command } from 'commander';

import { InputError, MissingError } from '../../protocol/errors.ts';
import { EXIT } from '../exit-codes.ts';
import type { CommandContext, Io } from '../io.ts';
import { inputFile } from '../options/input-file.ts';
import { ledgerFiles, type LedgerFlags } from '../options/ledger-files.ts';
import { presetFile } from '../../store/preset-file.ts';
import type { TaskMap } from '../options/task-map.ts';
import { taskMapOption } from '../options/task-map.ts';
import { decimalOption } from '../options/quantities.ts';
import { wholeNumberOption } from '../options/whole-number.ts';
import { jsonDocument } from '../output/json-document.ts';
import { progressOn } from '../output/progress.ts';

interface WatchFlags extends LedgerFlags {
  readonly addresses: string;
  readonly rpc: readonly string[];
  readonly singleEndpoint?: true;
  readonly confirmations: number;
  readonly reports: readonly string[];
  readonly preset?: string;
  readonly variant?: string;
  readonly map?: TaskMap;
  readonly anyRejects?: true;
  readonly state: string;
  readonly act?: true;
  readonly keystore?: string;
  readonly passwordFile?: string;
  readonly demands: number;
  readonly deposits?: bigint;
  readonly once?: true;
  readonly interval: number;
  readonly json?: true;
}

const DESCRIPTION =
  'Follows a deployment: fetches the report of each proposed settlement, recomputes it from the ledger, and raises an alarm in time when it is not what the ledger gives, or its report is not there; with --act it disproves what can be proven. Believes nothing that two endpoints do not both say.';

/** `lode watch`: is what is proposed what the ledger gives? */
export function addWatch(program: Command, { io, setExitCode }: CommandContext): void {
  program
    .command('watch')
    .summary('recompute what is proposed on chain, and raise an alarm or disprove it')
    .description(DESCRIPTION)
    .requiredOption('--addresses <file>', 'the address book of the deployment')
    .requiredOption('--rpc <urls...>', 'two nodes of different operators; nothing counts that they do not both say')
    .option('--single-endpoint', 'believe a single node: only for your own')
    .option(
      '--confirmations <n>',
      'how many blocks must lie on top of what is looked at',
      wholeNumberOption('--confirmations', 0, 10_000),
      6,
    )
    .requiredOption('--reports <places...>', 'where reports are published: folders, addresses, gateways (…/ipfs)')
    .option('--preset <name-or-file>', 'the preset; without it the one that the address book names')
    .option('--variant <name>', "a variant of the preset's file; without it the one that the address book names")
    .requiredOption('--contributions <files...>', 'who did what, and when (.csv, .ndjson, .parquet; .gz too)')
    .option('--usage <files...>', 'which contributions others built on')
    .option('--accounts <files...>', 'who is a member, who has which badge')
    .option('--changes <file>', 'policies and tasks that were voted for since (.json)')
    .option('--map <from=to...>', "count a task of the ledger as another of the preset's tasks", taskMapOption('--map'))
    .option('--any-rejects', 'use the ledger however many of its rows cannot be used')
    .requiredOption('--state <dir>', 'the folder for what the watcher remembers')
    .option('--act', 'disprove what can be proven, demand what is withheld, show what is right, collect the reward')
    .option('--keystore <file>', 'with --act: the encrypted key that signs (JSON, version 3)')
    .option('--password-file <file>', 'the file with its password')
    .option(
      '--demands <n>',
      'how many leaves of one proposal may be demanded: each answer costs a 32nd of the bond',
      wholeNumberOption('--demands', 0, 1_000),
      12,
    )
    .option(
      '--deposits <coins>',
      'how much may be put down for demands at once; half of the bond if absent',
      decimalOption('--deposits'),
    )
    .option('--once', 'look once and end, for a timer of your own')
    .option(
      '--interval <seconds>',
      'how long to wait between two looks',
      wholeNumberOption('--interval', 1, 86_400),
      60,
    )
    .option('--json', 'print one JSON document a line, one for each event')
    .action(async (flags: WatchFlags) => {
      const options = await optionsOf(flags, io);
      const { ensureBuilt } = await import('../demo/project-hardhat.ts');
      await ensureBuilt(progressOn(io).say);
      const { runWatch } = await import('../watch/run-watch.ts');
      const { watchText } = await import('../output/watch-text.ts');
      const outcome = await runWatch({
        ...options,
        presetOf: async ({ preset }) => ({
          preset: await presetFile(flags.preset ?? preset.name, io.cwd),
          variant: flags.variant ?? (flags.preset === undefined ? (preset.variant ?? undefined) : undefined),
        }),
        tell: (event) => io.out(flags.json === true ? jsonDocument(event, 0) : watchText(event)),
      });
      if (outcome === 'alarm') setExitCode(EXIT.difference);
      if (outcome === 'unsure') setExitCode(EXIT.retry);
    });
}

async function optionsOf(flags: WatchFlags, { cwd }: Io) {
  const { parseReportPlace } = await import('../../store/parse-report-place.ts');
  return {
    addresses: await inputFile('--addresses', flags.addresses, cwd),
    rpc: flags.rpc,
    singleEndpoint: flags.singleEndpoint ?? false,
    confirmations: flags.confirmations,
    places: flags.reports.map((place) => parseReportPlace(place, cwd)),
    ledger: {
      ...(await ledgerFiles(flags, cwd)),
      map: flags.map ?? {},
      anyRejects: flags.anyRejects ?? false,
    },
    state: resolve(cwd, flags.state),
    acting: actingOf(flags),
    cwd,
    interval: flags.once === true ? null : flags.interval,
  };
}

/** Who acts, where that is asked for: not by accident, because a key is at hand. */
function actingOf({ act, keystore, passwordFile, demands, deposits }: WatchFlags) {
  if (act === undefined) {
    if (keystore === undefined && passwordFile === undefined) return null;
    throw new InputError({
      code: 'OPTION_INVALID',
      shortMessage: '--keystore and --password-file are for --act',
      details: { next: 'give --act to have it send, or leave the key out' },
    });
  }
  if (keystore !== undefined && passwordFile !== undefined) {
    return { keystore, passwordFile, mostDemands: demands, mostDeposits: deposits ?? null };
  }
  throw new MissingError({
    code: 'SIGNER_MISSING',
    shortMessage: 'nobody is there to sign',
    details: { next: 'give --keystore and --password-file with --act' },
  });
}
