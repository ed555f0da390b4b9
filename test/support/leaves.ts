import type { Address } from '../../src/protocol/brands.ts';
import { parseAddress } from '../../src/protocol/brands.ts';
import { buildTree, proofOf, rootFrom, rootOf } from '../../src/protocol/positional-merkle.ts';
import { leafHash } from '../../src/protocol/settlement-leaf.ts';
import type { Cohort, Curve } from '../../src/protocol/vesting-curve.ts';
import { curveHash, packCohort } from '../../src/protocol/vesting-curve.ts';
import { bytesToHex, WORD } from '../../src/protocol/words.ts';

/** One leaf of a test's tree. The audit part is a stand-in: claims only carry its hash. */
export interface LeafSpec {
  readonly account: string;
  readonly curve: Curve;
}

/** A claim as the vault takes it. */
export interface ClaimInput {
  readonly epoch: number;
  readonly account: string;
  readonly index: number;
  readonly curve: { readonly unlocked: bigint; readonly cohorts: bigint[] };
  readonly auditHash: string;
  readonly proof: string[];
}

/** A tree whose leaves can be claimed. */
export interface LeafTree {
  readonly root: string;
  readonly leafCount: number;
  /** The claim of the leaf at this position, as part of the given epoch. */
  claim(epoch: number, index: number): ClaimInput;
  /** The claim of an account; its first leaf if there are several. */
  claimOf(epoch: number, account: string): ClaimInput;
}

const AUDIT = new Uint8Array(WORD).fill(0xa5);

/** A curve of cohorts, plus what is free at once. */
export function curveOf(unlocked: bigint, cohorts: readonly Cohort[] = []): Curve {
  return { unlocked, cohorts };
}

/** Builds a tree over leaves, in the order given: a test may well break the rule that accounts rise. */
export function growTree(leaves: readonly LeafSpec[]): LeafTree {
  const packed = new Uint8Array(leaves.length * WORD);
  leaves.forEach((leaf, index) => packed.set(hashOf(leaf), index * WORD));
  const tree = buildTree(packed);
  const claim = (epoch: number, index: number): ClaimInput =>
    toClaim(epoch, index, leaves[index] as LeafSpec, proofOf(tree, index)); // Tests ask for leaves that exist.
  return {
    root: bytesToHex(rootOf(tree)),
    leafCount: leaves.length,
    claim,
    claimOf: (epoch, account) =>
      claim(
        epoch,
        leaves.findIndex((leaf) => leaf.account === account),
      ),
  };
}

/** One real leaf at a position of a tree of `depth` levels, between siblings made of the seed. */
export function seededTree(leaf: LeafSpec, index: number, depth: number): LeafTree {
  const siblings = Array.from({ length: depth }, (_, level) => new Uint8Array(WORD).fill(level + 1));
  const claim = (epoch: number): ClaimInput => toClaim(epoch, index, leaf, siblings);
  return {
    root: bytesToHex(rootFrom(hashOf(leaf), index, siblings)),
    leafCount: 2 ** depth,
    claim,
    claimOf: (epoch) => claim(epoch),
  };
}

/** A curve as the contracts take it. */
export function curveWords({ unlocked, cohorts }: Curve): ClaimInput['curve'] {
  return { unlocked, cohorts: cohorts.map(packCohort) };
}

function hashOf({ account, curve }: LeafSpec): Uint8Array {
  return leafHash(addressOf(account), curveHash(curve), AUDIT);
}

function toClaim(epoch: number, index: number, leaf: LeafSpec, siblings: readonly Uint8Array[]): ClaimInput {
  return {
    epoch,
    account: leaf.account,
    index,
    curve: curveWords(leaf.curve),
    auditHash: bytesToHex(AUDIT),
    proof: siblings.map(bytesToHex),
  };
}

function addressOf(account: string): Address {
  return parseAddress(account.toLowerCase());
}
