import type { Address, Hash32 } from '../../protocol/brands.ts';

/** What one measure of a task is worth. */
export interface MeasureRules {
  /** Millionths of a point for one unit. */
  readonly points: bigint;
  /** Units that count per account and UTC day; undefined: all. */
  readonly dailyCap: bigint | undefined;
}

/** How a row's quality multiplies its points. Factors in millionths. */
export interface QualityRules {
  /** The column of the ledger that holds the rating. */
  readonly attribute: string;
  /** The factor of a row without a rating that these rules can read. */
  readonly unrated: bigint;
  /** Either what each label is worth, or the bounds of a rating that is the factor itself. */
  readonly rating:
    | { readonly kind: 'levels'; readonly levels: ReadonlyMap<string, bigint> }
    | { readonly kind: 'numeric'; readonly least: bigint; readonly most: bigint };
}

/** How the rarity of an attribute's value multiplies a row's points. In millionths. */
export interface ScarcityRules {
  /** Epochs before this one that are looked at. */
  readonly window: number;
  /** A value with this share of the task's rows, or a larger one, counts once. */
  readonly reference: bigint;
  readonly most: bigint;
  /** The factor of a value that no row of the window has. */
  readonly unseen: bigint;
  /** The values that can count more than once; every other counts once. Undefined: all. */
  readonly values: ReadonlySet<string> | undefined;
}

/** Units of a measure in a day, divided by `per`, multiply the day. */
export interface MeasuredRules {
  readonly per: bigint;
}

/** Consecutive active days, at most `most`, divided by `per`, multiply the day. */
export interface StreakRules {
  readonly per: bigint;
  readonly most: bigint;
}

/** 1 + the sum of the badges held, at most `most`, multiplies the day. In millionths. */
export interface BadgeRules {
  readonly factors: ReadonlyMap<string, bigint>;
  readonly most: bigint;
}

/** 1 + `bonus` · active epochs / `epochs`, over the epochs before this one, multiplies the epoch. */
export interface ConsistencyRules {
  readonly epochs: number;
  /** In millionths. */
  readonly bonus: bigint;
}

/** 1 + `bonus` · active epochs among the last `epochs` before this one, at most `most`, multiplies the epoch. */
export interface LoyaltyRules {
  readonly epochs: number;
  /** In millionths. */
  readonly bonus: bigint;
  readonly most: bigint;
}

/** What multiplies the points of a task; undefined and an empty map: nothing does. */
export interface Multipliers {
  readonly quality: QualityRules | undefined;
  /** By the ledger's attribute, in the order in which they are applied: rising names. */
  readonly scarcity: ReadonlyMap<string, ScarcityRules>;
  /** By the measure, in the order in which they are applied: rising names. */
  readonly measured: ReadonlyMap<string, MeasuredRules>;
  readonly streak: StreakRules | undefined;
  readonly badges: BadgeRules | undefined;
  readonly consistency: ConsistencyRules | undefined;
  readonly loyalty: LoyaltyRules | undefined;
}

/** What the uses of an account's contributions to a task are worth. */
export interface UsageRules {
  /** Millionths of a point for one use. */
  readonly points: bigint;
  /** Uses that count per account and epoch; undefined: all. */
  readonly epochCap: bigint | undefined;
}

/** How one task of the protocol is scored. */
export interface TaskRules {
  /** In score units: what makes an account a participant. At least 1, below 2^96. */
  readonly minimumScore: bigint;
  /** Millionths of a point that count per account and UTC day, before the day's multipliers; undefined: all. */
  readonly dailyCap: bigint | undefined;
  readonly measures: ReadonlyMap<string, MeasureRules>;
  readonly multipliers: Multipliers;
  readonly usage: UsageRules | undefined;
}

/** Who can score at all; everything that is named must hold. */
export interface EligibilityRules {
  /** At least one of these badges must be held. */
  readonly badges: ReadonlySet<string> | undefined;
  /** Whole days since the account was first seen. */
  readonly age: bigint | undefined;
  readonly allow: ReadonlySet<Address> | undefined;
}

/** The rules of a range of epochs. */
export interface PolicySegment {
  /** Half-open: the first epoch, and the first that is not in the range any more. */
  readonly from: number;
  readonly until: number;
  readonly tasks: ReadonlyMap<string, TaskRules>;
  /** Undefined: everybody can score. */
  readonly eligibility: EligibilityRules | undefined;
  /** Share (wad) of what is still locked that one use unlocks. */
  readonly perUse: bigint;
}

/** A policy ready for use: its overlays laid out, every number exact. */
export interface Policy {
  /** keccak-256 of the canonical JSON of the document. */
  readonly hash: Hash32;
  /** Scores count 10^-decimals points. */
  readonly decimals: number;
  /** Rising, without gaps, from epoch 0 to 2^32. */
  readonly segments: readonly PolicySegment[];
}
