import type { EpochRow } from '../epoch/epoch-bench.ts';
import type { PathsMeasured } from '../paths/bench.ts';
import type { ScoringRow } from '../scoring/scoring-bench.ts';
import type { HashRow, TreeRow } from '../tree/tree-bench.ts';

/** What `snapshots/benchmarks.json` holds: everything that was measured in one run on one machine. */
export interface BenchFigures {
  /** Processor, cores, memory and Node. */
  readonly machine: string;
  readonly tree: readonly (TreeRow | HashRow)[];
  /** Epochs of two rows for each account, and one of ten. */
  readonly epochs: readonly EpochRow[];
  readonly scoring: readonly ScoringRow[];
  readonly paths: PathsMeasured;
}

/** Something that was promised, and what was seen. */
export interface Target {
  readonly what: string;
  readonly asked: string;
  readonly seen: string;
  readonly ok: boolean;
}

/** Rows for each account of the epochs whose growth is looked at. */
export const GROWTH_ROWS = 2;

/** The epochs of {@link GROWTH_ROWS} rows for each account, by rising number of accounts. */
export function growing(epochs: readonly EpochRow[]): readonly EpochRow[] {
  return epochs.filter(({ rows, accounts }) => rows === accounts * GROWTH_ROWS).sort((a, b) => a.accounts - b.accounts);
}

/** Everything promised, beside what was seen. What was not measured is missed. */
export function targetsOf({ tree, epochs, scoring, paths }: BenchFigures): readonly Target[] {
  const trees = tree.filter((row): row is TreeRow => row.kind === 'tree');
  const of = (name: string, leaves: number, input = 'values') =>
    trees.find((row) => row.name.startsWith(name) && row.leaves === leaves && row.input === input);
  const million = of('@openzeppelin', 1_000_000);
  const many = of('@openzeppelin', 100_000);
  const noble = of('merkletreejs with @noble', 100_000, 'packed');
  const packed = of('lode', 10_000_000, 'packed');
  const browser = trees.find((row) => row.name.includes('browser') && row.leaves === 1_000_000);
  const epoch = (rows: number, accounts: number) =>
    epochs.find((row) => row.rows === rows && row.accounts === accounts);
  const [usual, large] = [epoch(10_000_000, 1_000_000), epoch(20_000_000, 10_000_000)];
  const [first, ...others] = growing(epochs).slice(1);
  const dearest = Math.max(...others.map(({ microsecondsPerAccount }) => microsecondsPerAccount));
  const growth = first === undefined || others.length === 0 ? undefined : dearest / first.microsecondsPerAccount;
  const score = (what: string) => scoring.find((row) => row.what === what);
  const long = paths.rows.find((row) => row.what.includes('threads'));
  const atLeast = (what: string, asked: number, seen: number | undefined): Target =>
    judged(what, `≥ ${asked}×`, seen === undefined ? undefined : `${seen.toFixed(1)}×`, (seen ?? 0) >= asked);
  const atMost = (what: string, asked: number, unit: string, seen: number | undefined, digits = 1): Target =>
    judged(
      what,
      `≤ ${asked} ${unit}`.trimEnd(),
      seen === undefined ? undefined : `${seen.toFixed(digits)} ${unit}`.trimEnd(),
      (seen ?? Infinity) <= asked,
    );
  const inverse = (ratio: number | null | undefined): number | undefined =>
    ratio === null || ratio === undefined ? undefined : 1 / ratio;
  return [
    atLeast('tree of 1 M leaves, faster than OpenZeppelin’s', 75, million?.times),
    atMost('its memory beside OpenZeppelin’s', 0.25, '×', inverse(million?.timesMemory), 2),
    atLeast('tree of 100 k leaves, faster than OpenZeppelin’s', 70, many?.times),
    atLeast('tree of 100 k leaves, faster than merkletreejs with the hash that ethers uses', 8, noble?.times),
    atMost('tree of 10 M leaves from packed bytes', 15, 's', seconds(packed?.milliseconds)),
    atMost('its memory', 2.5, 'GB', gigabytes(packed?.peakBytes), 2),
    atMost('epoch of 10 M rows and 1 M accounts', 60, 's', usual?.seconds),
    atMost('its memory', 4, 'GB', gigabytes(usual?.peakBytes), 2),
    atMost('epoch of 20 M rows and 10 M accounts', 8, 'min', large === undefined ? undefined : large.seconds / 60),
    atMost('its memory', 14, 'GB', gigabytes(large?.peakBytes), 2),
    atMost('processor time for an account, dearest beside that of 100 k accounts', 1.5, '×', growth, 2),
    atMost('scoring in whole numbers beside floats, plain sums', 1.25, '×', score('plain sums')?.ratio, 2),
    atMost('scoring in whole numbers beside floats, full policy', 1.5, '×', score('full policy')?.ratio, 2),
    atMost('1,000 paths of 20 years of days', 30, 's', long?.paths === 1000 ? long.seconds : undefined),
    atMost('tree of 1 M leaves in a browser’s worker', 10, 's', seconds(browser?.milliseconds)),
  ];
}

/** What the steps of the largest epoch took, as `docs/scale.md` has them. */
export function stepsOf({ tree, epochs }: BenchFigures): readonly unknown[] {
  const largest = epochs.reduce<EpochRow | undefined>(
    (most, row) => (most === undefined || row.rows > most.rows ? row : most),
    undefined,
  );
  if (largest === undefined) return tree;
  const { rows, accounts, milliseconds } = largest;
  const step = (name: string, of: 'rows' | 'accounts', count: number, took: number) => {
    return { kind: 'step', step: name, of, count, seconds: took / 1000, bench: 'epoch' };
  };
  return [
    ...tree,
    step('read a ledger (Parquet) into tables', 'rows', rows, milliseconds.ledger),
    step('settle: scores to allocations and totals', 'accounts', accounts, milliseconds.settlement),
    step('report with all proof shards', 'accounts', accounts, milliseconds.report),
  ];
}

function judged(what: string, asked: string, seen: string | undefined, ok: boolean): Target {
  return { what, asked, seen: seen ?? 'not measured', ok };
}

function seconds(milliseconds: number | undefined): number | undefined {
  return milliseconds === undefined ? undefined : milliseconds / 1000;
}

function gigabytes(bytes: number | null | undefined): number | undefined {
  return bytes === undefined || bytes === null ? undefined : bytes / 1e9;
}
