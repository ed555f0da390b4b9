import { expect } from 'chai';
import fc from 'fast-check';

import { addressAt } from '../../../src/settlement/columns/account-keys.ts';
import { columnsOf } from '../../../src/settlement/columns/columns-of.ts';
import { scoresOf } from '../../../src/settlement/columns/epoch-columns.ts';
import type { Ledger } from '../../../src/settlement/ledger/build-ledger.ts';
import { attributeOf } from '../../../src/settlement/ledger/rows.ts';
import { parsePolicy } from '../../../src/settlement/policy/parse-policy.ts';
import {
  columnNames,
  hasMeasureCaps,
  policyAttributes,
  policyMeasures,
  policyRatings,
} from '../../../src/settlement/policy/policy-at.ts';
import type { EpochScores } from '../../../src/settlement/policy/score-steps.ts';
import { readLedgerColumns } from '../../../src/store/columns/read-ledger-columns.ts';
import type { ColumnLedger } from '../../../src/store/columns/read-ledger-columns.ts';
import { scoreColumns } from '../../../src/store/columns/score-columns.ts';
import { scoreEpochs } from '../../../src/store/duckdb-scoring.ts';
import { withDuckDB } from '../../../src/store/duckdb-session.ts';
import { ledgerTimes } from '../../../src/store/open-ledger.ts';
import type { LedgerPaths } from '../../../src/store/read-ledger.ts';
import { readLedger } from '../../../src/store/read-ledger.ts';
import { isDeep, random, runs, seed } from '../../support/effort.ts';
import type { Random } from '../../support/effort.ts';
import { accountOf, at, DAY, TASK_MAP } from '../../support/ledger.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { randomClock } from '../scoring/random-ledger.ts';
import { BADGES, randomPolicy } from '../scoring/random-policy.ts';
import { bent, cleanRow, FORBIDDEN, ODD, oddRows, TYPES, writeParquet } from './odd-ledger.ts';
import type { OddRow } from './odd-ledger.ts';

const TASKS = [
  { id: 3, name: 'voice' },
  { id: 7, name: 'text', from: 1 },
];
const EPOCHS = 8;

type Clock = { readonly start: number; readonly length: number };

function rulesOf(policy: ReturnType<typeof parsePolicy>, clock: Clock) {
  return {
    forbidden: new Set([FORBIDDEN]),
    taskMap: TASK_MAP,
    measures: policyMeasures(policy),
    ratings: policyRatings(policy),
    attributes: policyAttributes(policy, clock),
    range: { start: clock.start, end: clock.start + EPOCHS * clock.length },
    ...{ tasks: TASKS, columns: columnNames(policy), ordered: hasMeasureCaps(policy) },
  };
}

/** The rows that count, as text that tells all that scores depend on. */
async function rowsIn({ connection, accounts, texts, columns }: ColumnLedger): Promise<string[]> {
  const nameOf = (numbers: ReadonlyMap<string, number>, number: unknown) =>
    [...numbers].find(([, each]) => each === number)?.[0] ?? '';
  const values = columns.map((_, k) => `, v${k}`).join('');
  const rows = await connection.runAndReadAll(`SELECT account, task, measure, time, units${values} FROM sieved`);
  return rows
    .getRowsJS()
    .map(([account, task, measure, time, units, ...numbers]) =>
      [
        ...[addressAt(accounts, Number(account)), Number(task), nameOf(texts.measureNumbers, measure)],
        ...[
          Number(time),
          Number(units), // at most 10^15
        ],
        ...numbers.map((number) => nameOf(texts.valueNumbers, number)),
      ].join(' '),
    )
    .sort();
}

function rowsOf({ contributions }: Ledger, columns: readonly string[]): string[] {
  const numbers = new Map(TASKS.map(({ id, name }) => [name, id]));
  return contributions
    .map(({ account, task, measure, time, units, attributes }) =>
      [
        ...[account, numbers.get(TASK_MAP.get(task) ?? ''), measure, time, units],
        ...columns.map((name) => attributeOf(attributes, name) ?? ''),
      ].join(' '),
    )
    .sort();
}

