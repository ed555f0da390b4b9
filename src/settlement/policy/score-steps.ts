import type { Address } from '../../protocol/brands.ts';
import type { Contribution } from '../ledger/rows.ts';

/** Why an account cannot score in an epoch: the first of the policy's conditions that it does not meet. */
export type IneligibleReason = 'not-listed' | 'badge-missing' | 'too-young';

/** What the ledger says about one epoch: everything that a settlement needs of it. */
export interface EpochScores {
  readonly epoch: number;
  /** Scores above zero, by account, then by task. */
  readonly scores: readonly { readonly account: Address; readonly task: number; readonly score: bigint }[];
  /** How often each account's contributions were used, by account. */
  readonly uses: readonly { readonly account: Address; readonly uses: bigint }[];
  /** Who would have scored if the policy let them, by account. */
  readonly ineligible: readonly { readonly account: Address; readonly reason: IneligibleReason }[];
}

/**
 * One factor: `x · numerator / denominator`. Points are rounded down after each factor of a row or an epoch, and once after
 * all factors of a day.
 */
export interface FactorStep {
  readonly kind: 'quality' | 'scarcity' | 'measured' | 'streak' | 'badges' | 'consistency' | 'loyalty';
  /** The attribute (quality, scarcity) or the measure (measured). */
  readonly name?: string;
  readonly numerator: bigint;
  readonly denominator: bigint;
  /** Scarcity: rows of the window with this value. Consistency and loyalty: active epochs. */
  readonly count?: bigint;
  /** Scarcity: all rows of the window that have the attribute. Consistency and loyalty: epochs that are looked at. */
  readonly of?: bigint;
  /** Scarcity: false where the row's value is not on the list of those that can be rare. */
  readonly isListed?: false;
  /** Badges: those that are held. */
  readonly held?: readonly string[];
}

/** What a row came to. Points in millionths. */
export interface RowSteps {
  readonly contribution: Contribution;
  readonly task: number;
  /** Units that count under the measure's daily cap. */
  readonly counted: bigint;
  /** What they are worth before the factors. */
  readonly earned: bigint;
  readonly factors: readonly FactorStep[];
  readonly after: bigint;
}

/** What a day of a task came to. Points in millionths. */
export interface DaySteps {
  readonly task: number;
  /** UTC days since 1970. */
  readonly day: number;
  /** The sum of the rows. */
  readonly earned: bigint;
  /** What the task's daily cap leaves of it, and at most 10^15 points. */
  readonly capped: bigint;
  readonly factors: readonly FactorStep[];
  /** `capped` by the product of all numerators over that of all denominators, rounded down once. */
  readonly kept: bigint;
}

/** What an epoch of a task came to. Points in millionths, the score in score units. */
export interface TaskTotal {
  readonly task: number;
  /** The sum of the days. */
  readonly days: bigint;
  /** Uses of the account's contributions to the task; 0 where the policy gives no points for them. */
  readonly uses: bigint;
  readonly usagePoints: bigint;
  readonly factors: readonly FactorStep[];
  readonly total: bigint;
  /** What the total is worth, whether the account is eligible or not. */
  readonly score: bigint;
}

/** Whether an account can score in an epoch. */
export type EligibilitySteps =
  | { readonly eligible: true; readonly reason: null; readonly firstSeen: number | null }
  | { readonly eligible: false; readonly reason: IneligibleReason; readonly firstSeen: number | null };

/** How one account's scores of one epoch came about. */
export interface ScoreSteps {
  readonly rows: readonly RowSteps[];
  readonly days: readonly DaySteps[];
  readonly tasks: readonly TaskTotal[];
  /** Null where everybody can score. */
  readonly eligibility: EligibilitySteps | null;
}

/** The steps of an account that did something in an epoch. */
export interface ExplainedAccount {
  readonly account: Address;
  readonly steps: ScoreSteps;
}

/** How the scores of everybody in an epoch came about. */
export interface EpochExplanations {
  /** A score counts 10^-decimals points. */
  readonly decimals: number;
  /** Who has a row, or a use that points are given for, by rising account. */
  readonly accounts: readonly ExplainedAccount[];
}
