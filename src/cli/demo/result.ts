import type { EpochNoun } from './plans.ts';
import type { Counts } from '../../settlement/ledger/rows.ts';
import type { Check } from './check.ts';
import type { DemoFolder } from './demo-folder.ts';

/** One epoch as it went on the chain; amounts in wei. */
export interface DemoEpoch {
  readonly epoch: number;
  readonly start: number;
  readonly end: number;
  readonly price: bigint;
  /** Accounts that reached the minimum score of at least one task. */
  readonly participants: number;
  readonly leafCount: number;
  readonly budget: bigint;
  readonly payout: bigint;
  /** The foundation's part included. */
  readonly granted: bigint;
  readonly foundation: bigint;
  readonly withheld: bigint;
  readonly injected: bigint;
  /** What a pool had paid in, and this epoch added to S. */
  readonly deposited: bigint;
  /** S after the epoch. */
  readonly reserve: bigint;
  readonly root: string;
  /** Of the token, once the epoch was final. */
  readonly supply: bigint;
  /** Of everything granted, what was free once the epoch was final. */
  readonly unlocked: bigint;
  /** Of everything granted, what had been claimed once the epoch was final. */
  readonly claimed: bigint;
}

/** One account at the end; amounts in wei. */
export interface DemoMiner {
  readonly account: string;
  readonly earned: bigint;
  readonly unlocked: bigint;
  readonly claimed: bigint;
}

/** What a step costs, over all the times it was done. */
export interface GasFigure {
  readonly step: string;
  readonly count: number;
  readonly lowest: bigint;
  readonly median: bigint;
  readonly highest: bigint;
}

/** Something that happened along the way and is worth telling. */
export interface DemoEvent {
  readonly epoch: number;
  readonly text: string;
}

/** Everything that the demo did and found. */
export interface DemoResult {
  readonly preset: string;
  readonly variant: string | null;
  /** How long an epoch is. */
  readonly epochNoun: EpochNoun;
  readonly symbol: string;
  readonly from: number;
  readonly seed: number;
  /** 0: the preset has no law of participation and price. */
  readonly priceReference: bigint;
  /** Every row that was read is in exactly one of these. */
  readonly ledger: Counts;
  readonly epochs: readonly DemoEpoch[];
  readonly events: readonly DemoEvent[];
  readonly totals: {
    readonly supply: bigint;
    /** What there was before the first epoch. */
    readonly genesis: bigint;
    readonly emitted: bigint;
    readonly budget: bigint;
    readonly granted: bigint;
    /** Of what was granted, the foundation's. */
    readonly foundation: bigint;
    readonly withheld: bigint;
    readonly injected: bigint;
    readonly deposited: bigint;
    readonly reserve: bigint;
    readonly unlocked: bigint;
    readonly claimed: bigint;
    readonly accounts: number;
  };
  readonly miners: readonly DemoMiner[];
  readonly gas: readonly GasFigure[];
  readonly checks: readonly Check[];
  /** Whether every check held. */
  readonly held: boolean;
  readonly files: DemoFolder;
  readonly seconds: number;
}
