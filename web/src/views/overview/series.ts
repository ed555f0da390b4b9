import { emittedBy } from '../../../../src/protocol/emission-curve.ts';
import { WAD } from '../../../../src/protocol/fixed-point.ts';
import { inUnits } from '../../../../src/simulation/statistics.ts';
import type { HistoryEpoch } from '../../data/final-history.ts';
import type { Terms } from '../../data/terms.ts';

/** A moment and an amount, as numbers for a picture. */
export interface Point {
  readonly time: Date;
  readonly amount: number;
}

/** More points than this are closer than pixels. */
const MOST_POINTS = 400;

/** What will exist by when: genesis, and on top of it what the curve emits. */
export function emissionLine({ curve, genesis }: Terms): Point[] {
  const points = curve.periods.map(({ end, cumulative }) => point(end, genesis + cumulative));
  return [point(curve.start, genesis), ...thinned(points)];
}

/** What exists: an epoch is minted when it becomes final, and counts here from its end. */
export function mintedLine(epochs: readonly HistoryEpoch[], { curve, genesis }: Terms): Point[] {
  let minted = genesis;
  const points = epochs.map(({ record }) => {
    minted += record.budget;
    return point(record.end, minted);
  });
  return [point(curve.start, genesis), ...thinned(points)];
}

/** Genesis, and what the curve has emitted by `time`: what exists once every epoch until then is final, in wei. */
export function plannedBy({ curve, genesis }: Terms, time: number): bigint {
  return genesis + emittedBy(curve, time);
}

/** People per epoch and task. */
export interface PeopleBar {
  readonly epoch: number;
  readonly task: string;
  readonly people: number;
}

/** How many took part in each task of each epoch; who works at two tasks counts at both. */
export function peopleBars(epochs: readonly HistoryEpoch[], names: ReadonlyMap<number, string>): PeopleBar[] {
  return epochs.flatMap(({ record, final }) =>
    record.tasks.map((task, at) => ({
      epoch: record.epoch,
      task: names.get(task) ?? `task ${task}`,
      people: final.settlement.participants[at] ?? 0,
    })),
  );
}

/** A figure of an epoch; null where the epoch has none. */
export interface EpochFigure {
  readonly epoch: number;
  readonly value: number | null;
}

/** The price that each epoch was settled with; null where there was none. */
export function priceLine(epochs: readonly HistoryEpoch[]): EpochFigure[] {
  return epochs.map(({ record: { epoch, price } }) => ({ epoch, value: price === 0n ? null : inUnits(price) }));
}

/** What was granted, as a part of each epoch's budget; null where there was no budget. */
export function grantedLine(epochs: readonly HistoryEpoch[]): EpochFigure[] {
  return epochs.map(({ final: { epoch, granted, budget } }) => ({
    epoch,
    value: budget === 0n ? null : inUnits((granted * WAD) / budget),
  }));
}

/** What participation and price made of each epoch's budget: 1 leaves it as it is. */
export function factorLine(epochs: readonly HistoryEpoch[]): EpochFigure[] {
  return epochs.map(({ record: { epoch }, quote }) => ({ epoch, value: inUnits(quote.factor) }));
}

/**
 * At most `most` of some things in their order, evenly, the last one among them.
 *
 * @example
 * thinned([1, 2, 3, 4, 5, 6], 3) // [2, 4, 6]
 */
export function thinned<T>(things: readonly T[], most = MOST_POINTS): T[] {
  const every = Math.ceil(things.length / most);
  return things.filter((_, at) => (things.length - 1 - at) % every === 0);
}

function point(time: number, wei: bigint): Point {
  return { time: new Date(time * 1000), amount: inUnits(wei) };
}
