import fc from 'fast-check';

import type { AccountRow, Contribution, Usage } from '../../../src/settlement/ledger/rows.ts';
import { accountOf, DAY, START } from '../../support/ledger.ts';
import type { PlainScoring } from '../../support/plain-scorer/plain-scorer.ts';
import { BADGES } from './random-policy.ts';

/** Clocks on UTC days and off them, with epochs that are shorter, longer and no whole number of days. */
export const randomClock = fc.constantFrom(
  { start: START, length: DAY },
  { start: START, length: 2 * DAY },
  { start: START + 43_200, length: DAY },
  { start: START + 1, length: 3 * DAY },
  { start: START + 3_600, length: 100_000 },
  { start: START, length: DAY / 2 },
);

/** Days that the rows lie in; the first two before the economy begins. */
const DAYS = 14;

/** A moment around the borders of days and epochs, often the very second. */
function moment({ start, length }: PlainScoring['clock']) {
  const edge = fc.constantFrom(-1, 0, 0, 1, 3_600);
  return fc.oneof(
    fc.tuple(fc.integer({ min: -2, max: DAYS }), edge).map(([day, off]) => START + day * DAY + off),
    fc.tuple(fc.integer({ min: -1, max: 8 }), edge).map(([epoch, off]) => start + epoch * length + off),
    fc.integer({ min: START - DAY, max: START + DAYS * DAY }),
  );
}

const units = fc.oneof(
  { weight: 12, arbitrary: fc.bigInt({ min: 0n, max: 25n }) },
  { weight: 2, arbitrary: fc.constantFrom(10n ** 15n, 10n ** 15n - 1n, 333_333_333_333n) },
);
const attributes = fc
  .record(
    {
      quality: fc.constantFrom('gold', 'poor', 'constructor', '1.5', '0.000001', '1000000', '01', '1e1', 'fine'),
      language: fc.constantFrom('en', 'en', 'fr', 'gold', 'toString', '0.7'),
      // Every object has something of this name; a row has it only when it says so.
      constructor: fc.constantFrom('law', 'law', 'valueOf'),
    },
    { requiredKeys: [], noNullPrototype: true },
  )
  .map((given) => given as Readonly<Record<string, string>>); // no value is undefined

const work = fc.record({
  account: fc.integer({ min: 1, max: 3 }).map(accountOf),
  task: fc.constantFrom('voice', 'voice', 'text', 'letters'),
  measure: fc.constantFrom('units', 'units', 'pages', 'minutes', 'words', 'other'),
  units,
  attributes,
});

/** Units of the measures that may multiply, in both tasks. */
const logged = fc.tuple(fc.bigInt({ min: 1n, max: 25n }), fc.bigInt({ min: 1n, max: 25n })).map(([minutes, words]) =>
  ['voice', 'text'].flatMap((task) => [
    { task, measure: 'minutes', units: minutes, attributes: {} },
    { task, measure: 'words', units: words, attributes: {} },
  ]),
);

/** More in a day than a day can come to, by rows that can each be the most. */
const huge = fc.constantFrom('voice', 'text').map((task) => {
  const row = { task, measure: 'units', units: 10n ** 15n, attributes: {} };
  return [row, row];
});

/** Somebody who does the same on each of some days, so that there are streaks. */
const streaks = fc
  .array(
    fc.record({
      works: fc.array(work, { minLength: 1, maxLength: 4 }),
      account: fc.integer({ min: 1, max: 3 }).map(accountOf),
      from: fc.nat(8),
      days: fc.integer({ min: 2, max: 6 }),
      more: fc.oneof({ weight: 2, arbitrary: logged }, { weight: 1, arbitrary: fc.constant([]) }),
      much: fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: huge }),
    }),
    { minLength: 1, maxLength: 3 },
  )
  .map((runs) =>
    runs.flatMap(({ works, account, from, days, more, much }) =>
      Array.from({ length: days }, (_, i) => START + (from + i) * DAY + 7_200).flatMap((time) =>
        [...works, ...more, ...much].map((each) => ({ ...each, account, time })),
      ),
    ),
  );

/** The same work on both sides of an epoch's border, inside a UTC day where the clock has such: the caps begin anew. */
function around({ start, length }: PlainScoring['clock']) {
  const border = fc.record({
    works: fc.array(work, { minLength: 1, maxLength: 2 }),
    epoch: fc.integer({ min: 1, max: 6 }),
  });
  return border.map(({ works, epoch }) =>
    works.flatMap((each) =>
      [-1, 0].map((off) => ({
        ...each,
        units: each.units < 25n ? each.units + 20n : each.units,
        time: start + epoch * length + off,
      })),
    ),
  );
}

/** The rows of a few accounts, dense enough that they meet each other. Account 4 has badges and usage at most. */
export function randomLedger(clock: PlainScoring['clock']): fc.Arbitrary<PlainScoring['ledger']> {
  const time = moment(clock);
  const rows = fc
    .array(fc.tuple(work, time), { minLength: 4, maxLength: 30 })
    .map((list) => list.map(([row, at]) => ({ ...row, time: at })));
  const contributions = fc
    .tuple(rows, streaks, around(clock))
    .map(([some, more, cut]) =>
      [...some, ...more, ...cut].map((row, index): Contribution => ({ ...row, id: `c${index}` })),
    );
  const badge = fc.constantFrom('', 'verified', ...BADGES);
  // Very often the midnight or the end of an epoch itself.
  const since = fc.oneof(
    fc.integer({ min: 1, max: DAYS - 2 }).map((day) => START + day * DAY),
    fc.integer({ min: 1, max: 8 }).map((epoch) => clock.start + epoch * clock.length),
    time,
  );
  const accounts = fc.array(fc.record({ account: fc.integer({ min: 1, max: 4 }).map(accountOf), badge, since }), {
    minLength: 2,
    maxLength: 12,
  });
  return fc.tuple(contributions, accounts).chain(([made, held]) => {
    const use = fc.tuple(fc.nat(Math.max(0, made.length - 1)), time).map(([index, at]): Usage | null => {
      const used = made[index];
      return used === undefined ? null : { contribution: used.id, account: used.account, time: at, attributes: {} };
    });
    return fc.array(use, { minLength: 6, maxLength: 24 }).map((uses) => ({
      contributions: made,
      usage: uses.filter((each) => each !== null),
      accounts: held satisfies AccountRow[],
    }));
  });
}
