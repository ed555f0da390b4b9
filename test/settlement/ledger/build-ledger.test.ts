import { expect } from 'chai';
import fc from 'fast-check';

import { InputError } from '../../../src/protocol/errors.ts';
import { checksumAddress } from '../../../src/protocol/brands.ts';
import { totalCounts } from '../../../src/settlement/ledger/build-ledger.ts';
import type { Ledger } from '../../../src/settlement/ledger/build-ledger.ts';
import { pricesByEpoch } from '../../../src/settlement/ledger/prices-by-epoch.ts';
import { checkRejects, DEFAULT_REJECT_LIMIT } from '../../../src/settlement/ledger/reject-limit.ts';
import { runs, seed } from '../../support/effort.ts';
import {
  accountOf,
  alice,
  at,
  bob,
  contribution,
  contributionsOf,
  DAY,
  ledgerOf,
  rawFile,
  START,
} from '../../support/ledger.ts';

/** Line and code of every reject. */
function rejectsOf(ledger: Ledger): readonly [number, string][] {
  return ledger.rejects.map(({ line, code }) => [line, code]);
}

describe('buildLedger', () => {
  describe('given contributions', () => {
    it('reads a good row', () => {
      const ledger = contributionsOf([contribution({ account: checksumAddress(alice), language: 'en', note: '' })]);
      expect(ledger.contributions).to.deep.equal([
        {
          id: 'c1',
          account: alice,
          time: START,
          task: 'voice',
          measure: 'units',
          units: 5n,
          attributes: { language: 'en' },
        },
      ]);
    });

    it('names file, line, code and words of a bad row', () => {
      const [reject] = contributionsOf([contribution(), contribution({ id: 'c2', units: '-1' })]).rejects;
      expect(reject).to.deep.equal({
        kind: 'contributions',
        file: 'rows.csv',
        line: 3,
        code: 'number-negative',
        reason: 'number-negative: "-1" has a minus sign',
      });
    });

    for (const [changes, code] of [
      [{ id: '' }, 'text-empty'],
      [{ id: '\u200b' }, 'text-empty'],
      [{ id: 'x'.repeat(201) }, 'text-too-long'],
      [{ id: 'cafe\u0301' }, 'id-not-canonical'],
      [{ id: 'a\u200bb' }, 'id-not-canonical'],
      [{ id: ' a' }, 'id-not-canonical'],
      [{ id: 'a\u0000b' }, 'control-character'],
      [{ id: 'a\nb' }, 'control-character'],
      [{ note: 'two\r\nlines' }, 'control-character'],
      [{ note: '\ud800' }, 'control-character'],
      [{ note: 'x'.repeat(1001) }, 'text-too-long'],
      [{ Note: 'x' }, 'column-unknown'],
      [{ __proto: 'x' }, 'column-unknown'],
      [{ task: '' }, 'text-empty'],
      [{ task: 'voice\u200b' }, 'text-not-canonical'],
      [{ task: 'singing' }, 'task-unmapped'],
      [{ task: 'constructor' }, 'task-unmapped'],
      [{ measure: 'minutes' }, 'measure-unknown'],
      [{ account: 'alice.eth' }, 'address-name'],
      [{ time: '2020-01-01T00:00:00+01:00' }, 'time-offset'],
    ] as const) {
      it(`refuses ${JSON.stringify(changes).slice(0, 50)} as ${code}`, () => {
        const measures = new Map([['voice', new Set(['units'])]]);
        const ledger = contributionsOf([contribution(changes)], { measures });
        expect(rejectsOf(ledger)).to.deep.equal([[2, code]]);
      });
    }

    it('counts a repeated row once', () => {
      const ledger = contributionsOf([contribution(), contribution({ account: checksumAddress(alice) })]);
      expect(ledger.contributions).to.have.length(1);
      expect(ledger.duplicates).to.deep.equal([
        { kind: 'contributions', file: 'rows.csv', line: 3, of: { file: 'rows.csv', line: 2 } },
      ]);
    });

    it('quarantines every row of an id with two contents, each naming another place', () => {
      const ledger = ledgerOf({
        contributions: [
          rawFile([contribution(), contribution()], 'a.csv'),
          rawFile([contribution({ units: '6' }), contribution({ id: 'c2' })], 'b.csv'),
        ],
      });
      expect(ledger.contributions.map(({ id }) => id)).to.deep.equal(['c2']);
      expect(
        ledger.rejects.map(({ file, line, code, reason }) => [file, line, code, reason.split(' at ')[1]]),
      ).to.deep.equal([
        ['a.csv', 2, 'conflict', 'b.csv:2 with other content'],
        ['a.csv', 3, 'conflict', 'b.csv:2 with other content'],
        ['b.csv', 2, 'conflict', 'a.csv:2 with other content'],
      ]);
    });

    for (const [what, changes] of [
      ['another account', { account: bob }],
      ['another time, so in two epochs', { time: at(7 * DAY) }],
      ['a time out of range', { time: at(1000 * DAY) }],
      ['another task, even one that counts for none', { task: 'singing' }],
      ['another task that counts for the same', { task: 'letters' }],
      ['another attribute', { language: 'de' }],
    ] as const) {
      it(`takes the same id with ${what} for a conflict`, () => {
        const ledger = contributionsOf([contribution({ task: 'text' }), contribution({ task: 'text', ...changes })]);
        expect(rejectsOf(ledger)).to.deep.equal([
          [2, 'conflict'],
          [3, 'conflict'],
        ]);
      });
    }

    it('never counts two spellings of one id', () => {
      const ledger = contributionsOf([
        contribution({ id: 'caf\u00e9' }),
        contribution({ id: 'cafe\u0301' }),
        contribution({ id: 'c\u200b9' }),
        contribution({ id: 'c9' }),
      ]);
      expect(ledger.contributions).to.deep.equal([]);
      expect(rejectsOf(ledger)).to.deep.equal([
        [2, 'id-variant'],
        [3, 'id-variant'],
        [4, 'id-variant'],
        [5, 'id-variant'],
      ]);
      expect(ledger.rejects[0]?.reason).to.contain('rows.csv:3');
    });

    it('keeps ids apart that differ in case or alphabet', () => {
      const ids = ['abc', 'ABC', '\u0430bc', 'zz', 'z\u00df'];
      expect(contributionsOf(ids.map((id) => contribution({ id }))).contributions).to.have.length(5);
    });

    it('puts a row at the start into the range and one at the end out of it', () => {
      const range = { start: START, end: START + DAY };
      const times = [-1, 0, DAY - 1, DAY];
      const rows = times.map((seconds, index) => contribution({ id: `c${index}`, time: at(seconds) }));
      const ledger = contributionsOf(rows, { range });
      expect(ledger.contributions.map(({ id }) => id)).to.deep.equal(['c1', 'c2']);
      expect(ledger.outOfRange.map(({ line }) => line)).to.deep.equal([2, 5]);
    });
  });

  describe('given usage', () => {
    const use = (changes = {}) => ({ contribution: 'c1', account: alice, time: at(10), language: 'ta', ...changes });
    const usageOf = (rows: readonly Readonly<Record<string, string>>[], contributions = [contribution()]) =>
      ledgerOf({ contributions: [rawFile(contributions)], usage: [rawFile(rows, 'usage.csv')] });

    it('counts identical rows once, and rows that differ in an attribute each', () => {
      const ledger = usageOf([use(), use(), use({ language: 'ko' }), use()]);
      expect(ledger.counts.usage).to.deep.equal({ read: 4, accepted: 2, duplicates: 2, rejected: 0, outOfRange: 0 });
      expect(ledger.duplicates.map(({ line, of }) => [line, of.line])).to.deep.equal([
        [3, 2],
        [5, 2],
      ]);
    });

    it('refuses an unknown contribution, another author, and a contribution that counts for nothing', () => {
      const ledger = usageOf(
        [use({ contribution: 'c9' }), use({ account: bob }), use({ contribution: 'c2' }), use({ contribution: 'c3' })],
        [contribution(), contribution({ id: 'c2', task: 'singing' }), contribution({ id: 'c3', units: 'x' })],
      );
      expect(ledger.rejects.filter(({ kind }) => kind === 'usage').map(({ code }) => code)).to.deep.equal([
        'usage-unknown-contribution',
        'usage-not-author',
        'usage-not-counted',
        'usage-unknown-contribution',
      ]);
    });

    it('does not take another spelling of an id for the id', () => {
      const ledger = usageOf([use({ contribution: 'c\u200b1' })]);
      expect(rejectsOf(ledger)).to.deep.equal([[2, 'usage-unknown-contribution']]);
    });

    it('counts the use of a contribution that is older than the range', () => {
      const ledger = usageOf([use()], [contribution({ time: at(-DAY) })]);
      expect(ledger.counts.usage.accepted).to.equal(1);
    });
  });

  describe('given accounts', () => {
    const badge = (changes = {}) => ({ account: alice, badge: 'pioneer', since: at(0), ...changes });

    it('reads badges and memberships, and refuses an account and badge with two times', () => {
      const rows = [
        badge(),
        badge({ badge: '' }),
        badge({ account: bob }),
        badge({ account: bob, since: at(5) }),
        badge(),
      ];
      const ledger = ledgerOf({ accounts: [rawFile(rows)] });
      expect(ledger.accounts.map((row) => row.badge)).to.deep.equal(['', 'pioneer']);
      expect(rejectsOf(ledger)).to.deep.equal([
        [4, 'conflict'],
        [5, 'conflict'],
      ]);
      expect(ledger.counts.accounts.duplicates).to.equal(1);
    });

    it('refuses a column it does not know', () => {
      expect(rejectsOf(ledgerOf({ accounts: [rawFile([badge({ age: '5' })])] }))).to.deep.equal([
        [2, 'column-unknown'],
      ]);
    });
  });

  describe('given prices', () => {
    it('takes the last price inside an epoch, one given by epoch before those given by time, and none as neutral', () => {
      const byTime = [
        { time: at(0), price: '1' },
        { time: at(DAY - 1), price: '2' },
        { time: at(DAY), price: '3' },
        { time: at(3 * DAY), price: '4' },
      ];
      const byEpoch = [
        { epoch: '3', price: '0.5' },
        { epoch: '3', price: '0.50' },
      ];
      const { prices, counts } = ledgerOf(
        { prices: [rawFile(byTime), rawFile(byEpoch, 'epochs.csv')] },
        { epochs: { from: 0, to: 100 } },
      );
      expect(counts.prices.duplicates).to.equal(1);
      expect([...pricesByEpoch(prices, { start: START, length: DAY })].sort(([a], [b]) => a - b)).to.deep.equal([
        [0, 2n * 10n ** 18n],
        [1, 3n * 10n ** 18n],
        [3, 5n * 10n ** 17n],
      ]);
    });

    it('refuses a price of nothing and a row with both epoch and time', () => {
      const ledger = ledgerOf({
        prices: [rawFile([{ epoch: '1', price: '0' }]), rawFile([{ epoch: '1', time: at(0), price: '1' }])],
      });
      expect(ledger.rejects.map(({ code }) => code)).to.deep.equal(['number-zero', 'column-missing']);
    });
  });

  it('DIFF-1: gives the same ledger for any order of rows and files', () => {
    const row = fc.record({
      id: fc.constantFrom('a', 'b', 'c', 'd', 'caf\u00e9', 'cafe\u0301', '\u{1f600}', '\uffee'),
      account: fc.constantFrom(alice, bob, accountOf(3), 'nobody'),
      time: fc.constantFrom(at(-1), at(0), at(5), at(99 * DAY), at(100 * DAY)),
      task: fc.constantFrom('voice', 'text', 'letters', 'singing'),
      units: fc.constantFrom('1', '2', '-1'),
    });
    const rows = fc.array(row, { maxLength: 30 });
    fc.assert(
      fc.property(
        rows.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
        fc.nat(30),
        ([list, shuffled], cut) => {
          const one = contributionsOf(list);
          const other = ledgerOf({
            contributions: [rawFile(shuffled.slice(cut), 'z.csv'), rawFile(shuffled.slice(0, cut), 'y.csv')],
          });
          expect(other.contributions).to.deep.equal(one.contributions);
          expect(other.counts).to.deep.equal(one.counts);
          expect(other.rejects.map(({ code }) => code).sort()).to.deep.equal(
            one.rejects.map(({ code }) => code).sort(),
          );
        },
      ),
      { seed: seed(), numRuns: runs(300, 30_000) },
    );
  });

  it('DIFF-2: accounts for every row, whatever its columns hold', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.constantFrom('c1', alice, at(0), 'voice', '5', ''),
    );
    const names = fc.constantFrom('id', 'account', 'time', 'task', 'units', 'measure', 'language', '__proto__', 'X');
    const row = fc
      .array(fc.tuple(names, text), { maxLength: 9 })
      .map((pairs) => ({ ...contribution(), ...Object.fromEntries(pairs) }));
    fc.assert(
      fc.property(fc.array(row, { maxLength: 20 }), (rows) => {
        const { counts, rejects, duplicates, outOfRange, contributions } = contributionsOf(rows);
        const total = totalCounts(counts);
        expect(total.read, 'DIFF-2').to.equal(rows.length);
        expect(total.accepted + total.duplicates + total.rejected + total.outOfRange, 'DIFF-2').to.equal(rows.length);
        const places = [...rejects, ...duplicates, ...outOfRange].map(({ line }) => line);
        expect(new Set(places).size, 'no row has two fates').to.equal(places.length);
        expect(new Set(contributions.map(({ id }) => id.normalize('NFKC'))).size).to.equal(contributions.length);
      }),
      { seed: seed(), numRuns: runs(500, 50_000) },
    );
  });
});

