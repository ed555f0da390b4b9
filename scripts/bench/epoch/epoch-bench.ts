import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { benchLedger } from '../ledger/bench-ledger.ts';
import type { LedgerSize } from '../ledger/bench-ledger.ts';
import type { CaseResult } from './case.ts';

const CASE = fileURLToPath(new URL('case.ts', import.meta.url));

/** A whole epoch, from a Parquet file to a report with every proof shard. */
export interface EpochRow extends LedgerSize, CaseResult {
  readonly seconds: number;
  /** Processor time for each account. */
  readonly microsecondsPerAccount: number;
  readonly bytesPerAccount: number;
}

/** Settles epochs of these sizes, one after the other, each in a process of its own. */
export async function epochBench(
  sizes: readonly LedgerSize[],
  tell: (what: string) => void,
): Promise<readonly EpochRow[]> {
  const rows: EpochRow[] = [];
  for (const size of sizes) {
    tell(`an epoch of ${size.rows} contributions by ${size.accounts} accounts`);
    await benchLedger(size);
    const options = ['--import', 'tsx', CASE, String(size.rows), String(size.accounts)];
    const { stdout } = await promisify(execFile)(process.execPath, options, { maxBuffer: 1 << 20 });
    const result = JSON.parse(stdout) as CaseResult;
    const { milliseconds } = result;
    rows.push({
      ...size,
      ...result,
      seconds: Object.values(milliseconds).reduce((sum, part) => sum + part, 0) / 1000,
      microsecondsPerAccount: (result.processorMilliseconds * 1000) / size.accounts,
      bytesPerAccount: result.peakBytes / size.accounts,
    });
  }
  return rows;
}

/** How much faster than the accounts the processor time grows, from the first row to the last: 1 is linear. */
export function growthOf(rows: readonly EpochRow[]): number {
  const [first, last] = [rows[0], rows.at(-1)];
  if (first === undefined || last === undefined || first.accounts === last.accounts) return 1;
  return Math.log(last.processorMilliseconds / first.processorMilliseconds) / Math.log(last.accounts / first.accounts);
}
