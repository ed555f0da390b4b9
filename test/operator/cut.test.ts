import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect } from 'chai';
import fc from 'fast-check';

import { ledgerPath } from '../../src/operator/data-folder.ts';
import { checkCut } from '../../src/operator/ledger/check-cut.ts';
import { cutFiles, readCutRows, readCutSummary } from '../../src/operator/ledger/cut-files.ts';
import type { Cut } from '../../src/operator/ledger/cut.ts';
import { readKnown } from '../../src/operator/ledger/known-cuts.ts';
import { KnownRows } from '../../src/operator/ledger/known-rows.ts';
import { asReported } from '../../src/operator/ledger/rows-of-cut.ts';
import { moment } from '../../src/chain/moment.ts';
import { buildLedger } from '../../src/settlement/ledger/build-ledger.ts';
import { Fault } from '../../src/settlement/ledger/fault.ts';
import type { RawRow } from '../../src/settlement/ledger/rows.ts';
import { CONTRIBUTIONS } from '../../src/settlement/ledger/same-rows.ts';
import { publishReport } from '../../src/store/folder-writer.ts';
import type { SourceFiles } from '../support/cut-ledger.ts';
import { cutLedger } from '../support/cut-ledger.ts';
import { runs, seed } from '../support/effort.ts';
import { expectCode } from '../support/expect-code.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const CLOCK = { start: 1_000_000, length: 100 };
const ACCOUNT = `0x${'a1'.repeat(20)}`;
const VAULT = `0x${'fe'.repeat(20)}`;
const BEFORE: readonly Cut[] = [];

type Fields = Readonly<Record<string, string>>;

/** A contribution in the middle of an epoch, or so many seconds into it. */
const row = (id: string, epoch: number, changes: Fields = {}, seconds = 50): Fields => ({
  ...{ id, account: ACCOUNT, time: moment(CLOCK.start + epoch * 100 + seconds), task: 'work', units: '1' },
  ...changes,
});

const raw = (rows: readonly Fields[]): RawRow[] =>
  rows.map((fields, at) => ({ line: at + 2, fields: new Map(Object.entries(fields)) }));

interface Given {
  readonly contributions?: readonly Fields[];
  readonly usage?: readonly Fields[];
  readonly accounts?: readonly Fields[];
}

const sources = ({ contributions = [], usage = [], accounts = [] }: Given): SourceFiles => ({
  contributions: [{ file: 'c.csv', rows: raw(contributions) }],
  usage: [{ file: 'u.csv', rows: raw(usage) }],
  accounts: [{ file: 'a.csv', rows: raw(accounts) }],
});

function cut(earlier: readonly Cut[], files: SourceFiles, lateRows: 'reject' | 'next' = 'reject'): Cut {
  const known = new KnownRows();
  for (const one of earlier) known.add(one.epoch, one);
  return cutLedger(files, known, {
    ...{ epoch: earlier.length, clock: CLOCK, lateRows },
    forbidden: new Set([VAULT]),
  });
}

const ids = ({ contributions }: Cut) => contributions.map(({ id }) => id);
const codes = ({ quarantine }: Cut) => quarantine.map(({ line, code }) => `${line} ${code}`);

