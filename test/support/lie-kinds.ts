import type { Address } from '../../src/protocol/brands.ts';
import type { EpochInput, EpochSettlement } from '../../src/settlement/settle-epoch.ts';
import { OTHER_WORLDS } from '../settlement/faults/lies-about-records.ts';
import { LIES } from '../settlement/faults/lies.ts';
import type { Random } from './effort.ts';
import type { Assembled, ForgedLeaf } from './forgery.ts';
import { assemble, forgeryOf } from './forgery.ts';
import { MUTATED_FIELDS, mutated, ofOtherRecord } from './uniform-mutation.ts';

/** An honest settlement, what it was computed from, and whose accounts may have no leaf. */
export interface Honest {
  readonly settled: EpochSettlement;
  readonly input: Pick<EpochInput, 'scores' | 'uses' | 'unlockPerUse'>;
  readonly forbidden: readonly Address[];
}

/** A way to make a false settlement out of an honest one; undefined where there is no occasion. */
export interface LieKind {
  readonly name: string;
  readonly tell: (honest: Honest, numbers: Random) => Assembled | HiddenLie | undefined;
  /** Whether the tree may hold what no report shows: then only a demand helps. */
  readonly mayHide: boolean;
}

const HIDING = new Set([
  'nothing that is known in place of a leaf',
  'a withheld leaf',
  'a root that nothing leads to',
  'declared root',
  'a bit of a leaf',
]);

/** Every kind of the catalogue, settlements of another record, reserve or parent among them. */
export const CATALOGUE: readonly LieKind[] = [
  ...LIES.map(({ name, bend }): LieKind => ({
    name,
    mayHide: HIDING.has(name),
    tell: (honest, numbers) => {
      const forgery = forgeryOf(honest.settled);
      if (!bend(forgery, { ...honest, numbers })) return undefined;
      return unlessHonest(honest, assemble(forgery), HIDING.has(name));
    },
  })),
  ...OTHER_WORLDS.map(({ name, settle }): LieKind => ({
    name,
    mayHide: false,
    tell: (honest) => {
      const { record, parent } = honest.settled;
      return unlessHonest(honest, assemble(forgeryOf(settle({ ...honest.input, record, parent }))), false);
    },
  })),
];

/** Any field of a leaf, of the declaration or of the record, changed to any value. */
export const MUTATIONS: readonly LieKind[] = [
  ...MUTATED_FIELDS.map((field): LieKind => ({
    name: `any: ${field}`,
    mayHide: HIDING.has(field),
    tell: (honest, numbers) => {
      const lie = mutated(honest.settled, field, numbers);
      return lie === undefined ? undefined : unlessHonest(honest, lie, false);
    },
  })),
  {
    name: 'any: figure of the record',
    mayHide: false,
    tell: ({ settled, input }, numbers) => ofOtherRecord(settled, input, numbers),
  },
];

/** A lie whose proof is not in the report, but comes to light when it is demanded, or cannot be shown at all. */
export interface HiddenLie extends Assembled {
  /** What the operator can show besides. */
  readonly hidden: readonly Uint8Array[];
}

/** Lies in a leaf that the report leaves out, and in bytes too many for a transaction. */
export const HIDDEN: readonly LieKind[] = [
  hidden('hidden until demanded: a wei too much', (leaf) => void (leaf.unlocked += 1n)),
  hidden('hidden until demanded: a score of 2^200', (leaf) => void (leaf.scores[0] = 1n << 200n)),
  hidden('hidden until demanded: a cohort word with dirty bits', (leaf) => {
    leaf.cohorts.push({ end: 1n << 40n, duration: 9n, amount: 1n });
  }),
  hidden('hidden until demanded: a curve of 28 words', (leaf) => void (leaf.rawCurve = new Uint8Array(28 * 32))),
  hidden('too large to be shown: a curve', (leaf) => void (leaf.rawCurve = new Uint8Array(100_000).fill(7)), false),
  hidden('too dear to be shown: a curve', (leaf) => void (leaf.rawCurve = new Uint8Array(40_000).fill(7)), false),
  hidden('too large to be shown: an audit', (leaf) => void (leaf.rawAudit = new Uint8Array(100_000).fill(7)), false),
  hidden('too large to be shown: a leaf', (leaf) => void (leaf.rawLeaf = new Uint8Array(100_000).fill(7)), false),
];

function hidden(name: string, bend: (leaf: ForgedLeaf) => void, isWithheld = true): LieKind {
  return {
    name,
    mayHide: true,
    tell: ({ settled }, numbers): HiddenLie | undefined => {
      const forgery = forgeryOf(settled);
      const leaf = forgery.leaves[numbers.index(forgery.leaves.length + 1)];
      if (leaf === undefined) return undefined;
      bend(leaf);
      const whole = assemble(forgery);
      leaf.withheld = isWithheld;
      return { ...assemble(forgery), hidden: whole.preimages };
    },
  };
}

/** Whether two values are written alike. */
export function sameText(one: unknown, other: unknown): boolean {
  return asText(one) === asText(other);
}

/** A value as text, for comparisons and for messages of tests. */
export function asText(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'bigint' ? `${part}` : part instanceof Uint8Array ? Buffer.from(part).toString('hex') : part,
  );
}

function unlessHonest({ settled }: Honest, lie: Assembled, hides: boolean): Assembled | undefined {
  return !hides && sameText(lie.settlement, settled.settlement) ? undefined : lie;
}
