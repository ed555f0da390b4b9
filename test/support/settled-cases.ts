import fc from 'fast-check';

import type { Reveal } from '../../src/settlement/faults/open-tree.ts';
import { revealFrom } from '../../src/settlement/faults/open-tree.ts';
import type { EpochSettlement } from '../../src/settlement/settle-epoch.ts';
import { seed } from './effort.ts';
import { assemble, forgeryOf } from './forgery.ts';
import type { History } from './history.ts';
import { histories, runHistory, testAddress } from './history.ts';

/** One epoch of a random history, with the epochs before it and all that its parent's report shows. */
export interface SettledCase {
  readonly settled: EpochSettlement;
  readonly history: History;
  /** The epochs before, oldest first. */
  readonly before: readonly EpochSettlement[];
  readonly revealParent: Reveal;
}

/** One leaf, powers of two, and one more and one less than those. */
export const SIZES = [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17] as const;

/**
 * Epochs of random histories, again and again new ones. In every second history everybody scores in the first epoch, so that trees
 * of each of {@link SIZES} occur.
 */
export function* settledCases(name: string, sizes: readonly number[] = SIZES): Generator<SettledCase> {
  for (let round = 0; ; round++) {
    const maxAccounts = sizes[round % sizes.length] ?? 2;
    const options = { numRuns: 4, seed: seed() + round * 1000 + name.length };
    const drawn = fc.sample(histories({ maxEpochs: 6, maxAccounts }), options);
    for (const [at, plain] of drawn.entries()) {
      const history = at % 2 === 0 ? plain : crowded(plain, maxAccounts);
      const before: EpochSettlement[] = [];
      let revealParent: Reveal = () => undefined;
      for (const settled of runHistory(history)) {
        yield { settled, history, before: [...before], revealParent };
        revealParent = revealFrom(assemble(forgeryOf(settled)).preimages);
        before.push(settled);
      }
    }
  }
}

/** The same history with a score for everybody in its first epoch. */
function crowded(history: History, accounts: number): History {
  const [first, ...rest] = history.epochs;
  const task = history.parameters.tasks[0]?.value[0]?.task;
  if (first === undefined || task === undefined) return history;
  const others = first.scores.filter((entry) => entry.task !== task);
  const all = Array.from({ length: accounts }, (_, n) => ({ account: testAddress(n), task, score: BigInt(1 + n) }));
  return { ...history, epochs: [{ ...first, scores: [...others, ...all] }, ...rest] };
}

/** A settlement with several leaves of an economy that nobody else has to do with. */
export function foreignSettlement(): EpochSettlement {
  for (const { settled } of settledCases('a foreign economy', [9])) {
    if (settled.settlement.leafCount > 4) return settled;
  }
  throw new RangeError('there are histories without end');
}

/** What a settlement has that its proofs depend on. */
export function featuresOf({ settled }: SettledCase): string[] {
  const { settlement, record, rows, parent, outcome, next } = settled;
  const { leafCount } = settlement;
  const known = new Set([...parent.accounts].map(({ account }) => account));
  const has = (name: string, holds: boolean): string[] => (holds ? [name] : []);
  return [
    ...has('the first epoch', record.epoch === 0),
    ...has('no leaf', leafCount === 0),
    ...(SIZES as readonly number[]).flatMap((size) => has(`leaves: ${size}`, size === leafCount)),
    ...has(
      'a new account',
      [...rows].some(({ account }) => !known.has(account)),
    ),
    ...has('an idle account', next.accounts.length > rows.length),
    ...has('nobody active', leafCount > 0 && rows.length === 0),
    ...has(
      'an accelerated account',
      [...rows].some(({ accelerated }) => accelerated.some((amount) => amount > 0n)),
    ),
    ...has(
      'a capped account',
      [...rows].some(({ capped }) => capped.includes(true)),
    ),
    ...has(
      'a score below the minimum',
      [...rows].some(({ scores }) => scores.some((s, i) => s > 0n && s < record.minScores[i]!)),
    ),
    ...has('a foundation that earns', outcome.foundationGranted > 0n),
    ...has('an empty task', settlement.participants.includes(0) && settlement.participants.some((count) => count > 0)),
    ...has('a reserve law', record.reserve.hasLaw),
    ...has('a price', record.price > 0n),
    ...has('a reserve', parent.reserve > 0n),
    ...has('no release terms', record.duration === 0),
    ...has(
      'many cohorts',
      [...next.accounts].some(({ curve }) => curve.cohorts.length > 2),
    ),
    ...has('several tasks', record.tasks.length > 1),
  ];
}
