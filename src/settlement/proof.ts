import type { Address } from '../protocol/brands.ts';
import { InputError, InvariantError } from '../protocol/errors.ts';
import { proofFromRange, verifyLeaf } from '../protocol/positional-merkle.ts';
import { leafHash } from '../protocol/settlement-leaf.ts';
import type { Curve } from '../protocol/vesting-curve.ts';
import { curveHash, packCohort } from '../protocol/vesting-curve.ts';
import type { Hex } from '../protocol/words.ts';
import { bytesToHex, hexToBytes } from '../protocol/words.ts';
import { shardPath, prefixOf } from './report/prefix.ts';
import type { Manifest, Shard } from './report/report-schema.ts';
import type { CheckedShard } from './report/shard-leaves.ts';
import { checkShard } from './report/shard-leaves.ts';

/** The arguments of `claim`, and what they were taken from. */
export interface ClaimProof {
  readonly epoch: number;
  readonly account: Address;
  readonly index: number;
  readonly curve: Curve;
  /** The curve as the contract takes it: cohorts as words. */
  readonly cohortWords: readonly bigint[];
  readonly auditHash: Hex;
  readonly siblings: readonly Hex[];
  readonly root: Hex;
  readonly leafCount: number;
}

/** The shard file in which an account's leaf stands, if it has one. */
export function shardPathOf(manifest: Pick<Manifest, 'prefixBits'>, account: Address): string {
  return shardPath(prefixOf(account, manifest.prefixBits), manifest.prefixBits);
}

/**
 * Makes an account's claim from its shard. The whole shard is hashed and checked against the root, and so is the proof
 * itself, before anything is returned.
 *
 * @throws InputError `SHARD_INVALID`, or `ACCOUNT_NOT_IN_SHARD` when the account has no leaf
 */
export function claimProof(shard: Shard, account: Address, root: string = shard.root): ClaimProof {
  return proofFrom(shard, checkShard(shard, root), account, root);
}

/** The same from a shard that was checked against this root before: for many accounts of one shard. */
export function proofFrom(
  shard: Pick<Shard, 'epoch' | 'leafCount'>,
  { leaves, range }: CheckedShard,
  account: Address,
  root: string,
): ClaimProof {
  const leaf = leaves.find((entry) => entry.account === account);
  if (leaf === undefined) {
    throw new InputError({
      code: 'ACCOUNT_NOT_IN_SHARD',
      shortMessage: `${account} has no leaf in epoch ${shard.epoch}: it never earned anything up to then`,
      details: { account, epoch: shard.epoch },
    });
  }
  const siblings = proofFromRange(range, leaf.index);
  const hash = leafHash(account, curveHash(leaf.curve), leaf.auditHash);
  const whole = { root: hexToBytes(root), leafCount: shard.leafCount, leaf: hash, index: leaf.index, siblings };
  if (!verifyLeaf(whole)) {
    throw new InvariantError({ code: 'PROOF_UNSOUND', shortMessage: 'a proof from a checked shard does not verify' });
  }
  return {
    epoch: shard.epoch,
    account,
    index: leaf.index,
    curve: leaf.curve,
    cohortWords: leaf.curve.cohorts.map(packCohort),
    auditHash: bytesToHex(leaf.auditHash),
    siblings: siblings.map(bytesToHex),
    root: bytesToHex(whole.root),
    leafCount: shard.leafCount,
  };
}
