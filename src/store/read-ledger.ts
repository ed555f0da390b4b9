import { buildLedger } from '../settlement/ledger/build-ledger.ts';
import type { Ledger, LedgerFiles, LedgerRules, RawFile } from '../settlement/ledger/build-ledger.ts';
import {
  ACCOUNT_COLUMNS,
  CONTRIBUTION_COLUMNS,
  PRICE_COLUMNS,
  USAGE_COLUMNS,
} from '../settlement/ledger/parse-fields.ts';
import type { Columns } from '../settlement/ledger/parse-fields.ts';
import { fileName, readRows } from './read-rows.ts';
import type { LedgerFile } from './read-rows.ts';

/** The files of a ledger, in any order. */
export interface LedgerPaths {
  readonly contributions: readonly LedgerFile[];
  readonly usage?: readonly LedgerFile[];
  readonly accounts?: readonly LedgerFile[];
  readonly prices?: readonly LedgerFile[];
}

/**
 * Reads the files of a ledger and judges every row. What is wrong with rows and files is in the result; `checkRejects`
 * decides whether it is too much.
 *
 * @throws {InputError} `FILE_UNREADABLE`
 */
export async function readLedger(paths: LedgerPaths, rules: LedgerRules): Promise<Ledger> {
  return buildLedger(await readLedgerFiles(paths), rules);
}

/**
 * Every row of the files of a ledger, not judged yet.
 *
 * @throws {InputError} `FILE_UNREADABLE`
 */
export async function readLedgerFiles(paths: LedgerPaths): Promise<LedgerFiles> {
  return {
    contributions: await readFiles(paths.contributions, CONTRIBUTION_COLUMNS),
    usage: await readFiles(paths.usage ?? [], USAGE_COLUMNS),
    accounts: await readFiles(paths.accounts ?? [], ACCOUNT_COLUMNS),
    prices: await readFiles(paths.prices ?? [], PRICE_COLUMNS),
  };
}

async function readFiles(files: readonly LedgerFile[], columns: Columns): Promise<RawFile[]> {
  const read: RawFile[] = [];
  for (const file of files) read.push({ file: fileName(file), rows: await readRows(file, columns) });
  return read;
}