/** Both readings of the same files have to come to the same; gives how many rows the sieve itself has found clean. */
async function expectSame(
  paths: LedgerPaths,
  policy: ReturnType<typeof parsePolicy>,
  clock: Clock,
  { threads = 2, fromEpoch = 0, toEpoch = EPOCHS } = {},
): Promise<{ readonly clean: number; readonly ledger: Ledger }> {
  const rules = rulesOf(policy, clock);
  const ledger = await readLedger(paths, rules);
  const columns = await readLedgerColumns(paths, rules, { threads });
  if (columns === null) throw new Error('the sieve cannot read the files');
  try {
    const { contributions: _, outOfRange: __, ...judged } = ledger;
    expect(columns.judged, 'DIFF-2: rejects, duplicates, counts, uses and accounts').to.deep.equal(judged);
    expect(columns.rows).to.equal(ledger.contributions.length);
    expect(await rowsIn(columns), 'DIFF-3: the rows that count').to.deep.equal(rowsOf(ledger, rules.columns));
    const scoring = { policy, tasks: TASKS, taskMap: TASK_MAP, clock, fromEpoch, toEpoch };
    const scores = await scoreEpochs({ ...scoring, ledger });
    const found: EpochScores[] = [];
    for await (const epoch of scoreColumns({ ...scoring, ledger: columns })) found.push(scoresOf(epoch));
    expect(found, 'DIFF-3: scores, uses and reasons').to.deep.equal(scores);
    expect(scores.map((epoch) => scoresOf(columnsOf(epoch)))).to.deep.equal(scores);
    const sieved = await columns.connection.runAndReadAll('SELECT count(*) FROM sieved WHERE line >= 0');
    return { clean: Number(sieved.getRowsJS()[0]?.[0]), ledger };
  } finally {
    columns.close();
  }
}

/** Uses of rows that are there, that are not, and that are odd. */
function oddUses(numbers: Random, rows: readonly OddRow[]): OddRow[] {
  return Array.from({ length: 30 }, (): OddRow => {
    const { id = null, account = null } = rows[numbers.index(rows.length)] ?? {};
    const time = at(numbers.index(14 * DAY));
    const kind = numbers.index(8);
    if (kind === 0) return { contribution: id, account: accountOf(1 + numbers.index(4)), time };
    return kind === 1 ? { contribution: 'nobody', account, time } : { contribution: id, account, time };
  });
}