describe('a cut of the ledger', () => {
  it('takes the rows of its epoch, to the second, and leaves those of later ones', () => {
    const rows = [row('a', 0, {}, 0), row('b', 0, {}, 99), row('c', 1, {}, 0), row('d', 1, {}, 99), row('e', 2)];
    const first = cut(BEFORE, sources({ contributions: rows }));
    expect(ids(first)).to.deep.equal(['a', 'b']);
    expect(first.counts.contributions).to.deep.equal({
      ...{ read: 5, cut: 2, moved: 0, known: 0, later: 3, late: 0, duplicates: 0, quarantined: 0 },
    });
    const second = cut([first], sources({ contributions: rows }));
    expect(ids(second)).to.deep.equal(['c', 'd']);
    expect(second.counts.contributions).to.include({ known: 2, later: 1 });
  });

  it('refuses a late row once, or counts it in the next epoch with its own time beside it', () => {
    const first = cut(BEFORE, sources({ contributions: [row('a', 0)] }));
    const late = sources({
      contributions: [row('a', 0), row('b', 0), row('c', 1)],
      usage: [{ contribution: 'a', account: ACCOUNT, time: row('', 0)['time'] ?? '' }],
    });
    const refused = cut([first], late);
    expect(ids(refused)).to.deep.equal(['c']);
    expect(codes(refused)).to.deep.equal(['3 late', '2 late']);
    expect(refused.quarantine[0]?.reason).to.equal('late: it came after its epoch, 0, was cut');
    expect(refused.quarantine[0]?.fields).to.deep.equal(row('b', 0));
    expect(refused.counts.contributions).to.include({ cut: 1, late: 1, quarantined: 0 });
    // Told once, not in every epoch again; and no reason to stop an epoch.
    const again = cut([first, refused], late);
    expect(again.quarantine).to.deep.equal([]);
    expect(again.counts.contributions).to.include({ known: 3, late: 0 });
    checkCut(refused);

    const moved = cut([first], late, 'next');
    expect(ids(moved)).to.deep.equal(['b', 'c']);
    expect(moved.contributions[0]).to.deep.include({
      time: CLOCK.start + 100,
      attributes: { reported_time: row('', 0)['time'] },
    });
    expect(moved.usage[0]?.attributes).to.deep.equal({ reported_time: row('', 0)['time'] });
    expect(moved.counts.contributions).to.include({ cut: 2, moved: 1, late: 0 });
    // The source still says what it said: it is known by that.
    const after = cut([first, moved], late, 'next');
    expect(after.counts.contributions).to.include({ cut: 0, known: 3 });
    expect(after.counts.usage).to.include({ cut: 0, known: 1 });
    // Whoever changes the rule gets what was refused by the old one.
    expect(ids(cut([first, refused], late, 'next'))).to.deep.equal(['b']);
  });

  it('lets what was counted stand, whatever its source says later', () => {
    const first = cut(BEFORE, sources({ contributions: [row('a', 0), row('b', 0)] }));
    const edited = sources({ contributions: [row('a', 0, { units: '100' }), row('c', 1)] });
    const second = cut([first], edited);
    expect(ids(second)).to.deep.equal(['c']);
    expect(codes(second)).to.deep.equal(['2 conflict']);
    expect(second.quarantine[0]?.reason).to.equal(
      'conflict: the same id stands in epoch 0, which is cut, with other content',
    );
    // An edit is no damage: the epoch is not stopped, though it is the only row beside an empty day.
    checkCut(cut([first], sources({ contributions: [row('a', 0, { units: '100' })] })));
    // Moved to a later day by an edit: the id was paid for once.
    const moved = cut([first], sources({ contributions: [row('a', 1)] }));
    expect(ids(moved)).to.deep.equal([]);
    expect(codes(moved)).to.deep.equal(['2 conflict']);
    const spelt = cut([first], sources({ contributions: [row('\uff41', 1)] }));
    expect(codes(spelt)).to.deep.equal(['2 id-variant']);
  });

  it('counts the same row of two sources once, and neither of two that contradict each other, in whatever epochs', () => {
    const twice = {
      ...sources({}),
      contributions: [
        { file: 'b.csv', rows: raw([row('a', 0), row('x', 0)]) },
        { file: 'a.csv', rows: raw([row('a', 0), row('x', 1), row('y', 0), row('y', 0, { units: '2' })]) },
      ],
    };
    const first = cut(BEFORE, twice);
    expect(ids(first)).to.deep.equal(['a']);
    expect(first.counts.contributions).to.include({ duplicates: 1, quarantined: 3, later: 1 });
    const second = cut([first], twice);
    expect(ids(second)).to.deep.equal([]);
    expect(codes(second)).to.deep.equal(['3 conflict']);
    // Corrected: the one that is left is late, by the rule that the operator has for such rows.
    const corrected = sources({ contributions: [row('a', 0), row('x', 1), row('y', 0)] });
    expect(ids(cut([first], corrected))).to.deep.equal(['x']);
    expect(ids(cut([first], corrected, 'next'))).to.deep.equal(['y', 'x']);
  });

  it('takes an account’s badge whenever it comes, but not another date for one that it has', () => {
    const badge = (name: string, epoch: number): Fields => ({
      ...{ account: ACCOUNT, badge: name, since: row('', epoch)['time'] ?? '' },
    });
    const first = cut(BEFORE, sources({ accounts: [badge('x', -5), badge('z', 1)] }));
    expect(first.accounts.map((one) => one.badge)).to.deep.equal(['x']);
    const second = cut([first], sources({ accounts: [badge('x', 0), badge('y', -5), badge('z', 1)] }));
    expect(second.accounts.map((one) => one.badge)).to.deep.equal(['y', 'z']);
    expect(codes(second)).to.deep.equal(['2 conflict']);
  });

  it('refuses rows by name that cannot be counted at all', () => {
    const given = sources({
      contributions: [
        row('old', -1),
        row('own', 0, { reported_time: row('', 0)['time'] ?? '' }),
        row('vault', 0, { account: VAULT }),
        row('minus', 0, { units: '-1' }),
        row('long', 0, Object.fromEntries(Array.from({ length: 64 }, (_, n) => [`a${n}`, '"'.repeat(1000)]))),
        row('good', 0),
      ],
    });
    const first = cut(BEFORE, given);
    expect(ids(first)).to.deep.equal(['good']);
    expect(codes(first)).to.deep.equal([
      '2 before-start',
      '3 column-reserved',
      '4 address-forbidden',
      '5 number-negative',
      '6 record-too-long',
    ]);
    // The same line again is the same row: it is not told in each epoch.
    expect(cut([first], given).quarantine).to.deep.equal([]);
    // In another file, and twice: one of them was told.
    const twice = sources({ contributions: [row('minus', 0, { units: '-1' }), row('minus', 0, { units: '-1' })] });
    expect(cut([first], twice).counts.contributions).to.include({ known: 1, quarantined: 1 });
  });

  it('stops an epoch of whose new rows too many are unusable, and a damaged file', async () => {
    const bad = (n: number) => row(`bad-${n}`, 0, { units: 'x' });
    const few = cut(BEFORE, sources({ contributions: [row('a', 0), row('b', 0), bad(1)] }));
    checkCut(few);
    const most = cut(BEFORE, sources({ contributions: [row('a', 0), bad(1), bad(2)] }));
    await expectCode(
      Promise.resolve().then(() => checkCut(most)),
      'LEDGER_REJECTS',
    );
    // What an earlier epoch let pass does not stop the next.
    checkCut(cut([few], sources({ contributions: [row('a', 0), row('b', 0), bad(1)] })));
    const fault = new Fault('file-truncated', 'the gzip data ends in the middle');
    const damaged: SourceFiles = { ...sources({}), contributions: [{ file: 'c.gz', rows: [{ line: 9, fault }] }] };
    const torn = cut(BEFORE, damaged);
    await expectCode(
      Promise.resolve().then(() => checkCut(torn)),
      'LEDGER_DAMAGED',
    );
    expect(torn.quarantine[0]).to.include({ file: 'c.gz', line: 9, fields: null });
    expect(cut([torn], damaged).counts.contributions).to.include({ known: 1, quarantined: 0 });
  });
});

