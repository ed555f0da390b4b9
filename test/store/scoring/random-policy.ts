import { getAddress } from 'ethers';
import fc from 'fast-check';

import { accountOf } from '../../support/ledger.ts';
import type {
  EligibilityFile,
  MeasureFile,
  MultipliersFile,
  OverlayFile,
  PolicyFile,
  TaskFile,
} from '../../support/plain-scorer/policy-file.ts';

const ONE = 1_000_000n;

/** A number in millionths in its one spelling: `1_500_000n` is `'1.5'`. */
export function decimalText(millionths: bigint): string {
  const fraction = (millionths % ONE).toString().padStart(6, '0').replace(/0+$/, '');
  return `${millionths / ONE}${fraction === '' ? '' : `.${fraction}`}`;
}

/** A decimal between two bounds in millionths; the bounds themselves, halves and whole numbers are likely. */
function decimal(min: bigint, max: bigint) {
  const any = fc.bigInt({ min, max });
  const rounded = (unit: bigint) => any.map((value) => (value - (value % unit) < min ? min : value - (value % unit)));
  return fc.oneof(any, rounded(ONE / 2n), rounded(ONE), fc.constantFrom(min, max)).map(decimalText);
}

function whole(min: number, max: number) {
  return fc.integer({ min, max }).map(String);
}

/** Nothing, or something: `undefined` stands for a key that is left out. */
function maybe<T>(arbitrary: fc.Arbitrary<T>) {
  return fc.option(arbitrary, { nil: undefined, freq: 3 });
}

/** The same half of the time: for what makes most scores zero. */
function seldom<T>(arbitrary: fc.Arbitrary<T>) {
  return fc.option(arbitrary, { nil: undefined, freq: 1 });
}

/** An object in which what is `undefined` is not a key at all, as in a file. */
function record<T extends object>(model: { [K in keyof T]: fc.Arbitrary<T[K] | undefined> }): fc.Arbitrary<T> {
  const given = fc.record(model as { [K in keyof T]: fc.Arbitrary<T[K]> });
  return given.map((each) => Object.fromEntries(Object.entries(each).filter(([, value]) => value !== undefined)) as T); // only keys that may be left out are
}

/** An object with at least one of these keys. */
function anyOf<T extends object>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<Partial<T>> {
  return fc.tuple(fc.subarray(Object.keys(model), { minLength: 1 }), fc.record(model)).map(
    ([named, all]) => Object.fromEntries(Object.entries(all).filter(([key]) => named.includes(key))) as Partial<T>, // some of its keys
  );
}

const points = fc.oneof(
  { weight: 6, arbitrary: decimal(0n, 5n * ONE) },
  { weight: 2, arbitrary: fc.constantFrom('0.333333', '1000000000') },
);
const cap = whole(1, 20);
const taskCap = fc.oneof(
  { weight: 3, arbitrary: decimal(1n, 60n * ONE) },
  { weight: 1, arbitrary: fc.constant('1000000000000000000') },
);

/** `minutes` and `words` always have a cap of at most 20 units, so that they may be multipliers. */
const measures = record<Readonly<Record<string, MeasureFile>>>({
  units: record<MeasureFile>({ points, dailyCap: maybe(cap) }),
  pages: maybe(record<MeasureFile>({ points, dailyCap: maybe(cap) })),
  minutes: fc.record({ points: fc.oneof(fc.constant('0'), points), dailyCap: cap }),
  words: fc.record({ points, dailyCap: cap }),
});

export const BADGES = ['Backer', 'Pioneer', 'toString'] as const;
export const LEVELS = ['gold', 'poor', 'constructor'] as const;

