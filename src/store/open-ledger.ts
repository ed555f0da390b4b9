import { columnsOf } from '../settlement/columns/columns-of.ts';
import type { EpochColumns } from '../settlement/columns/epoch-columns.ts';
import type { Ledger, LedgerRules } from '../settlement/ledger/build-ledger.ts';
import { columnNames, hasMeasureCaps } from '../settlement/policy/policy-at.ts';
import { columnTimes, readLedgerColumns } from './columns/read-ledger-columns.ts';
import { scoreColumns } from './columns/score-columns.ts';
import { scoreEpochs } from './duckdb-scoring.ts';
import type { LedgerPaths } from './read-ledger.ts';
import { readLedger } from './read-ledger.ts';
import type { ScoringRange } from './scoring-tables.ts';

/** What became of a ledger's rows; those of the contributions may stand in a database. */
export type JudgedLedger = Omit<Ledger, 'contributions' | 'outOfRange'>;

/** The epochs that are scored, half-open. */
export type Epochs = Pick<ScoringRange, 'fromEpoch' | 'toEpoch'>;

/** A ledger that has been read, to be scored and then closed. */
export interface OpenLedger {
  readonly judged: JudgedLedger;
  /** Contributions that count. */
  readonly rows: number;
  /** The scores of one epoch after the other, one range at a time. */
  readonly scores: (epochs: Epochs) => AsyncGenerator<EpochColumns>;
  /** The whole ledger, where it was read row by row. */
  readonly whole: Ledger | null;
  readonly close: () => void;
}

/** By which rules, and by what, any epochs are scored. */
export type LedgerScoring = Omit<ScoringRange, 'fromEpoch' | 'toEpoch'>;

/** How a ledger is read and scored. */
export interface OpenLedgerOptions {
  readonly rules: LedgerRules;
  readonly scoring: LedgerScoring;
  /** Whether the rows themselves are needed. */
  readonly whole?: boolean;
}

/**
 * Reads a ledger and judges every row: contributions that are all in Parquet files as numbers in a database, without an object for each of
 * them, any others row by row. The result is the same.
 *
 * @throws {InputError} `FILE_UNREADABLE`
 */
export async function openLedger(
  paths: LedgerPaths,
  { rules, scoring, whole = false }: OpenLedgerOptions,
): Promise<OpenLedger> {
  const { policy, tasks } = scoring;
  const more = { tasks, columns: columnNames(policy), ordered: hasMeasureCaps(policy) };
  const columns = whole ? null : await readLedgerColumns(paths, { ...rules, ...more });
  if (columns !== null) {
    const { judged, rows, close } = columns;
    const scores = (epochs: Epochs) => scoreColumns({ ...scoring, ...epochs, ledger: columns });
    return { judged, rows, scores, whole: null, close };
  }
  const ledger = await readLedger(paths, rules);
  const scores = async function* (epochs: Epochs): AsyncGenerator<EpochColumns> {
    for (const epoch of await scoreEpochs({ ...scoring, ...epochs, ledger })) yield columnsOf(epoch);
  };
  return { judged: ledger, rows: ledger.contributions.length, scores, whole: ledger, close: () => undefined };
}

/** When the first and the last contribution that counts were made, in seconds since 1970; null where none counts. */
export interface LedgerTimes {
  readonly first: number | null;
  readonly last: number | null;
  readonly judged: JudgedLedger;
}

/**
 * From when to when a ledger goes.
 *
 * @throws {InputError} `FILE_UNREADABLE`
 */
export async function ledgerTimes(paths: LedgerPaths, rules: LedgerRules): Promise<LedgerTimes> {
  const columns = await readLedgerColumns(paths, { ...rules, tasks: [], columns: [], ordered: false });
  if (columns !== null) {
    try {
      return { ...(await columnTimes(columns)), judged: columns.judged };
    } finally {
      columns.close();
    }
  }
  const ledger = await readLedger(paths, rules);
  return {
    first: ledger.contributions[0]?.time ?? null,
    last: ledger.contributions.at(-1)?.time ?? null,
    judged: ledger,
  };
}
