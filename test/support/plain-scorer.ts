import type { Address } from '../../src/protocol/brands.ts';
import type { Contribution, Usage } from '../../src/settlement/ledger/rows.ts';

/** Rules as a test writes them down, in whole numbers: points in millionths, caps in units and in millionths of a point. */
export interface PlainMeasure {
  readonly points: bigint;
  readonly dailyCap?: bigint | undefined;
}

export interface PlainTask {
  readonly dailyCap?: bigint | undefined;
  readonly measures: Readonly<Record<string, PlainMeasure>>;
}

export interface PlainScoring {
  readonly contributions: readonly Contribution[];
  readonly usage: readonly Usage[];
  /** The rules of an epoch, by the protocol's task name. */
  readonly rulesAt: (epoch: number) => Readonly<Record<string, PlainTask>>;
  readonly decimals: number;
  readonly taskMap: ReadonlyMap<string, string>;
  readonly taskIds: ReadonlyMap<string, number>;
  readonly clock: { readonly start: number; readonly length: number };
}

/**
 * Scores one epoch by hand: no SQL, no cleverness, one account, task and day after the other. It exists to check the
 * engine, so it shares nothing with it.
 */
export function plainScores(
  scoring: PlainScoring,
  epoch: number,
): { scores: { account: Address; task: number; score: bigint }[]; uses: { account: Address; uses: bigint }[] } {
  const { clock, taskMap, taskIds, decimals } = scoring;
  const start = clock.start + epoch * clock.length;
  const inEpoch = ({ time }: { time: number }) => time >= start && time < start + clock.length;
  const rows = scoring.contributions.filter(inEpoch);
  const rules = scoring.rulesAt(epoch);
  const accounts = [...new Set([...rows, ...scoring.usage.filter(inEpoch)].map(({ account }) => account))].sort();
  const scores: { account: Address; task: number; score: bigint }[] = [];
  const uses: { account: Address; uses: bigint }[] = [];
  for (const account of accounts) {
    for (const [name, task] of [...taskIds].sort(([, a], [, b]) => a - b)) {
      const mine = rows.filter((row) => row.account === account && taskMap.get(row.task) === name);
      let points = 0n;
      for (const day of new Set(mine.map(dayOf))) {
        const today = mine.filter((row) => dayOf(row) === day);
        points += least(dayPoints(today, rules[name]), rules[name]?.dailyCap);
      }
      const score = points / 10n ** BigInt(6 - decimals);
      if (score > 0n) scores.push({ account, task, score });
    }
    const count = scoring.usage.filter((use) => inEpoch(use) && use.account === account).length;
    if (count > 0) uses.push({ account, uses: BigInt(count) });
  }
  return { scores, uses };
}

function dayPoints(rows: readonly Contribution[], task: PlainTask | undefined): bigint {
  let points = 0n;
  for (const [measure, rule] of Object.entries(task?.measures ?? {})) {
    let units = 0n;
    for (const row of rows) if (row.measure === measure) units += row.units;
    points += least(units, rule.dailyCap) * rule.points;
  }
  return points;
}

function dayOf({ time }: { time: number }): number {
  return Math.floor(time / 86_400);
}

function least(value: bigint, cap: bigint | undefined): bigint {
  return cap === undefined || value < cap ? value : cap;
}