/** Rows as a careless world writes them: few ids, so that they meet; some edited, some unreadable. */
const anyRow = fc
  .record({
    id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', '\uff41', ' a'),
    epoch: fc.integer({ min: -1, max: 5 }),
    units: fc.constantFrom('1', '1', '1', '1', '2', 'x'),
    seconds: fc.constantFrom(0, 50, 99),
    more: fc.constantFrom<Fields>({}, {}, {}, { language: 'sw' }, { reported_time: 'x' }, { account: VAULT }),
  })
  .map(({ id, epoch, units, seconds, more }) => row(id, epoch, { units, ...more }, seconds));

const anyUsage = fc
  .record({ contribution: fc.constantFrom('a', 'b'), epoch: fc.integer({ min: 0, max: 4 }) })
  .map(({ contribution, epoch }): Fields => ({ contribution, account: ACCOUNT, time: row('', epoch)['time'] ?? '' }));

/** What the sources hold when each of four epochs is cut. Each begins from the rows of the one before, some of them gone. */
const history = fc
  .array(
    fc.record({
      added: fc.array(anyRow, { maxLength: 6 }),
      usage: fc.array(anyUsage, { maxLength: 2 }),
      gone: fc.nat(20),
      order: fc.nat(1_000),
      next: fc.boolean(),
    }),
    { minLength: 4, maxLength: 4 },
  )
  .map((steps) => {
    let rows: readonly Fields[] = [];
    let usage: readonly Fields[] = [];
    return steps.map((step) => {
      rows = [...rows.filter((_, at) => at !== step.gone), ...step.added];
      usage = [...usage, ...step.usage];
      return { rows, usage, order: step.order, lateRows: step.next ? ('next' as const) : ('reject' as const) };
    });
  });

