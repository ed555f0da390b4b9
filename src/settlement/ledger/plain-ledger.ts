import { buildLedger } from './build-ledger.ts';
import type { Ledger, LedgerFiles } from './build-ledger.ts';
import { AFTER_ALL_TIMES } from './parse-time.ts';

/**
 * Judges every row of a ledger by the rules that hold for all of them, whatever the preset: each task counts, under its own
 * name, with any measure, at any time.
 *
 * @param forbidden addresses in lower case that can never earn; without it the contracts of no deployment are known
 * @throws {InvariantError} `LEDGER_COUNTS`
 */
export function buildPlainLedger(files: LedgerFiles, forbidden: ReadonlySet<string> = new Set()): Ledger {
  const tasks = files.contributions.flatMap(({ rows }) =>
    rows.flatMap((row) => ('fields' in row ? [row.fields.get('task') ?? ''] : [])),
  );
  const taskMap = new Map(tasks.map((task) => [task, task]));
  return buildLedger(files, { forbidden, taskMap, range: { start: 0, end: AFTER_ALL_TIMES } });
}