// The largest factors: 2 · 2·2 · 2·2 · 3 · 3 · 1.5 · 2 = 864, under the 1000 that a task may have in all.
const factor = decimal(0n, 2n * ONE);
const attribute = fc.constantFrom('quality', 'quality', 'language');
const levels = fc.record({
  attribute,
  unrated: factor,
  levels: fc.dictionary(fc.constantFrom(...LEVELS), factor, { minKeys: 1, noNullPrototype: true }),
});
const rating = fc
  .tuple(attribute, factor, fc.bigInt(0n, 2n * ONE), fc.bigInt(0n, 2n * ONE))
  .map(([by, unrated, a, b]) => ({
    attribute: by,
    unrated,
    least: decimalText(a < b ? a : b),
    most: decimalText(a < b ? b : a),
  }));
const listed = fc.subarray(['en', 'fr', 'gold', 'toString', 'law', 'valueOf', 'nobody'], { minLength: 1 });
const scarce = fc
  .tuple(whole(1, 5), decimal(1n, ONE), fc.bigInt(ONE, 2n * ONE), fc.bigInt(0n, 2n * ONE), maybe(listed))
  .map(([window, reference, most, unseen, values]) => ({
    ...(values === undefined ? {} : { values }),
    window,
    reference,
    most: decimalText(most),
    unseen: decimalText(unseen < most ? unseen : most),
  }));
const measured = fc.record({ per: whole(10, 40) });
const streak = fc
  .tuple(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 1, max: 10 }))
  .map(([per, most]) => ({ per: `${per}`, most: `${Math.min(most, 3 * per)}` }));
const badges = fc.record({
  factors: fc.dictionary(fc.constantFrom(...BADGES), decimal(1n, 2n * ONE), { minKeys: 1, noNullPrototype: true }),
  most: decimal(ONE, 3n * ONE),
});
const consistency = fc.record({ epochs: whole(1, 5), bonus: decimal(1n, ONE / 2n) });
const loyalty = fc.record({ epochs: whole(1, 6), bonus: decimal(1n, ONE), most: decimal(ONE, 2n * ONE) });

const some = record<MultipliersFile>({
  quality: maybe(fc.oneof(levels, rating)),
  scarcity: maybe(anyOf({ language: scarce, constructor: scarce })),
  measured: maybe(anyOf({ minutes: measured, words: measured })),
  streak: maybe(streak),
  badges: maybe(badges),
  consistency: maybe(consistency),
  loyalty: maybe(loyalty),
});
/** One factor alone, as large as it may be. */
const large = fc.oneof<fc.Arbitrary<MultipliersFile>[]>(
  fc.record({
    quality: fc.record({ attribute, unrated: fc.constant('1000'), least: fc.constant('0'), most: fc.constant('1000') }),
  }),
  fc.record({ scarcity: fc.record({ language: scarce.map((rule) => ({ ...rule, most: '1000', unseen: '1000' })) }) }),
  fc.record({ streak: fc.constant({ per: '1', most: '1000' }) }),
  fc.record({ badges: badges.map(({ factors }) => ({ factors, most: '1000' })) }),
);
const multipliers = fc.oneof({ weight: 9, arbitrary: some }, { weight: 1, arbitrary: large });

const usage = record<NonNullable<TaskFile['usage']>>({ points: decimal(1n, 3n * ONE), epochCap: maybe(whole(1, 2)) });

const task = record<TaskFile>({
  minimumScore: fc.constant('1'),
  dailyCap: maybe(taskCap),
  measures,
  multipliers: maybe(multipliers),
  usage: maybe(usage),
});

const allow = fc.array(
  fc.integer({ min: 1, max: 4 }).chain((who) => fc.constantFrom(accountOf(who), getAddress(accountOf(who)))),
  { minLength: 2, maxLength: 5 },
);
const eligibility: fc.Arbitrary<EligibilityFile> = anyOf({
  badges: fc.subarray(['verified', ...BADGES], { minLength: 2 }),
  age: whole(1, 9),
  allow: allow.map((list) =>
    list.filter((one, i) => list.findIndex((other) => getAddress(other) === getAddress(one)) === i),
  ),
});

/** A change, or `null`: it goes. */
function orGone<T>(arbitrary: fc.Arbitrary<T>) {
  return maybe(fc.option(arbitrary, { nil: null, freq: 2 }));
}

