import type { Address } from '../../protocol/brands.ts';
import type { EpochRecord, Settlement } from '../../protocol/epoch-record.ts';
import type { Curve } from '../../protocol/vesting-curve.ts';

/** What a verifier on chain knows of a proposal without being told: the declared basis and the declaration itself. */
export interface FaultContext {
  readonly record: EpochRecord;
  readonly parent: {
    readonly root: string;
    readonly leafCount: number;
    readonly totalCurve: Curve;
    /** S before the epoch. */
    readonly reserve: bigint;
  };
  readonly settlement: Omit<Settlement, 'reportCid'>;
  /** Accounts that can never have a leaf: token, vault, reserve, distributor. The zero address is always one of them. */
  readonly forbidden: readonly Address[];
}

/** A node of a tree and its siblings up to the root. `level` 0 is the leaves. */
export interface NodeOpening {
  readonly level: number;
  readonly index: number;
  readonly node: Uint8Array;
  readonly siblings: readonly Uint8Array[];
}

/** A leaf by the bytes that were hashed into it, as they are: nothing says that they are well formed. */
export interface LeafOpening {
  readonly index: number;
  readonly siblings: readonly Uint8Array[];
  /** Should be `abi.encode(account, curveHash, auditHash)`. */
  readonly leaf: Uint8Array;
}

/** With the bytes behind its audit hash. */
export interface AuditOpening extends LeafOpening {
  readonly audit: Uint8Array;
}

/** With the bytes behind its curve hash. */
export interface CurveOpening extends LeafOpening {
  readonly curve: Uint8Array;
}

/**
 * That an account has no leaf in a tree: two adjacent leaves around it, the first leaf above it (`left` null), the last one
 * below it (`right` null), an empty tree (both null), or a leaf of its own that is malformed.
 */
export type Absence =
  | { readonly by: 'neighbours'; readonly left: LeafOpening | null; readonly right: LeafOpening | null }
  | { readonly by: 'malformed'; readonly leaf: CurveOpening };

/** Two adjacent leaves whose accounts do not rise. */
export interface OrderFault {
  readonly kind: 'order';
  readonly left: LeafOpening;
  readonly right: LeafOpening;
}

/** The first leaf's running sums are not its own figures (`before` null), or a leaf's do not follow from the one before. */
export interface SumFault {
  readonly kind: 'sum';
  readonly before: AuditOpening | null;
  readonly leaf: AuditOpening;
}

/** The last leaf's running sums are not what was declared. */
export interface TotalsFault {
  readonly kind: 'totals';
  readonly leaf: AuditOpening;
}

/** The leaf count is wrong: a node is 0 above a position below it, or is not 0 and covers only positions at or above it. */
export interface LeafCountFault {
  readonly kind: 'totals';
  readonly node: NodeOpening;
}

/** The curve is not what the account's previous leaf (or its absence), its inputs and the declaration give. */
export interface TransitionFault {
  readonly kind: 'transition';
  readonly before: CurveOpening | Absence;
  readonly leaf: AuditOpening;
}

/** An account of the previous tree has no leaf. */
export interface DroppedFault {
  readonly kind: 'dropped';
  readonly before: CurveOpening;
  readonly absence: Absence;
}

/**
 * Bytes that cannot be what they stand for. `chain` descends from the node: at a level above the leaves one preimage; at a
 * leaf its preimage (should be 32 bytes), then that one's (96 bytes), then the curve's or the audit's (`part`).
 */
export interface MalformedFault {
  readonly kind: 'malformed';
  readonly node: NodeOpening;
  readonly chain: readonly Uint8Array[];
  readonly part?: 'curve' | 'audit';
}

/** A fault with all that a verifier needs to see it: the context, and a few leaves with their paths. */
export type Evidence =
  OrderFault | SumFault | TotalsFault | LeafCountFault | TransitionFault | DroppedFault | MalformedFault;

/** Why a declaration could never have been proposed: `propose` reverts. */
export type Refusal =
  | 'root-and-leaf-count'
  | 'tasks-length'
  | 'participants-above-leaf-count'
  | 'score-total-out-of-range'
  | 'granted-above-miners'
  | 'accelerated-length'
  | 'accelerated-above-cohort';

/** What is wrong with a proposal. */
export type Finding =
  | { readonly kind: 'refused'; readonly reason: Refusal }
  | { readonly kind: Evidence['kind']; readonly evidence: Evidence }
  /** The report does not open this leaf: it is to be demanded. */
  | { readonly kind: 'unavailable'; readonly index: number }
  /** The report of the epoch before does not open this leaf, so transitions cannot be judged. */
  | { readonly kind: 'parent-unavailable'; readonly index: number };
