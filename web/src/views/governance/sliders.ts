import type { TaskWeight } from '../../../../src/settlement/economy-parameters.ts';
import { formatWad, parseDecimal } from '../../../../src/settlement/preset/decimals.ts';

/** What is set by the sliders. */
export interface Sliders {
  readonly table: readonly TaskWeight[];
  /** The table as it was before the slider that moves began to: proportions are those, however far it goes. */
  readonly basis: readonly TaskWeight[];
  /** Tasks that keep what they have while others move. */
  readonly locked: ReadonlySet<number>;
}

/** A slider has so many steps from 0 to 1. */
export const STEPS = 1000;
const STEP = 10n ** 15n;
const PERCENT_DIGITS = 16;
/** A hundredth of a per cent. */
const PART = 10n ** 14n;
const PLACES = 2;

/** Sliders as they stand before anybody moves one. */
export function startingFrom(table: readonly TaskWeight[]): Sliders {
  return { table, basis: table, locked: new Set() };
}

export function sameWeights(one: readonly TaskWeight[], other: readonly TaskWeight[]): boolean {
  const weights = new Map(other.map(({ task, weight }) => [task, weight]));
  return one.length === other.length && one.every(({ task, weight }) => weights.get(task) === weight);
}

/** The step of a slider that is nearest to a weight. */
export function stepOf(weight: bigint): number {
  return Number((weight + STEP / 2n) / STEP);
}

/** The weight of a step. */
export function weightOf(step: number): bigint {
  return BigInt(step) * STEP;
}

/**
 * A weight in per cent, for a field: cut to two places.
 *
 * @example
 * percentText(333_333_333_333_333_333n) // '33.33'
 */
export function percentText(weight: bigint): string {
  const [whole = '', fraction = ''] = formatWad(weight * 100n).split('.');
  const shown = fraction.slice(0, PLACES).replace(/0+$/, '');
  return shown === '' ? whole : `${whole}.${shown}`;
}

/**
 * The weights of a table in per cent, to two places, so that what is read sums to 100 as well: what cutting off leaves goes to those of
 * which it cut the most.
 *
 * @example
 * // three thirds, of which the last has what is left: 33.33, 33.33 and 33.34
 */
export function percentTexts(table: readonly TaskWeight[]): ReadonlyMap<number, string> {
  const cut = table.map(({ task, weight }) => ({ task, parts: weight / PART, rest: weight % PART }));
  const missing = cut.reduce((sum, { rest }) => sum + rest, 0n) / PART;
  const first = cut
    .toSorted((a, b) => (a.rest > b.rest ? -1 : a.rest < b.rest ? 1 : a.task - b.task))
    .slice(0, Number(missing));
  const raised = new Set(first.map(({ task }) => task));
  return new Map(cut.map(({ task, parts }) => [task, percentText((parts + (raised.has(task) ? 1n : 0n)) * PART)]));
}

/** A weight from a number of per cent; null for what is none. A comma is taken for a point. */
export function readPercent(text: string): bigint | null {
  return parseDecimal(text.trim().replace(',', '.'), PERCENT_DIGITS) ?? null;
}