describe('checkRejects', () => {
  const withBad = (good: number, bad: number, changes: Readonly<Record<string, string>> = { units: 'x' }) =>
    contributionsOf([
      ...Array.from({ length: good }, (_, index) => contribution({ id: `g${index}` })),
      ...Array.from({ length: bad }, (_, index) => contribution({ id: `b${index}`, ...changes })),
    ]);
  const codeOf = (ledger: Ledger, limit = DEFAULT_REJECT_LIMIT): string | undefined => {
    try {
      checkRejects(ledger, limit);
      return undefined;
    } catch (error) {
      if (error instanceof InputError) return error.code;
      throw error;
    }
  };

  it('lets a few bad rows pass, and refuses a ledger above the limit', () => {
    expect(codeOf(withBad(20, 20))).to.equal(undefined);
    expect(codeOf(withBad(400, 21))).to.equal(undefined);
    expect(codeOf(withBad(398, 21))).to.equal('LEDGER_REJECTS');
    expect(codeOf(withBad(99, 1), { partsPerMillion: 9_999n, rows: 0, damaged: false })).to.equal('LEDGER_REJECTS');
    expect(codeOf(withBad(99, 1), { partsPerMillion: 10_000n, rows: 0, damaged: false })).to.equal(undefined);
  });

  it('refuses a ledger of which more rows are malformed than not, however few they are', () => {
    expect(codeOf(withBad(1, 1))).to.equal(undefined);
    expect(codeOf(withBad(1, 2))).to.equal('LEDGER_REJECTS');
    const use = { contribution: 'g0', account: alice, time: 'yesterday' };
    const usage = ledgerOf({ contributions: [rawFile([contribution({ id: 'g0' })])], usage: [rawFile([use])] });
    expect(codeOf(usage)).to.equal('LEDGER_REJECTS');
  });

  it('refuses a ledger without a contribution that counts as soon as one row is malformed', () => {
    const early = (count: number) =>
      Array.from({ length: count }, (_, index) => contribution({ id: `e${index}`, time: at(-1) }));
    expect(codeOf(contributionsOf(early(30)))).to.equal(undefined);
    expect(codeOf(contributionsOf([...early(30), contribution({ units: 'x' })]))).to.equal('LEDGER_REJECTS');
    expect(codeOf(contributionsOf([...early(30), contribution({ task: 'singing' })]))).to.equal(undefined);
    expect(codeOf(contributionsOf([]))).to.equal(undefined);
  });

  it('does not hold tasks that count for nothing against the ledger', () => {
    expect(codeOf(withBad(1, 500, { task: 'singing' }))).to.equal(undefined);
  });
});
