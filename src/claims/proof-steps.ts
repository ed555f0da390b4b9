import type { Claim } from '../chain/convert.ts';
import type { Hash32 } from '../protocol/brands.ts';
import { parentOf } from '../protocol/positional-merkle.ts';
import { leafHash } from '../protocol/settlement-leaf.ts';
import { curveHash } from '../protocol/vesting-curve.ts';
import type { Hex } from '../protocol/words.ts';
import { bytesToHex, hexToBytes } from '../protocol/words.ts';

/** One step up the tree. */
export interface ProofStep {
  /** The hash beside the one that was reached; 0 where the tree has nothing there. */
  readonly sibling: Hash32;
  /** On which side of it the sibling stands. */
  readonly side: 'left' | 'right';
  /** What both hash to. */
  readonly parent: Hex;
}

/** The way from a leaf to the root, hash by hash. */
export interface ProofWay {
  readonly leaf: Hex;
  readonly steps: readonly ProofStep[];
  /** What the last step comes to. */
  readonly root: Hex;
}

/** Computes the way of a claim from its leaf up, as the vault does it when the claim is sent. */
export function proofWay({ account, curve, auditHash, index, proof }: Omit<Claim, 'epoch'>): ProofWay {
  let node = leafHash(account, curveHash(curve), hexToBytes(auditHash));
  let position = index;
  const leaf = bytesToHex(node);
  const steps = proof.map((sibling): ProofStep => {
    const side = position % 2 === 0 ? 'right' : 'left';
    const beside = hexToBytes(sibling);
    node = side === 'right' ? parentOf(node, beside) : parentOf(beside, node);
    position >>>= 1;
    return { sibling, side, parent: bytesToHex(node) };
  });
  return { leaf, steps, root: bytesToHex(node) };
}
