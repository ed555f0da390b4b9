import type { Address } from '../../protocol/brands.ts';
import type { Activity } from '../columns/epoch-columns.ts';
import type { TaskScore } from '../epoch-scores.ts';
import { layActivity } from '../epoch-scores.ts';
import { ACCOUNTS_FILE } from './account-files.ts';
import { accountsPath, prefixOf, shardPath } from './prefix.ts';
import type { ReportFiles } from './report-file.ts';
import type { AccountsFile, Manifest } from './report-schema.ts';
import { accountsPartSchema, accountsSchema, parseReportFile } from './report-schema.ts';

/** The files of a report that hold accounts, in the order of their accounts; one at least. */
export function accountPathsIn({ files }: Pick<Manifest, 'files'>): readonly string[] {
  const parts = Object.keys(files).filter((path) => path.startsWith('accounts/'));
  return parts.length === 0 || Object.hasOwn(files, ACCOUNTS_FILE) ? [ACCOUNTS_FILE] : parts.sort();
}

/** The file in which an account stands if it did something; null where its shard has no leaf. */
export function accountsPathOf(manifest: Pick<Manifest, 'files' | 'prefixBits'>, account: Address): string | null {
  const paths = accountPathsIn(manifest);
  if (paths[0] === ACCOUNTS_FILE) return ACCOUNTS_FILE;
  // Every shard has a part, also where nobody of it did anything: one that is missing is a fault, not a silence.
  const [prefix, bits] = [prefixOf(account, manifest.prefixBits), manifest.prefixBits];
  return Object.hasOwn(manifest.files, shardPath(prefix, bits)) ? accountsPath(prefix, bits) : null;
}

/** What such a file says of a shard without a leaf. */
export function noAccounts({ epoch, record }: Pick<Manifest, 'epoch' | 'record'>): AccountsFile {
  return { epoch, tasks: record.tasks, accounts: [] };
}

/**
 * Reads a file of accounts.
 *
 * @throws InputError `REPORT_INVALID`
 */
export function parseAccounts(path: string, bytes: Uint8Array | undefined): AccountsFile {
  return path === ACCOUNTS_FILE
    ? parseReportFile(accountsSchema, path, bytes)
    : parseReportFile(accountsPartSchema, path, bytes);
}

/**
 * Reads the accounts that did something, one file after the other.
 *
 * @throws InputError `REPORT_INVALID`
 */
export function* readAccounts(files: ReportFiles, manifest: Pick<Manifest, 'files'>): Generator<AccountsFile> {
  for (const path of accountPathsIn(manifest)) yield parseAccounts(path, files.get(path));
}

/**
 * Reads what a report says that everybody scored, and how often they were used, as a settlement needs it.
 *
 * @throws InputError `REPORT_INVALID`, `SCORE_INVALID`
 */
export function readActivity(
  files: ReportFiles,
  manifest: Pick<Manifest, 'files'>,
  tasks: readonly number[],
): Activity {
  const scores: TaskScore[] = [];
  const uses: { account: Address; uses: bigint }[] = [];
  for (const { accounts } of readAccounts(files, manifest)) {
    for (const row of accounts) {
      row.scores.forEach((score, i) => {
        if (score > 0n) scores.push({ account: row.account, task: tasks[i] ?? -1, score });
      });
      uses.push({ account: row.account, uses: row.uses });
    }
  }
  return layActivity(scores, uses, tasks);
}