const change = record<TaskFile>({
  dailyCap: orGone(taskCap),
  measures: maybe(
    record<NonNullable<TaskFile['measures']>>({
      units: maybe(record<MeasureFile>({ points: maybe(points), dailyCap: orGone(cap) })),
      pages: orGone(fc.record({ points })),
      words: maybe(record<MeasureFile>({ points: maybe(points), dailyCap: maybe(cap) })),
    }),
  ),
  multipliers: maybe(
    record<MultipliersFile>({
      quality: orGone(fc.oneof(levels, rating)),
      scarcity: orGone(record({ language: orGone(scarce), constructor: orGone(scarce) })),
      measured: orGone(record({ minutes: orGone(measured), words: orGone(measured) })),
      streak: orGone(streak),
      badges: orGone(badges),
      consistency: orGone(consistency),
      loyalty: orGone(loyalty),
    }),
  ),
  usage: orGone(usage),
});

const overlay = record<OverlayFile>({
  from: fc.constant('0'),
  until: maybe(fc.constant('0')),
  eligibility: orGone(eligibility),
  tasks: maybe(record<Readonly<Record<string, TaskFile>>>({ voice: maybe(change), text: maybe(change) })),
});

/** A policy over the tasks `voice` and `text`, with up to two overlays in the first epochs. */
export const randomPolicy: fc.Arbitrary<PolicyFile> = fc
  .tuple(
    record<PolicyFile>({
      decimals: maybe(whole(0, 6)),
      eligibility: seldom(eligibility),
      tasks: fc.record({ voice: task, text: task }),
    }),
    fc.array(overlay, { maxLength: 2 }),
    fc.uniqueArray(fc.integer({ min: 0, max: 7 }), { minLength: 4, maxLength: 4 }),
  )
  .map(([policy, overlays, borders]) => {
    const [a = 0, b = 0, c = 0, d = 0] = [...borders].sort((x, y) => x - y);
    const placed = overlays.map((each, index): OverlayFile => {
      const { until: ends, ...rest } = each;
      const isLast = index === overlays.length - 1;
      const until = ends === undefined && isLast ? {} : { until: `${index === 0 ? b : d}` };
      const tasks = rest.tasks === undefined ? {} : { tasks: onlyWhatThereIs(policy, rest.tasks) };
      return { ...(present<object>(policy, rest) as typeof rest), ...tasks, from: `${index === 0 ? a : c}`, ...until };
    });
    const file = { format: 'lode-policy-v1', ...policy };
    return placed.length === 0 ? file : { ...file, overlays: placed };
  });

function isNothing(there: unknown): boolean {
  return there === undefined || (typeof there === 'object' && there !== null && Object.keys(there).length === 0);
}

/** Changes without a `null` for something that is not there, and without a factor above 2 where the file has one of 1000. */
function onlyWhatThereIs({ tasks }: PolicyFile, changes: NonNullable<OverlayFile['tasks']>) {
  return Object.fromEntries(
    Object.entries(changes).map(([name, each]) => {
      const { multipliers: given, ...rest } = each;
      const before = tasks[name] ?? {};
      const isLarge = JSON.stringify(before.multipliers ?? {}).includes('"1000"');
      const kept = isLarge || given === undefined ? {} : { multipliers: present(before.multipliers ?? {}, given) };
      return [name, { ...present(before, rest), ...kept }];
    }),
  );
}

function present<T extends object>(before: T, changes: T): T {
  const below = before as Readonly<Record<string, unknown>>; // only looked at
  const kept: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(changes) as [string, unknown][]) {
    const there = Object.hasOwn(below, key) ? below[key] : undefined;
    if (value === null && isNothing(there)) continue;
    const isNested = ['measures', 'scarcity', 'measured'].includes(key) && value !== null;
    const change = isNested ? present(there ?? {}, value as object) : value; // those three hold objects
    if (!isNested || !isNothing(change)) kept[key] = change;
  }
  return kept as T; // the same keys or fewer
}
