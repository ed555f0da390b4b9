import { expOf } from '../../src/simulation/monte-carlo/exp.ts';
import type { Chances } from '../../src/simulation/monte-carlo/draw-path.ts';
import { errorBound } from '../../src/simulation/monte-carlo/error-bound.ts';
import type { PathPlan } from '../../src/simulation/monte-carlo/path-plan.ts';
import type { Figure, Path } from '../../src/simulation/monte-carlo/run-path.ts';
import { FIGURES, runPath, scratchFor } from '../../src/simulation/monte-carlo/run-path.ts';
import type { EconomyParameters } from '../../src/settlement/economy-parameters.ts';
import { simulate } from '../../src/simulation/simulate.ts';

/** What `lode simulate --paths` draws when nothing else is said. */
export const CHANCES: Chances = { volatility: 0.8, drift: 0, crowdVolatility: 0.4, shocks: 0.2 };

/** Every epoch of a path in doubles, by the name of its figure. */
export function inDoubles(plan: PathPlan, path: Path): readonly Readonly<Record<Figure, number>>[] {
  const out = new Float64Array(plan.epochs * FIGURES.length);
  const all = Array.from({ length: plan.epochs }, (_, epoch) => epoch);
  runPath(plan, path, all, out, 0, scratchFor(plan));
  return all.map(
    (epoch) =>
      Object.fromEntries(FIGURES.map((name, i) => [name, out[epoch * FIGURES.length + i]])) as Record<Figure, number>,
  );
}

/** The price (wad) that the exact simulation is given for a logarithm. */
export function priceOf(logarithm: number): bigint {
  return BigInt(Math.round(expOf(logarithm) * 1e18));
}

/** How far two runs of a path are apart, each as a part of what is allowed (at most 1), and of everything there is. */
export interface Apart {
  readonly ofBound: number;
  readonly ofAll: number;
  readonly relative: number;
}

/** Runs a path in doubles and exactly, and compares every figure of every epoch. `circulating` is the exact one besides what is unlocked. */
export function apart(
  economy: EconomyParameters,
  plan: PathPlan,
  path: Path,
  deposits: ReadonlyMap<number, bigint> = new Map(),
): Apart {
  const people = [...path.people];
  const prices = Array.from(path.logPrice, priceOf);
  const positive = prices.filter((price) => price > 0n).map(Number);
  const lowestPrice = Math.min(1, positive.reduce((least, price) => Math.min(least, price), 1e18) / 1e18);
  const bound = errorBound(plan, { people: Math.max(...people), lowestPrice });
  const doubles = inDoubles(plan, path);
  let [ofBound, ofAll, total] = [0, 0, 0n];
  for (const exact of simulate(economy, { people, prices, deposits })) {
    const epoch = exact.epoch;
    const figures = doubles[epoch]!;
    total += exact.budget + exact.deposited;
    const compare = (given: number, wanted: bigint, allowed: number): void => {
      const off = Math.abs(Number(BigInt(Math.round(given * 1e18)) - wanted)) / 1e18;
      ofBound = Math.max(ofBound, off / allowed);
      ofAll = Math.max(ofAll, off / (Number(total) / 1e18));
    };
    const [flows, release] = [bound.flows[epoch]!, bound.release[epoch]!];
    for (const figure of ['granted', 'withheld', 'injected', 'reserve'] as const)
      compare(figures[figure], exact[figure], flows);
    compare(figures.locked, exact.locked, release);
    compare(figures.circulating - plan.circulating[epoch]!, exact.unlocked, release);
    if (exact.people > 0) {
      // A miner's part of what the epoch may be off by, a few roundings, and the wei that the exact side rounds down twice.
      const worth = Number(exact.price) / 1e18;
      const allowed = (flows / exact.people) * worth + 16 * 2 ** -53 * figures.valuePerMiner + 3e-18 * (1 + worth);
      compare(figures.valuePerMiner, exact.valuePerMiner, allowed);
    }
  }
  return { ofBound, ofAll, relative: bound.relative };
}