describe('a ledger of columns', function () {
  this.timeout(isDeep ? 0 : 60_000);
  const folder = temporaryFolder();
  const COLUMNS = ['id', 'account', 'time', 'task', 'units', 'measure', 'quality', 'language', 'note'];

  it('DIFF-3: is the ledger of objects, for random rows of every type in several files, and random policies', async () => {
    let [clean, accepted, rejected, duplicates] = [0, 0, 0, 0];
    await withDuckDB({}, async (connection) => {
      const numbers = random('columnar ledger');
      await fc.assert(
        fc.asyncProperty(randomPolicy, randomClock, fc.nat(EPOCHS - 1), async (file, clock, from) => {
          const count = 40 + numbers.index(80);
          const rows = oddRows(numbers, count);
          const cut = numbers.index(3) === 0 ? numbers.index(count) : count;
          const paths: { path: string; name: string }[] = [];
          for (const [index, part] of [rows.slice(0, cut), rows.slice(cut)].entries()) {
            const columns = COLUMNS.filter(
              (name) => !['measure', 'quality', 'note'].includes(name) || numbers.index(4) > 0,
            );
            const types = Object.fromEntries(
              Object.entries(TYPES).map(([name, list]) => [
                name,
                numbers.index(2) === 0 ? 'VARCHAR' : (list[numbers.index(list.length)] ?? 'VARCHAR'),
              ]),
            );
            const path = folder.path(`rows-${index}.parquet`);
            await writeParquet(connection, path, part, { columns, types });
            paths.push({ path, name: `contributions-${index}.parquet` });
          }
          const usage = [{ path: folder.path('usage.parquet') }];
          await writeParquet(connection, usage[0]!.path, oddUses(numbers, rows), {
            columns: ['contribution', 'account', 'time'],
          });
          const held = Array.from({ length: 8 }, () => ({
            account: accountOf(1 + numbers.index(5)),
            badge: ['', 'verified', ...BADGES][numbers.index(5)] ?? '',
            since: at(numbers.index(12) * DAY),
          }));
          const accounts = [{ path: folder.path('accounts.parquet') }];
          await writeParquet(connection, accounts[0]!.path, held, { columns: ['account', 'badge', 'since'] });
          const all = { contributions: paths, usage, accounts };
          const range = { fromEpoch: from, toEpoch: Math.min(from + 1 + numbers.index(8), EPOCHS) };
          const found = await expectSame(all, parsePolicy(file), clock, { ...range, threads: 1 + numbers.index(3) });
          clean += found.clean;
          accepted += found.ledger.counts.contributions.accepted;
          rejected += found.ledger.counts.contributions.rejected;
          duplicates += found.ledger.counts.contributions.duplicates;
        }),
        { seed: seed(), numRuns: runs(12, 1_500), endOnFailure: !isDeep },
      );
    });
    // Most of what counts is clean, so the engine's own numbers are what was compared.
    expect(clean > accepted / 2 && clean < accepted && rejected > 0 && duplicates > 0).to.equal(true);
  });

  it('DIFF-2: holds nothing for clean that the row parser refuses or takes otherwise, whatever value a column has', async () => {
    const numbers = random('bent rows');
    const policy = parsePolicy({
      format: 'lode-policy-v1',
      tasks: Object.fromEntries(
        ['voice', 'text'].map((name) => [
          name,
          {
            minimumScore: '1',
            measures: {
              units: { points: '1' },
              pages: { points: '2' },
              minutes: { points: '1' },
              words: { points: '1' },
            },
            multipliers: {
              quality: { attribute: 'quality', unrated: '1', levels: { gold: '2', poor: '0.5' } },
              scarcity: { language: { window: '2', reference: '0.1', most: '2', unseen: '1' } },
            },
          },
        ]),
      ),
    });
    const clock = { start: Date.parse(at(0)) / 1000, length: DAY };
    const plain = { quality: 'gold', note: null, language: 'en', measure: null };
    const good = (index: number): OddRow => ({ ...cleanRow(numbers, index), ...plain });
    await withDuckDB({}, async (connection) => {
      // Every odd value alone, between rows that are clean.
      const rows = Object.entries(ODD).flatMap(([column, values]) =>
        values.map((value, index): OddRow => ({ ...good(0), id: `${column}-${index}`, [column]: value })),
      );
      const clean = Array.from({ length: 50 }, (_, index) => good(index + 1));
      // Changed in a place of the text: a letter more, less or another one.
      const changed = Array.from({ length: runs(300, 20_000) }, (_, index): OddRow => {
        const row: OddRow = { ...good(1000 + index), id: `changed-${index}` };
        const column =
          ['id', 'account', 'time', 'units', 'task', 'quality', 'language', 'note'][numbers.index(8)] ?? 'id';
        return { ...row, [column]: changedText(row[column] ?? 'x', numbers) };
      });
      const several = Array.from({ length: 60 }, (_, index) => bent(bent(good(50_000 + index), numbers), numbers));
      const path = folder.path('bent.parquet');
      await writeParquet(connection, path, [...clean, ...rows, ...changed, ...several], { columns: COLUMNS });
      const found = await expectSame({ contributions: [{ path }] }, policy, clock);
      expect(found.clean).to.be.at.least(45);
      expect(found.ledger.counts.contributions.rejected).to.be.above(200);
    });
  });

  it('begins where the first row that counts was made, also where the rating of an earlier one cannot be read', async () => {
    const multipliers = { quality: { attribute: 'quality', unrated: '1', levels: { gold: '2' } } };
    const voice = { minimumScore: '1', measures: { units: { points: '1' } }, multipliers };
    const policy = parsePolicy({ format: 'lode-policy-v1', tasks: { voice } });
    const account = `0x${'a'.repeat(40)}`;
    const rows = `SELECT 'a' AS id, '${account}' AS account, '2020-01-01T00:00:00Z' AS time, 'voice' AS task, 5 AS units, 'bad' AS quality
      UNION ALL SELECT 'b', '${account}', '2020-01-03T00:00:00Z', 'voice', 7, 'gold'`;
    const path = folder.path('rated.parquet');
    await withDuckDB({}, async (connection) => {
      await connection.run(`COPY (${rows}) TO '${path}' (FORMAT parquet)`);
    });
    const { first, last, judged } = await ledgerTimes(
      { contributions: [{ path }] },
      {
        taskMap: new Map([['voice', 'voice']]),
        ratings: policyRatings(policy),
        range: { start: 0, end: 4_000_000_000 },
      },
    );
    const third = Date.parse('2020-01-03T00:00:00Z') / 1000;
    expect([first, last, judged.rejects.map(({ code }) => code)]).to.deep.equal([third, third, ['quality-invalid']]);
  });

  it('gives up where a file cannot be read to its end or columns are beyond it, and takes bad files as they are taken row by row', async () => {
    const policy = parsePolicy({
      format: 'lode-policy-v1',
      tasks: Object.fromEntries(
        ['voice', 'text'].map((name) => [name, { minimumScore: '1', measures: { units: { points: '1' } } }]),
      ),
    });
    const clock = { start: Date.parse(at(0)) / 1000, length: DAY };
    const numbers = random('files');
    const rows = Array.from({ length: 20 }, (_, index) => ({ ...cleanRow(numbers, index), measure: null }));
    await withDuckDB({}, async (connection) => {
      const [whole, bad, none, csv] = ['whole', 'bad', 'none', 'csv'].map((name) => folder.path(`${name}.parquet`)) as [
        string,
        string,
        string,
        string,
      ];
      await writeParquet(connection, whole, rows, { columns: COLUMNS });
      await connection.run(
        `COPY (SELECT 'x' AS id, 1.5 AS units, 'y' AS account, 'z' AS time, 'voice' AS task) TO '${bad}' (FORMAT parquet)`,
      );
      await writeParquet(connection, none, [], { columns: COLUMNS });
      const files = [whole, bad, none].map((path) => ({ path }));
      expect((await expectSame({ contributions: files }, policy, clock)).clean).to.be.above(0);
      expect((await expectSame({ contributions: [{ path: bad }] }, policy, clock)).clean).to.equal(0);
      expect((await expectSame({ contributions: [{ path: none }] }, policy, clock)).clean).to.equal(0);
      await connection.run(
        `COPY (SELECT *, TIMESTAMP '3000-01-01' AS seen FROM '${whole}') TO '${csv}' (FORMAT parquet)`,
      );
      expect(await readLedgerColumns({ contributions: [{ path: csv }] }, rulesOf(policy, clock))).to.equal(null);
      await connection.run(`COPY (SELECT * FROM '${whole}') TO '${csv}' (FORMAT csv)`);
      const named = { contributions: [{ path: whole }, { path: csv, name: 'rows.csv' }] };
      expect(await readLedgerColumns(named, rulesOf(policy, clock))).to.equal(null);
    });
  });
});

function changedText(text: string, numbers: Random): string {
  const letters = ['0', 'a', 'F', ' ', '-', 'Z', '9', '\n', '\u200b', 'é', '.', ':', '\u0000', '1'];
  const [place, letter] = [numbers.index(text.length + 1), letters[numbers.index(letters.length)] ?? ''];
  const kind = numbers.index(3);
  return text.slice(0, place) + (kind === 0 ? '' : letter) + text.slice(place + (kind === 1 ? 0 : 1));
}
