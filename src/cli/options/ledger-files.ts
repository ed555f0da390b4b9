import { inputFile, inputFiles } from './input-file.ts';

/** The options by which commands take a ledger, and what was voted for since the preset. */
export interface LedgerFlags {
  readonly contributions: readonly string[];
  readonly usage?: readonly string[];
  readonly accounts?: readonly string[];
  readonly changes?: string;
}

/**
 * The absolute paths of the files that these options name.
 *
 * @throws {MissingError} `FILE_MISSING`
 * @throws {InputError} `OPTION_INVALID` when one is a folder
 */
export async function ledgerFiles({ contributions, usage, accounts, changes }: LedgerFlags, cwd: string) {
  return {
    contributions: await inputFiles('--contributions', contributions, cwd),
    usage: await inputFiles('--usage', usage, cwd),
    accounts: await inputFiles('--accounts', accounts, cwd),
    ...(changes === undefined ? {} : { changes: await inputFile('--changes', changes, cwd) }),
  };
}
