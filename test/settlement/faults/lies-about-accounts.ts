import { testAddress } from '../../support/history.ts';
import { any, fresh, insert, lie, refitted, scored, was } from './lie-kit.ts';
import type { Lie } from './lie-kit.ts';

export const ORDER: Lie[] = [
  lie('two neighbours swapped', ({ leaves }, { numbers }) => {
    if (leaves.length < 2) return false;
    const at = numbers.index(leaves.length - 1);
    [leaves[at], leaves[at + 1]] = [leaves[at + 1]!, leaves[at]!];
    return true;
  }),
  lie(
    'two neighbours swapped, sums made to follow',
    (forgery, victim) => ORDER[0]!.bend(forgery, victim) && refitted(forgery, victim),
  ),
  lie('all in reverse, sums made to follow', (forgery, victim) => {
    if (forgery.leaves.length < 2) return false;
    forgery.leaves.reverse();
    return refitted(forgery, victim);
  }),
  lie('an idle account twice', (forgery, victim) => {
    const leaf = any(
      forgery.leaves.filter((one) => !scored(one)),
      victim.numbers,
    );
    if (leaf === undefined) return false;
    const at = forgery.leaves.indexOf(leaf);
    forgery.leaves.splice(at, 0, { ...structuredClone(leaf), accelerated: leaf.accelerated.map(() => 0n) });
    return refitted(forgery, victim);
  }),
  lie('an active account twice, its score split', (forgery, victim) => {
    const leaf = any(
      forgery.leaves.filter((one) => one.scores.some((score) => score > 1n)),
      victim.numbers,
    );
    if (leaf === undefined) return false;
    const half = structuredClone(leaf);
    half.scores = leaf.scores.map((score) => score / 2n);
    leaf.scores = leaf.scores.map((score, i) => score - half.scores[i]!);
    half.accelerated = half.accelerated.map(() => 0n);
    forgery.leaves.splice(forgery.leaves.indexOf(leaf), 0, half);
    return refitted(forgery, victim);
  }),
];

export const PRESENCE: Lie[] = [
  lie('an account of the parent dropped', (forgery, victim) => {
    const at = forgery.leaves.findIndex(({ account }) => was(victim, account));
    if (at < 0) return false;
    forgery.leaves.splice(at, 1);
    return refitted(forgery, victim);
  }),
  lie('the last account of the parent dropped', (forgery, victim) => {
    const at = forgery.leaves.findLastIndex(({ account }) => was(victim, account));
    if (at < 0) return false;
    forgery.leaves.splice(at, 1);
    return refitted(forgery, victim);
  }),
  lie('everybody dropped', (forgery, victim) => {
    if (victim.settled.parent.accounts.length === 0) return false;
    forgery.leaves = [];
    return refitted(forgery, victim);
  }),
  lie('an account that never did anything', (forgery, victim) => {
    insert(forgery, fresh(forgery, BigInt(testAddress(5000 + victim.numbers.index(99)))));
    return refitted(forgery, victim);
  }),
  lie('the foundation has a leaf with its grant', (forgery, victim) => {
    const { outcome, record } = victim.settled;
    if (outcome.foundationGranted === 0n || forgery.leaves.some(({ account }) => account === BigInt(record.foundation)))
      return false;
    insert(forgery, { ...fresh(forgery, BigInt(record.foundation)), unlocked: outcome.foundationGranted });
    return refitted(forgery, victim);
  }),
  lie('an account under another name', (forgery, victim) => {
    const leaf = any(
      forgery.leaves.filter(({ account }) => was(victim, account)),
      victim.numbers,
    );
    if (leaf === undefined) return false;
    forgery.leaves.splice(forgery.leaves.indexOf(leaf), 1);
    leaf.account = BigInt(testAddress(7000));
    insert(forgery, leaf);
    return refitted(forgery, victim);
  }),
];

export const SUMS: Lie[] = [
  lie('the first leaf’s sums start above its own figures', (forgery) => {
    const { declared, leaves } = forgery;
    if (leaves.length === 0 || declared.scoreTotals.length === 0) return false;
    leaves.forEach((leaf) => (leaf.runScores[0]! += 7n));
    declared.scoreTotals[0]! += 7n;
    return true;
  }),
  lie('participants counted that are not there', (forgery, { numbers }) => {
    const at = numbers.index(forgery.leaves.length + 1);
    const { declared, leaves } = forgery;
    const i = numbers.index(declared.participants.length);
    if (at === leaves.length || declared.participants[i]! >= leaves.length) return false;
    leaves.slice(at).forEach((leaf) => (leaf.runParticipants[i]! += 1n));
    declared.participants[i]! += 1;
    return true;
  }),
  lie('grants counted that nobody has', (forgery, { numbers, settled }) => {
    if (forgery.leaves.length === 0 || forgery.declared.granted + 3n > settled.outcome.miners) return false;
    forgery.leaves.slice(numbers.index(forgery.leaves.length)).forEach((leaf) => (leaf.runGranted += 3n));
    forgery.declared.granted += 3n;
    return true;
  }),
  lie('a sum breaks in the middle', (forgery, { numbers }) => {
    const leaf = any(forgery.leaves, numbers);
    if (leaf === undefined) return false;
    leaf.runScores[numbers.index(leaf.runScores.length)]! += 1n;
    return true;
  }),
  lie('a score raised, sums left', (forgery, { numbers }) => {
    const leaf = any(forgery.leaves.filter(scored), numbers);
    if (leaf === undefined) return false;
    const i = leaf.scores.findIndex((score) => score > 0n);
    leaf.scores[i] = leaf.scores[i] === (1n << 96n) - 1n ? 1n : leaf.scores[i]! + 1n;
    return true;
  }),
  lie('a score raised, sums made to follow, totals left', (forgery, victim) => {
    const before = structuredClone(forgery.declared);
    const bent = SUMS[4]!.bend(forgery, victim) && refitted(forgery, victim);
    forgery.declared = before;
    return bent;
  }),
  ...(['participants', 'scoreTotals', 'granted', 'accelerated'] as const).flatMap((field) =>
    [1, -1].map((step) =>
      lie(`declared ${field} ${step > 0 ? 'one more' : 'one less'}`, ({ declared }, { numbers }) => {
        if (field === 'granted') {
          declared.granted += BigInt(step);
          return declared.granted >= 0n;
        }
        const i = numbers.index(declared[field].length + 1);
        if (i === declared[field].length) return false;
        if (field === 'participants') declared.participants[i]! += step;
        else declared[field][i]! += BigInt(step);
        return declared[field][i]! >= 0;
      }),
    ),
  ),
];
