import { keccak256 } from '../../protocol/keccak.ts';
import type { Audit } from '../../protocol/settlement-leaf.ts';
import { decodeAudit } from '../../protocol/settlement-leaf.ts';
import type { Curve } from '../../protocol/vesting-curve.ts';
import { curveFaultAt, MAX_COHORTS, unpackCohort } from '../../protocol/vesting-curve.ts';
import { equalBytes, MAX_UINT128, readWord, viewOf, WORD } from '../../protocol/words.ts';
import type { FaultContext } from './evidence.ts';
import type { Judged } from './judged.ts';

/** Length of `abi.encode(address, bytes32, bytes32)`. */
export const LEAF_LENGTH = 3 * WORD;

const MAX_ADDRESS = (1n << 160n) - 1n;

/** The first word of a leaf's bytes: its account, if the leaf is well formed. Undefined when there is no such word. */
export function accountWord(leaf: Uint8Array): bigint | undefined {
  return leaf.length === LEAF_LENGTH ? readWord(viewOf(leaf), 0) : undefined;
}

/** Whether a leaf's bytes name an account that may have a leaf: right length, clean address, not 0, not forbidden. */
export function isLeafWellFormed(leaf: Uint8Array, forbidden: FaultContext['forbidden']): boolean {
  const account = accountWord(leaf);
  if (account === undefined || account === 0n || account > MAX_ADDRESS) return false;
  return !forbidden.some((address) => BigInt(address) === account);
}

/** The bytes of a curve hash's preimage as a curve canonical at `time`; undefined when they are none. */
export function readCurve(bytes: Uint8Array, time: number): Curve | undefined {
  if (bytes.length === 0 || bytes.length % WORD !== 0 || bytes.length > WORD * (MAX_COHORTS + 1)) return undefined;
  const view = viewOf(bytes);
  const unlocked = readWord(view, 0);
  if (unlocked > MAX_UINT128) return undefined;
  const cohorts = [];
  for (let at = WORD; at < bytes.length; at += WORD) {
    const cohort = readWord(view, at);
    if (cohort >> 208n !== 0n) return undefined;
    cohorts.push(unpackCohort(cohort));
  }
  const curve = { unlocked, cohorts };
  return curveFaultAt(curve, time) === 'None' ? curve : undefined;
}

/** The bytes of an audit hash's preimage; undefined when they are none of this epoch. */
export function readAudit(bytes: Uint8Array, judged: Judged): Audit | undefined {
  return decodeAudit(bytes, judged.tasks, judged.cohorts.length).audit;
}

/** Whether `bytes` hash to the word at `offset` of a leaf. */
export function opens(leaf: Uint8Array, offset: 32 | 64, bytes: Uint8Array): boolean {
  return leaf.length === LEAF_LENGTH && equalBytes(keccak256(bytes), leaf.subarray(offset, offset + WORD));
}
