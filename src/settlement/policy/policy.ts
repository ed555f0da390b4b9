import type { Hash32 } from '../../protocol/brands.ts';

/** What one measure of a task is worth. */
export interface MeasureRules {
  /** Millionths of a point for one unit. */
  readonly points: bigint;
  /** Units that count per account and UTC day; undefined: all. */
  readonly dailyCap: bigint | undefined;
}

/** How one task of the protocol is scored. */
export interface TaskRules {
  /** In score units: what makes an account a participant. At least 1, below 2^96. */
  readonly minimumScore: bigint;
  /** Millionths of a point that count per account and UTC day; undefined: all. */
  readonly dailyCap: bigint | undefined;
  readonly measures: ReadonlyMap<string, MeasureRules>;
}

/** The rules of a range of epochs. */
export interface PolicySegment {
  /** Half-open: the first epoch, and the first that is not in the range any more. */
  readonly from: number;
  readonly until: number;
  readonly tasks: ReadonlyMap<string, TaskRules>;
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
