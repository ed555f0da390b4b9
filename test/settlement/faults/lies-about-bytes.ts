import { ZERO_HASH } from '../../../src/protocol/brands.ts';
import { auditBytes, curveBytes, hashOf, wordsOf } from '../../support/forgery.ts';
import { fresh, insert, leafBytes, leafLie, lie, refitted, TOKEN } from './lie-kit.ts';
import type { Lie } from './lie-kit.ts';

export const SHAPE: Lie[] = [
  lie('one leaf more declared', ({ declared, leaves }) => leaves.length > 0 && (declared.leafCount += 1) > 0),
  lie('one leaf less declared', ({ declared, leaves }) => leaves.length > 1 && (declared.leafCount -= 1) > 0),
  lie('twice the leaves declared', ({ declared, leaves }) => leaves.length > 0 && (declared.leafCount *= 2) > 0),
  lie('half the leaves declared', ({ declared, leaves }) => leaves.length > 3 && (declared.leafCount >>= 1) > 0),
  lie(
    '4,294,967,295 leaves declared',
    ({ declared, leaves }) => leaves.length > 0 && (declared.leafCount = 2 ** 32 - 1) > 0,
  ),
  lie('no leaves declared over a root', ({ declared, leaves }) => {
    declared.leafCount = 0;
    return leaves.length > 0;
  }),
  lie('leaves declared over no root', ({ declared, leaves }) => {
    declared.root = ZERO_HASH;
    return leaves.length > 0;
  }),
  lie('padding that is not 0', (forgery) => {
    forgery.padding = new Uint8Array(32).fill(9);
    return forgery.leaves.length > 2 && (forgery.leaves.length & (forgery.leaves.length - 1)) !== 0;
  }),
  lie('padding hashed like nodes', (forgery) => {
    forgery.hashZeros = true;
    const { length } = forgery.leaves;
    return [5, 6, 9, 10, 11, 12, 13, 14].includes(length);
  }),
  leafLie('a leaf that is 0', (leaf, _, { leaves }) => {
    leaf.rawNode = new Uint8Array(32);
    return leaves.length > 1;
  }),
  leafLie('a leaf hashed once', (leaf) => {
    leaf.rawNode = hashOf(leafBytes(leaf));
    leaf.shown = [leafBytes(leaf), curveBytes(leaf), auditBytes(leaf)];
  }),
  leafLie('a pair of nodes in place of a leaf', (leaf) => {
    const pair = wordsOf(5n, 6n);
    leaf.rawNode = hashOf(pair);
    leaf.shown = [pair];
  }),
  leafLie('nothing that is known in place of a leaf', (leaf) => void (leaf.rawNode = new Uint8Array(32).fill(3))),
  leafLie('a withheld leaf', (leaf) => void (leaf.withheld = true)),
  lie('a root that nothing leads to', ({ declared, leaves }) => {
    declared.root = `0x${'5a'.repeat(32)}` as never;
    return leaves.length > 0;
  }),
];

export const BYTES: Lie[] = [
  leafLie('a leaf too long', (leaf) => void (leaf.rawLeaf = Buffer.concat([leafBytes(leaf), Buffer.from([0])]))),
  leafLie('a leaf too short', (leaf) => void (leaf.rawLeaf = leafBytes(leaf).subarray(0, 64))),
  leafLie('an empty leaf', (leaf) => void (leaf.rawLeaf = new Uint8Array())),
  leafLie('an address with dirty bits', (leaf) => void (leaf.account += 1n << 160n)),
  lie('the zero address', (forgery, victim) => {
    if (victim.settled.record.tasks.length === 0) return false;
    const leaf = fresh(forgery, 0n);
    leaf.scores[0] = 1n;
    insert(forgery, leaf);
    return refitted(forgery, victim);
  }),
  lie('a contract of the protocol as a miner', (forgery, victim) => {
    const { forbidden = [TOKEN], numbers } = victim;
    const leaf = fresh(forgery, BigInt(forbidden[numbers.index(forbidden.length)]!));
    leaf.scores[0] = 1n;
    insert(forgery, leaf);
    return refitted(forgery, victim);
  }),
  leafLie('an audit one word short', (leaf) => void (leaf.rawAudit = auditBytes(leaf).subarray(32))),
  leafLie(
    'an audit one word long',
    (leaf) => void (leaf.rawAudit = Buffer.concat([auditBytes(leaf), new Uint8Array(32)])),
  ),
  leafLie(
    'an audit one byte long',
    (leaf) => void (leaf.rawAudit = Buffer.concat([auditBytes(leaf), new Uint8Array(1)])),
  ),
  leafLie('a score of 2^96', (leaf) => void (leaf.scores[0] = 1n << 96n)),
  leafLie('a running score of 2^128', (leaf) => void (leaf.runScores[0] = 1n << 128n)),
  leafLie('2^32 participants so far', (leaf) => void (leaf.runParticipants[0] = 1n << 32n)),
  leafLie('2^255 granted so far', (leaf) => void (leaf.runGranted = 1n << 255n)),
  leafLie('an accelerated amount of 2^128', (leaf) => {
    if (leaf.accelerated.length === 0) return false;
    leaf.accelerated[0] = 1n << 128n;
    return true;
  }),
  leafLie('a curve of no bytes', (leaf) => void (leaf.rawCurve = new Uint8Array())),
  leafLie(
    'a curve one byte long',
    (leaf) => void (leaf.rawCurve = Buffer.concat([curveBytes(leaf), new Uint8Array(1)])),
  ),
  leafLie('2^128 unlocked', (leaf) => void (leaf.unlocked = 1n << 128n)),
  leafLie(
    'a cohort word with dirty bits',
    (leaf, { settled }) =>
      void leaf.cohorts.push({ end: (1n << 40n) + BigInt(settled.record.cohortEnd), duration: 9n, amount: 1n }),
  ),
  leafLie(
    'a cohort of no duration',
    (leaf, { settled }) => void leaf.cohorts.push({ end: BigInt(settled.record.end) + 100n, duration: 0n, amount: 1n }),
  ),
  leafLie('a curve that sums to 2^128', (leaf, { settled }) => {
    leaf.unlocked = (1n << 128n) - 1n;
    leaf.cohorts.push({ end: BigInt(settled.record.cohortEnd) + 1n, duration: 9n, amount: 1n });
  }),
];
