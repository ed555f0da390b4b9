import { emittedBy } from '../protocol/emission-curve.ts';
import { mulDivDown, WAD } from '../protocol/fixed-point.ts';
import type { Reasons } from '../protocol/settlement-math.ts';
import { roll, totalOf, unlockedAt } from '../protocol/vesting-curve.ts';
import type { EconomyParameters } from '../settlement/economy-parameters.ts';
import { closeEpoch } from '../settlement/economy.ts';
import type { EpochFunds } from '../settlement/epoch-outcome.ts';
import { epochOutcome, fundsFrom } from '../settlement/epoch-outcome.ts';
import type { Totals } from '../settlement/next-totals.ts';
import { nextTotals } from '../settlement/next-totals.ts';
import { GENESIS } from '../settlement/state.ts';
import { spreadByWeights } from './spread.ts';

/** What is assumed about the world: who takes part, what a token costs, what pools pay into the reserve. */
export interface World {
  /** People who take part, per epoch from epoch 0 on; as many epochs are simulated as there are entries. */
  readonly people: readonly number[];
  /** The average price per epoch (wad), aligned to `people`; 0 is neutral. */
  readonly prices: readonly bigint[];
  /** What a pool pays into the reserve while an epoch runs (wei), by epoch; it joins S when that epoch becomes final. */
  readonly deposits?: ReadonlyMap<number, bigint>;
}

/** One simulated epoch after it is final. Amounts in wei, times in unix seconds. */
export interface SimulatedEpoch {
  readonly epoch: number;
  readonly start: number;
  readonly end: number;
  readonly people: number;
  /** n_i, aligned to the tasks. */
  readonly participants: readonly number[];
  readonly price: bigint;
  /** R. */
  readonly budget: bigint;
  readonly payout: bigint;
  readonly granted: bigint;
  readonly minersGranted: bigint;
  readonly foundationGranted: bigint;
  readonly withheld: bigint;
  readonly injected: bigint;
  readonly deposited: bigint;
  readonly reasons: Reasons;
  /** Why nobody was paid although people took part; null when somebody was, or nobody took part. */
  readonly unpaid: Unpaid | null;
  /** S afterwards. */
  readonly reserve: bigint;
  /** What the curve has emitted by the epoch's end. */
  readonly emitted: bigint;
  /** Of everything granted so far, what is free at the epoch's end, and what is not. */
  readonly unlocked: bigint;
  readonly locked: bigint;
  /** What a person earns on average, rounded down; 0 without people. */
  readonly perMiner: bigint;
  /** The same times the price, in wad; 0 without a price. */
  readonly valuePerMiner: bigint;
}

/**
 * Why an epoch pays nothing: the law's factor is 0 or below; there is nothing to pay, since the curve emits nothing and nothing
 * comes back from the reserve; or what there is comes to less than a wei for anybody.
 */
export type Unpaid = 'law' | 'empty' | 'rounding';

/** What the output of every simulation says about how people work. */
export const ASSUMPTION =
  'each participant works in one task, people spread over the tasks by their weights, and all scores in a task are equal';

/**
 * Runs an economy epoch by epoch with the arithmetic of the settlement engine, which is that of the contracts to the wei:
 * only who takes part and at what price is assumed ({@link ASSUMPTION}). Goes on after the end of the curve for as long as the
 * world does: what the reserve holds still comes back.
 */
export function* simulate(economy: EconomyParameters, world: World): Generator<SimulatedEpoch> {
  let totals: Totals = GENESIS;
  const curve = { start: economy.start, periods: economy.curve };
  for (const [epoch, people] of world.people.entries()) {
    const price = world.prices[epoch] ?? 0n;
    const deposited = world.deposits?.get(epoch) ?? 0n;
    const record = closeEpoch(economy, epoch, price);
    const participants = spreadByWeights(people, record.weights);
    // A score at the minimum is the least that makes a participant; with equal scores its size changes nothing.
    const scoreTotals = record.minScores.map((score, i) => score * BigInt(participants[i] ?? 0));
    const funds = fundsFrom(record, totals.reserve, participants, scoreTotals);
    const parent = { ...totals, pending: totals.pending + deposited };
    const outcome = epochOutcome(record, parent, funds, grantsInAll(funds, record.minScores));
    const idle = roll(parent.totalCurve, record.end).cohorts.map(() => 0n);
    totals = nextTotals(parent, record, { accelerated: idle }, outcome);
    const unlocked = unlockedAt(totals.totalCurve, record.end);
    const perMiner = people === 0 ? 0n : outcome.minersGranted / BigInt(people);
    yield {
      epoch,
      start: record.start,
      end: record.end,
      people,
      participants,
      price,
      budget: outcome.budget,
      payout: outcome.payout,
      granted: outcome.granted,
      minersGranted: outcome.minersGranted,
      foundationGranted: outcome.foundationGranted,
      withheld: outcome.withheld,
      injected: outcome.injected,
      deposited,
      reasons: outcome.reasons,
      unpaid: people === 0 || outcome.granted > 0n ? null : unpaidBecause(funds.quote),
      reserve: totals.reserve,
      emitted: emittedBy(curve, record.end),
      unlocked,
      locked: totalOf(totals.totalCurve) - unlocked,
      perMiner,
      valuePerMiner: mulDivDown(perMiner, price, WAD),
    };
  }
}

function unpaidBecause({ base, ceiling, factor }: EpochFunds['quote']): Unpaid {
  if (base === 0n || ceiling === 0n) return 'empty';
  return factor <= 0n ? 'law' : 'rounding';
}

/** g: what all participants of all tasks earn, each by the engine's own formula, cap included. */
function grantsInAll(funds: Omit<EpochFunds, 'distinct'>, scores: readonly bigint[]): bigint {
  return funds.participants.reduce((sum, count, task) => {
    if (count === 0) return sum;
    const { grant } = funds.grantsOf(scores.map((score, i) => (i === task ? score : 0n)));
    return sum + grant * BigInt(count);
  }, 0n);
}

/** The same economy without a reserve that steers: each epoch pays out its budget, and nothing comes back. */
export function withoutReserve(economy: EconomyParameters): EconomyParameters {
  const reserve = economy.reserve.map(({ from, value }) => ({ from, value: { ...value, hasLaw: false, rho: 0n } }));
  return { ...economy, reserve };
}