/** The same rows in another order, in two files. */
function shuffled(rows: readonly Fields[], order: number): SourceFiles['contributions'] {
  const keyed = rows.map((one, at) => ({ one, key: (at * 7_919 + order * 104_729) % 1_009 }));
  const mixed = keyed.sort((a, b) => a.key - b.key).map(({ one }) => one);
  const half = order % (mixed.length + 1);
  return [
    { file: 'z.csv', rows: raw(mixed.slice(0, half)) },
    { file: 'b.csv', rows: raw(mixed.slice(half)) },
  ];
}

describe('the cuts of any ledger', () => {
  const folder = temporaryFolder();
  const fieldsText = (fields: Fields) => JSON.stringify(Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1)));

  it('count each contribution once, lose none, and do not depend on the order of the rows', () => {
    fc.assert(
      fc.property(history, (steps) => {
        const cuts: Cut[] = [];
        for (const { rows, usage, order, lateRows } of steps) {
          const plain = sources({ contributions: rows, usage });
          const one = cut(cuts, plain, lateRows);
          const other = cut(cuts, { ...plain, contributions: shuffled(rows, order) }, lateRows);
          expect(other.contributions).to.deep.equal(one.contributions);
          expect(other.usage).to.deep.equal(one.usage);
          expect(other.quarantine.map(({ identity }) => identity).sort()).to.deep.equal(
            one.quarantine.map(({ identity }) => identity).sort(),
          );
          const { read, ...parts } = one.counts.contributions;
          expect(read).to.equal(rows.length);
          expect(Object.values({ ...parts, moved: 0 }).reduce((a, b) => a + b)).to.equal(read);
          cuts.push(one);

          const counted = cuts.flatMap(({ contributions }) => contributions);
          expect(new Set(counted.map(({ id }) => id.normalize('NFKC').trim())).size).to.equal(counted.length);
          const told = new Set(
            cuts.flatMap(({ quarantine }) => quarantine.map(({ fields }) => fieldsText(fields ?? {}))),
          );
          const asGiven = new Set(
            counted
              .map(asReported)
              .map(({ id, units, time, attributes }) =>
                fieldsText({ ...row(id, 0), ...attributes, units: units.toString(), time: moment(time) }),
              ),
          );
          const end = moment(CLOCK.start + 100 * cuts.length);
          for (const given of rows) {
            const isOpen = (given['time'] ?? '') >= end;
            expect(isOpen || asGiven.has(fieldsText(given)) || told.has(fieldsText(given)), fieldsText(given)).to.equal(
              true,
            );
          }
          // What is cut into an epoch lies in that epoch: its range, or its first second for what came late.
          for (const { time } of one.contributions) expect(Math.floor((time - CLOCK.start) / 100)).to.equal(one.epoch);
        }
      }),
      { seed: seed(), numRuns: runs(150, 5_000) },
    );
  });

  it('are read back as they were written, and scored without a row being refused', async () => {
    let n = 0;
    await fc.assert(
      fc.asyncProperty(history, async (steps) => {
        const data = folder.path(`data-${n++}`);
        const cuts: Cut[] = [];
        for (const { rows, usage, lateRows } of steps) {
          const epoch = cuts.length;
          const one = cutLedger(sources({ contributions: rows, usage }), await readKnown(data, epoch), {
            ...{ epoch, clock: CLOCK, lateRows, forbidden: new Set([VAULT]) },
          });
          expect(one).to.deep.equal(cut(cuts, sources({ contributions: rows, usage }), lateRows));
          await publishReport(ledgerPath(data, epoch), cutFiles(one).files);
          const { contributions, usage: uses, quarantine } = await readCutRows(data, epoch);
          expect({ contributions, uses, quarantine }).to.deep.equal({
            ...{ contributions: one.contributions, uses: one.usage, quarantine: one.quarantine },
          });
          cuts.push(one);
        }
        const lines = cuts.flatMap(({ contributions }) =>
          contributions.map(({ units, time, attributes, ...fields }) => ({
            ...{ ...fields, ...attributes, units: units.toString(), time: moment(time) },
          })),
        );
        const ledger = buildLedger(
          { contributions: [{ file: 'all', rows: raw(lines) }] },
          { taskMap: new Map([['work', 'work']]), range: { start: CLOCK.start, end: CLOCK.start + 400 } },
        );
        expect(ledger.counts.contributions).to.include({ read: lines.length, accepted: lines.length });
      }),
      { seed: seed(), numRuns: runs(10, 200) },
    );
  });

  it('are read once in a process, and anew when another one stands in their place', async () => {
    const data = folder.path('cached');
    const cuts: Cut[] = [];
    const write = async (one: Cut) => {
      await rm(ledgerPath(data, one.epoch), { recursive: true, force: true });
      await publishReport(ledgerPath(data, one.epoch), cutFiles(one).files);
    };
    for (const epoch of [0, 1, 2]) {
      cuts.push(cut(cuts, sources({ contributions: [row(`r${epoch}`, epoch)] })));
      await write(cuts[epoch]!);
    }
    const other = cut(cuts.slice(0, 1), sources({ contributions: [row('x', 1)] }));
    const counts = async (before: number) => {
      const known = await readKnown(data, before);
      const rows = [0, 1, 2].map((epoch) => cuts[epoch]?.contributions[0]);
      return [...rows, other.contributions[0]].flatMap((row) =>
        row !== undefined && known.counted('contributions', CONTRIBUTIONS, row) !== undefined ? [row.id] : [],
      );
    };
    expect(await counts(1)).to.deep.equal(['r0']);
    expect(await readKnown(data, 3)).to.equal(await readKnown(data, 3));
    expect(await counts(3)).to.deep.equal(['r0', 'r1', 'r2']);
    // An earlier epoch knows nothing of the later ones.
    expect(await counts(2)).to.deep.equal(['r0', 'r1']);
    expect(await counts(3)).to.deep.equal(['r0', 'r1', 'r2']);
    await write(other);
    expect(await counts(3)).to.deep.equal(['r0', 'r2', 'x']);
    await rm(ledgerPath(data, 0), { recursive: true });
    await expectCode(readKnown(data, 3), 'CUT_MISSING');
    await expectCode(readKnown(data, 3), 'CUT_MISSING');
  });

  it('are refused when one byte of them is another, or a file is missing or added', async () => {
    const data = folder.path('damaged');
    const one = cut(BEFORE, sources({ contributions: [row('a', 0), row('b', 0, { units: 'x' }), row('c', 0)] }));
    const { files } = cutFiles(one);
    await publishReport(ledgerPath(data, 0), files);
    expect((await readCutSummary(data, 0))?.counts.contributions.cut).to.equal(2);
    expect(await readCutSummary(data, 1)).to.equal(null);
    await expectCode(readCutRows(data, 1), 'CUT_MISSING');
    for (const [name, bytes] of files) {
      const path = join(ledgerPath(data, 0), name);
      const bent = Uint8Array.from(bytes);
      bent[bent.length - 2] = (bent[bent.length - 2] ?? 0) ^ 1;
      await writeFile(path, bent);
      await expectCode(readCutSummary(data, 0), 'CUT_DAMAGED');
      await expectCode(readCutRows(data, 0), 'CUT_DAMAGED');
      await writeFile(path, bytes);
    }
    await writeFile(join(ledgerPath(data, 0), 'usage.ndjson'), '');
    await expectCode(readCutSummary(data, 0), 'CUT_DAMAGED');
  });
});
