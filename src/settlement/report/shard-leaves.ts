import type { Address } from '../../protocol/brands.ts';
import { InputError } from '../../protocol/errors.ts';
import type { LeafRange } from '../../protocol/positional-merkle.ts';
import { depthOf, rootFromRange } from '../../protocol/positional-merkle.ts';
import { leafHashes, LEAF_PREIMAGE, writeLeaf } from '../../protocol/settlement-leaf.ts';
import type { Curve } from '../../protocol/vesting-curve.ts';
import { curveHash } from '../../protocol/vesting-curve.ts';
import { bytesToHex, hexToBytes } from '../../protocol/words.ts';
import type { Shard } from './report-schema.ts';

/** A leaf as a shard shows it. */
export interface ShardLeaf {
  readonly account: Address;
  readonly index: number;
  readonly curve: Curve;
  readonly auditHash: Uint8Array;
}

/** A shard whose leaves and path were found to lead to its root. */
export interface CheckedShard {
  readonly leaves: readonly ShardLeaf[];
  readonly range: LeafRange;
}

/**
 * Hashes every leaf of a shard and climbs to the root.
 *
 * @throws InputError `SHARD_INVALID` when they do not lead to `root`, or the shard is not one run of rising accounts
 */
export function checkShard(shard: Shard, root: string = shard.root): CheckedShard {
  const leaves: ShardLeaf[] = [];
  const preimages = new Uint8Array(shard.leaves.length * LEAF_PREIMAGE);
  for (const [account, unlocked, cohorts, audit] of shard.leaves) {
    const hash = shard.audits[audit];
    const last = leaves.at(-1)?.account;
    if (hash === undefined || (last !== undefined && last >= account)) throw invalid(shard, `leaf of ${account}`);
    const leaf = {
      account,
      index: shard.first + leaves.length,
      curve: { unlocked, cohorts },
      auditHash: hexToBytes(hash),
    };
    writeLeaf(preimages, leaves.length * LEAF_PREIMAGE, account, curveHash(leaf.curve), leaf.auditHash);
    leaves.push(leaf);
  }
  const depth = depthOf(shard.leafCount);
  const fits = shard.first + leaves.length <= shard.leafCount;
  if (!fits || shard.left.length !== depth || shard.right.length !== depth) throw invalid(shard, 'path');
  const node = (hex: string | null): Uint8Array | undefined => (hex === null ? undefined : hexToBytes(hex));
  const path = { left: shard.left.map(node), right: shard.right.map(node) };
  const range: LeafRange = { leafCount: shard.leafCount, from: shard.first, leaves: leafHashes(preimages), path };
  if (shard.root !== root || !hasOnePath(shard) || bytesToHex(rootFromRange(range)) !== root) {
    throw invalid(shard, 'root');
  }
  return { leaves, range };
}

/** A node stands in the path exactly where the run needs one: left of an odd start, right of an even end. */
function hasOnePath({ first, leaves, leafCount, left, right }: Shard): boolean {
  let [low, high, width] = [first, first + leaves.length - 1, leafCount];
  for (let level = 0; level < left.length; level++) {
    if ((left[level] !== null) !== (low % 2 === 1)) return false;
    if ((right[level] !== null) !== (high % 2 === 0 && high + 1 < width)) return false;
    low >>>= 1;
    high >>>= 1;
    width = (width + 1) >>> 1;
  }
  return true;
}

function invalid(shard: Shard, what: string): InputError {
  return new InputError({
    code: 'SHARD_INVALID',
    shortMessage: `shard ${shard.prefix} of epoch ${shard.epoch}: its ${what} does not lead to the root`,
    details: { epoch: shard.epoch, prefix: shard.prefix, what },
  });
}
