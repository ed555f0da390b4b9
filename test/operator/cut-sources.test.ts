import { appendFile, mkdir, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { expect } from 'chai';
import fc from 'fast-check';

import { moment } from '../../src/chain/moment.ts';
import { ledgerPath } from '../../src/operator/data-folder.ts';
import { cutFiles } from '../../src/operator/ledger/cut-files.ts';
import { cutSources } from '../../src/operator/ledger/cut-sources.ts';
import type { Cut, CutRules } from '../../src/operator/ledger/cut.ts';
import { keepSeen, readKnown, seenSources } from '../../src/operator/ledger/known-cuts.ts';
import { KnownRows } from '../../src/operator/ledger/known-rows.ts';
import type { CutKind } from '../../src/operator/ledger/rows-of-cut.ts';
import { CUT_KINDS } from '../../src/operator/ledger/rows-of-cut.ts';
import { openSources } from '../../src/operator/ledger/sources.ts';
import type { RawFile } from '../../src/settlement/ledger/build-ledger.ts';
import { COLUMNS_OF } from '../../src/store/ledger-kind.ts';
import { readRows } from '../../src/store/read-rows.ts';
import { publishReport } from '../../src/store/folder-writer.ts';
import { cutLedger } from '../support/cut-ledger.ts';
import { isDeep, runs, seed } from '../support/effort.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const CLOCK = { start: 1_000_000, length: 100 };
const ACCOUNT = `0x${'a1'.repeat(20)}`;
const VAULT = `0x${'fe'.repeat(20)}`;

type Fields = Readonly<Record<string, string>>;

const timeIn = (epoch: number, seconds = 50) => moment(CLOCK.start + epoch * 100 + seconds);

const row = (id: string, epoch: number, changes: Fields = {}): Fields => ({
  ...{ id, account: ACCOUNT, time: timeIn(epoch), task: 'work', units: '1' },
  ...changes,
});

const textOf = (rows: readonly Fields[]) => rows.map((fields) => `${JSON.stringify(fields)}\n`).join('');

/** An operator's drop folder, cut epoch by epoch beside what reading everything gives. */
class Operator {
  readonly #data: string;
  readonly cuts: Cut[] = [];
  /** Files that the newest cut did not read. */
  passed = 0;

  constructor(data: string) {
    this.#data = data;
  }

  path(name: string): string {
    return join(this.#data, 'drop', name);
  }

  async open(): Promise<this> {
    await mkdir(join(this.#data, 'drop'), { recursive: true });
    return this;
  }

  async write(name: string, rows: readonly Fields[]): Promise<void> {
    await writeFile(this.path(name), textOf(rows));
  }

  /** Cuts the next epoch; `ends` says where the process is ended. */
  async cut(given: Partial<CutRules> = {}, ends: 'never' | 'before the cut' | 'after the cut' = 'never'): Promise<Cut> {
    const epoch = this.cuts.length;
    const rules = { epoch, clock: CLOCK, lateRows: 'reject' as const, forbidden: new Set([VAULT]), ...given };
    const expected = cutLedger(await this.#all(), this.#known(), rules);
    const settings = { contributions: [], usage: [], accounts: [], dropFolder: join(this.#data, 'drop'), map: {} };
    const ledger = { ...settings, lateRows: rules.lateRows, graceSeconds: 0, anyRejects: false };
    const made = async () => {
      const { list } = await openSources(this.#data, { ledger });
      const read = new Set<string>();
      const watched = list.map((source) => ({
        ...source,
        read: () => {
          read.add(source.name);
          return source.read();
        },
      }));
      const known = await readKnown(this.#data, epoch);
      const one = await cutSources(watched, { known, seen: await seenSources(this.#data, rules) }, rules);
      this.passed = list.length - read.size;
      return one;
    };
    if (ends === 'before the cut') {
      await made();
      await this.restart();
    }
    const { cut, seen } = await made();
    expect(cut).to.deep.equal(expected);
    const { files, summary } = cutFiles(cut);
    await publishReport(ledgerPath(this.#data, epoch), files);
    if (ends === 'after the cut') await this.restart();
    else keepSeen(this.#data, { cut: summary, rules, files: seen });
    this.cuts.push(cut);
    return cut;
  }

  /** What a process knows ends with it. */
  async restart(): Promise<void> {
    await readKnown(this.#data, 0);
  }

  #known(): KnownRows {
    const known = new KnownRows();
    for (const one of this.cuts) known.add(one.epoch, one);
    return known;
  }

  async #all(): Promise<Record<CutKind, RawFile[]>> {
    const files: Record<CutKind, RawFile[]> = { contributions: [], usage: [], accounts: [] };
    for (const name of await readdir(join(this.#data, 'drop'))) {
      const kind = CUT_KINDS.find((one) => name.startsWith(one)) ?? 'contributions';
      files[kind].push({ file: `drop/${name}`, rows: await readRows({ path: this.path(name) }, COLUMNS_OF[kind]) });
    }
    return files;
  }
}

describe('the sources of a cut', () => {
  const folder = temporaryFolder();
  let count = 0;
  const operatorOf = async () => await new Operator(folder.path(`data-${count++}`)).open();
  const ids = ({ contributions }: Cut) => contributions.map(({ id }) => id);

  it('are not read again while they stay as they were, to the byte', async () => {
    const operator = await operatorOf();
    const day = (epoch: number) => `contributions-${epoch}.ndjson`;
    await operator.write(day(0), [row('a', 0), row('b', 0, { units: 'x' })]);
    await operator.write(day(1), [row('c', 1)]);
    await writeFile(
      operator.path('contributions-2.csv.gz'),
      gzipSync(`id,account,time,task,units\nz,${ACCOUNT},${timeIn(0)},work,1\n`),
    );
    expect(ids(await operator.cut())).to.deep.equal(['a', 'z']);
    expect(operator.passed).to.equal(0);
    // What waits for a later epoch is read again; what is counted or in quarantine is not.
    expect((await operator.cut()).counts.contributions).to.include({ read: 4, cut: 1, known: 3 });
    expect(operator.passed).to.equal(2);
    // Touched and yet the same; then other content of the same size and time.
    const old = new Date(1_000_000);
    await utimes(operator.path(day(0)), old, old);
    await operator.cut();
    expect(operator.passed).to.equal(3);
    await operator.write(day(0), [row('a', 0), row('b', 3, { units: '7' })]);
    await utimes(operator.path(day(0)), old, old);
    expect(ids(await operator.cut())).to.deep.equal(['b']);
    expect(operator.passed).to.equal(2);
  });

  it('are read again when rows were added, changed or taken away in them, and when they were moved', async () => {
    const operator = await operatorOf();
    const name = 'contributions.ndjson';
    await operator.write(name, [row('a', 0), row('b', 0)]);
    await operator.cut();
    await appendFile(operator.path(name), textOf([row('c', 1)]));
    expect(ids(await operator.cut())).to.deep.equal(['c']);
    await operator.write(name, [row('a', 0), row('x', 2), row('c', 1)]);
    expect(ids(await operator.cut())).to.deep.equal(['x']);
    await operator.write(name, [row('a', 0, { units: '3' })]);
    expect((await operator.cut()).quarantine.map(({ code }) => code)).to.deep.equal(['conflict']);
    await writeFile(operator.path(name), textOf([row('d', 4)]).slice(0, -30));
    await operator.cut({});
    await operator.write(name, [row('d', 5)]);
    await operator.write('contributions-other.ndjson', [row('e', 5)]);
    await operator.cut();
    await rm(operator.path(name));
    await operator.write('contributions-new.ndjson', [row('d', 5)]);
    expect((await operator.cut()).counts.contributions).to.include({ read: 2, known: 2 });
    expect(operator.passed).to.equal(1);
  });

  it('are read after all where a row of another one has to be held against theirs', async () => {
    const operator = await operatorOf();
    await operator.write('contributions-a.ndjson', [row('a', 0), row('bad', 0, { units: 'x' })]);
    await operator.cut();
    // Late for epoch 0, which is told once.
    await operator.write('contributions-b.ndjson', [row('late', 0), row('b', 1)]);
    await operator.cut();
    await operator.cut();
    expect(operator.passed).to.equal(2);
    // Another row of that id: nobody can say which is right. And the same unreadable row once more: one of the two was told.
    await operator.write('contributions-c.ndjson', [row('late', 3), row('bad', 0, { units: 'x' }), row('c', 3)]);
    const cut = await operator.cut();
    expect(operator.passed).to.equal(0);
    expect(ids(cut)).to.deep.equal(['c']);
    expect(cut.quarantine.map(({ file, code }) => `${file} ${code}`)).to.deep.equal([
      'drop/contributions-c.ndjson conflict',
      'drop/contributions-c.ndjson number-malformed',
    ]);
  });

  it('are read after all also where that row stands in a file of an earlier name', async () => {
    const operator = await operatorOf();
    await operator.write('contributions-b.ndjson', [row('a', 0), row('bad', 0, { units: 'x' })]);
    await operator.cut();
    await operator.write('contributions-a.ndjson', [row('bad', 0, { units: 'x' }), row('b', 1)]);
    const { quarantine } = await operator.cut();
    expect(quarantine.map(({ file }) => file)).to.deep.equal(['drop/contributions-b.ndjson']);
  });

  it('are all read by another process, under other rules, and where another cut took the place of the last', async () => {
    const operator = await operatorOf();
    await operator.write('contributions-a.ndjson', [row('a', 0)]);
    await operator.cut();
    await operator.write('contributions-b.ndjson', [row('late', 0), row('b', 1)]);
    await operator.cut({}, 'after the cut');
    await operator.cut();
    expect(operator.passed).to.equal(0);
    await operator.cut({}, 'before the cut');
    expect(operator.passed).to.equal(0);
    await operator.cut();
    expect(operator.passed).to.equal(2);
    // What was refused by the old rule counts by the new one.
    expect(ids(await operator.cut({ lateRows: 'next' }))).to.deep.equal(['late']);
    expect(operator.passed).to.equal(0);
    const name = 'contributions-c.ndjson';
    await operator.write(name, [row('c', 6)]);
    await operator.cut({ lateRows: 'next' });
    // The same file again, and yet its row is in no cut: the last one was put there from elsewhere.
    const last = ledgerPath(folder.path(`data-${count - 1}`), 6);
    const { files } = cutFiles(
      cutLedger({ contributions: [], usage: [], accounts: [] }, new KnownRows(), {
        ...{ epoch: 6, clock: CLOCK, lateRows: 'next', forbidden: new Set([VAULT]) },
      }),
    );
    await rm(last, { recursive: true });
    await publishReport(last, files);
    operator.cuts.splice(6, 1, { ...operator.cuts[6]!, contributions: [] });
    expect(ids(await operator.cut({ lateRows: 'next' }))).to.deep.equal(['c']);
  });

  it('give the rows of a file that is written while it is read, in this epoch or in the next', async () => {
    const operator = await operatorOf();
    const name = 'contributions.ndjson';
    await operator.write(name, [row('a', 0)]);
    const data = folder.path(`data-${count - 1}`);
    const ledger = { contributions: [], usage: [], accounts: [], dropFolder: join(data, 'drop'), map: {} };
    const settings = { ...ledger, lateRows: 'next' as const, graceSeconds: 0, anyRejects: false };
    const rules = (epoch: number) => ({ epoch, clock: CLOCK, lateRows: 'next' as const, forbidden: new Set<string>() });
    const { list } = await openSources(data, { ledger: settings });
    // A program writes the file anew: at this moment half of it is there, and the end is what was there before.
    const whole = await readFile(operator.path(name));
    await writeFile(operator.path(name), '');
    const first = await cutSources(list, { known: await readKnown(data, 0), seen: new Map() }, { ...rules(0) });
    await writeFile(operator.path(name), whole);
    const { files, summary } = cutFiles(first.cut);
    await publishReport(ledgerPath(data, 0), files);
    keepSeen(data, { cut: summary, rules: rules(0), files: first.seen });
    const again = await openSources(data, { ledger: settings });
    const before = { known: await readKnown(data, 1), seen: await seenSources(data, rules(1)) };
    expect(ids((await cutSources(again.list, before, rules(1))).cut)).to.deep.equal(['a']);
  });
});

/** Few ids, so that rows meet; some of them unreadable, early or late. */
const anyRow = fc
  .record({
    id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', '\uff41', ' a'),
    epoch: fc.integer({ min: -1, max: 5 }),
    units: fc.constantFrom('1', '1', '1', '1', '1', '2', 'x'),
    more: fc.constantFrom<Fields>({}, {}, {}, {}, { reported_time: 'x' }, { account: VAULT }),
  })
  .map(({ id, epoch, units, more }) => row(id, epoch, { units, ...more }));
const anyUse = fc
  .record({ contribution: fc.constantFrom('a', 'b'), epoch: fc.integer({ min: -1, max: 4 }) })
  .map(({ contribution, epoch }): Fields => ({ contribution, account: ACCOUNT, time: timeIn(epoch) }));
const anyBadge = fc
  .record({ badge: fc.constantFrom('x', 'y'), epoch: fc.integer({ min: -1, max: 4 }) })
  .map(({ badge, epoch }): Fields => ({ account: ACCOUNT, badge, since: timeIn(epoch) }));

const FILES: readonly (readonly [string, fc.Arbitrary<Fields>])[] = [
  ['contributions-a.ndjson', anyRow],
  ['contributions-b.ndjson', anyRow],
  ['contributions-c.ndjson', anyRow],
  ['contributions-d.ndjson', anyRow],
  ['usage.ndjson', anyUse],
  ['usage-b.ndjson', anyUse],
  ['accounts.ndjson', anyBadge],
];

/** What becomes of a file before an epoch is cut. */
const anyChange = FILES.map(([name, any]) =>
  fc.record({
    name: fc.constant(name),
    what: fc.constantFrom('same', 'same', 'same', 'append', 'change', 'truncate', 'tear', 'resize', 'remove', 'copy'),
    rows: fc.array(any, { maxLength: 3 }),
    at: fc.nat(5),
  }),
);
const anyEpoch = fc.record({
  changes: fc.tuple(...anyChange),
  lateRows: fc.constantFrom('reject' as const, 'reject' as const, 'reject' as const, 'next' as const),
  ends: fc.constantFrom(
    'never' as const,
    'never' as const,
    'never' as const,
    'before the cut' as const,
    'after the cut' as const,
  ),
});

describe('the cuts of any sources', function () {
  this.timeout(isDeep ? 0 : 120_000);
  const folder = temporaryFolder();

  it('are those that reading everything each time would give, whatever becomes of the files', async () => {
    let [n, passed] = [0, 0];
    const every = fc.array(anyEpoch, { minLength: 5, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(every, async (epochs) => {
        const data = folder.path(`data-${n++}`);
        const operator = await new Operator(data).open();
        const texts = new Map<string, string>();
        for (const [epoch, { changes, lateRows, ends }] of epochs.entries()) {
          for (const { name, what, rows, at } of changes) {
            const kind = CUT_KINDS.find((one) => name.startsWith(one)) ?? 'contributions';
            const other = [...texts].find(([one]) => one !== name && one.startsWith(kind))?.[1];
            const text = changed(texts.get(name) ?? '', { what: epoch === 0 ? 'append' : what, rows, at, other });
            if (text === '') {
              texts.delete(name);
              await rm(operator.path(name), { force: true });
            } else {
              texts.set(name, text);
              await writeFile(operator.path(name), text);
            }
          }
          await operator.cut({ lateRows }, ends);
          passed += operator.passed;
        }
        await rm(data, { recursive: true });
      }),
      { seed: seed(), numRuns: runs(40, 2_000) },
    );
    expect(passed / n, 'files that were passed in a history').to.be.greaterThan(0.5);
  });
});

interface Change {
  readonly what: string;
  readonly rows: readonly Fields[];
  readonly at: number;
  readonly other: string | undefined;
}

/** What a file says after a change. */
function changed(text: string, { what, rows, at, other }: Change): string {
  const lines = text.split('\n').slice(0, -1);
  const more = textOf(rows).split('\n').slice(0, -1);
  const joined = (all: readonly string[]) => all.map((line) => `${line}\n`).join('');
  if (what === 'append') return joined([...lines, ...more]);
  if (what === 'change') return joined([...lines.slice(0, at), ...more, ...lines.slice(at + 1)]);
  if (what === 'truncate') return joined(lines.slice(0, at));
  if (what === 'tear') return text.slice(0, -at * 7);
  if (what === 'resize') return text.replace('"units":"1"', '"units":"3"');
  if (what === 'remove') return '';
  return what === 'copy' ? (other ?? text) : text;
}
