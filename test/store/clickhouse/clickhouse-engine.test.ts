import { writeFile } from 'node:fs/promises';

import { expect } from 'chai';

import { scoreEpochs } from '../../../src/store/duckdb-scoring.ts';
import { exactRows, withDuckDB } from '../../../src/store/duckdb-session.ts';
import { clickHouseEngine } from '../../../src/store/clickhouse/clickhouse-engine.ts';
import type { ScoringOptions } from '../../../src/store/scoring-tables.ts';
import type { Answer, Asked } from '../../support/clickhouse/scripted-server.ts';
import { scriptedServer } from '../../support/clickhouse/scripted-server.ts';
import { expectCode } from '../../support/expect-code.ts';
import { alice, bob, DAY, policyOf, row, START, TASKS, use } from '../../support/scoring.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const SCORES = 'epoch\taccount\ttask\tscore\nInt64\tInt32\tInt32\tInt128\n';
const USES = 'epoch\taccount\tuses\nInt64\tInt32\tInt64\n';

/** How many rows the tables have that are sent here. */
const COUNTS: Readonly<Record<string, number>> = { contributions: 2, usage: 1, badges: 0 };

/** What ClickHouse says of an error of its own. */
const refusal = (code: number, name: string): Answer => ({
  ...{ status: 500, code },
  body: `Code: ${code}. DB::Exception: Something went wrong (in detail). (${name}) (version 26.7.2.1 (official build))\n`,
});

/** An engine that answers each query with these scores, and everything else as it should be. */
const answering =
  (scores: Answer, uses: Answer = USES) =>
  (asked: Asked) => {
    if (asked.sql.includes('version()')) return '26.7.2.1\n';
    if (!asked.sql.includes('FORMAT TabSeparatedWithNamesAndTypes')) return '';
    if (asked.sql.includes('AS n FROM')) return `n\nInt64\n${COUNTS[/FROM (\w+)/.exec(asked.sql)?.[1] ?? ''] ?? ''}\n`;
    return asked.sql.includes('AS score') ? scores : uses;
  };

describe('a ClickHouse as scoring engine', function () {
  this.timeout(30_000);
  const folder = temporaryFolder();
  const contributions = [row(0, { units: 7n }), row(1, { account: bob, task: 'text', units: 10n ** 15n })];
  const optionsOf = (url: string, more: { readonly timeout?: number } = {}): ScoringOptions => ({
    ledger: { contributions, usage: [use(row(0), START + 5)], accounts: [] },
    policy: policyOf({}),
    tasks: TASKS,
    taskMap: new Map(TASKS.map(({ name }) => [name, name])),
    clock: { start: START, length: DAY },
    fromEpoch: 0,
    toEpoch: 2,
    engine: clickHouseEngine({ url, user: 'lode', password: 'p:w', timeout: 10, ...more }),
  });
  const against = async <T>(
    say: (asked: Asked) => Answer | undefined,
    use: (url: string, asked: readonly Asked[]) => Promise<T>,
  ) => {
    const server = await scriptedServer(say);
    try {
      return await use(server.url, server.asked);
    } finally {
      await server.close();
    }
  };
  const fails = async (say: (asked: Asked) => Answer | undefined, code: string) =>
    await against(say, async (url) => await expectCode(scoreEpochs(optionsOf(url)), code));

  it('is given the tables as Parquet and the policy as SQL, in one session, and its digits become the scores', async () => {
    const large = 2n ** 96n - 1n;
    const say = answering(`${SCORES}0\t0\t3\t7\n1\t1\t7\t${large}\n`, `${USES}0\t0\t1\n`);
    await against(say, async (url, asked) => {
      const [first, second] = await scoreEpochs(optionsOf(url));
      const [one, other] = [alice, bob].sort();
      expect(first?.scores).to.deep.equal([{ account: one, task: 3, score: 7n }]);
      expect(first?.uses).to.deep.equal([{ account: one, uses: 1n }]);
      expect(second?.scores).to.deep.equal([{ account: other, task: 7, score: large }]);
      expect(new Set(asked.map(({ login }) => login))).to.deep.equal(new Set(['lode:p:w']));
      expect(new Set(asked.map(({ settings }) => settings['session_id'])).size).to.equal(1);
      for (const { settings } of asked) {
        expect(settings).to.include({ join_use_nulls: '1', wait_end_of_query: '1', max_execution_time: '10' });
        expect(settings).to.include({ result_overflow_mode: 'throw', limit: '0', extremes: '0' });
      }
      expect(asked.at(-1)?.settings['close_session']).to.equal('1');
      const inserted = asked.filter(({ sql }) => sql.startsWith('INSERT'));
      expect(inserted.map(({ sql }) => sql)).to.deep.equal(
        ['contributions', 'usage', 'badges'].map((table) => `INSERT INTO ${table} FORMAT Parquet`),
      );
      const path = folder.path('rows.parquet');
      await writeFile(path, inserted[0]?.body ?? '');
      const rows = await withDuckDB(
        {},
        async (db) => await exactRows(db, `SELECT seq, task, time, units FROM '${path}'`),
      );
      expect(rows).to.deep.equal(
        contributions.map(({ time, units }, seq) => [seq, seq === 0 ? 3 : 7, BigInt(time), units]),
      );
    });
  });

  it('DIFF-3: is stopped at a column that is a float or a decimal, at one that is not there, and at what is no number', async () => {
    const typed = (type: string, cell: string) =>
      `epoch\taccount\ttask\tscore\nInt64\tInt32\tInt32\t${type}\n0\t0\t3\t${cell}\n`;
    for (const type of [
      'Float64',
      'Nullable(Float32)',
      'Decimal(38, 0)',
      'String',
      'DateTime',
      'Variant(Int8, UInt64)',
    ]) {
      await fails(answering(typed(type, '7')), 'SQL_INEXACT');
    }
    for (const cell of ['7.5', '1e3', '', '\\N', ' 7', '0x7', 'nan', '9\t9']) {
      await fails(answering(typed('Int128', cell)), 'SQL_INEXACT');
    }
    await fails(answering(SCORES.replace('score', 'points')), 'SQL_INEXACT');
  });

  it('is told apart from a server that breaks off, is none, or says nothing in time', async () => {
    await fails(answering({ part: `${SCORES}0\t0\t3\t7` }), 'ENGINE_UNREACHABLE');
    await fails(answering(`${SCORES}0\t0\t3\t7`), 'ENGINE_CUT_SHORT');
    await fails(answering(''), 'ENGINE_CUT_SHORT');
    await fails(
      (asked) => (asked.sql.includes('FROM usage\n') ? 'n\nInt64\n0\n' : answering(SCORES)(asked)),
      'ENGINE_CUT_SHORT',
    );
    await against(
      () => undefined,
      async (url) => await expectCode(scoreEpochs(optionsOf(url, { timeout: 1 })), 'ENGINE_TIMEOUT'),
    );
    await fails(() => '<html>Welcome</html>', 'ENGINE_STRANGE');
    await fails(() => ({ status: 404, body: 'not found' }), 'ENGINE_STRANGE');
    await against(
      () => '',
      async (url) => {
        const gone = url.replace(/:\d+$/, ':1');
        await expectCode(scoreEpochs(optionsOf(gone)), 'ENGINE_UNREACHABLE');
      },
    );
  });

  for (const [code, name, expected] of [
    [516, 'AUTHENTICATION_FAILED', 'ENGINE_LOGIN'],
    [497, 'ACCESS_DENIED', 'ENGINE_DENIED'],
    [452, 'SETTING_CONSTRAINT_VIOLATION', 'ENGINE_DENIED'],
    [241, 'MEMORY_LIMIT_EXCEEDED', 'ENGINE_FULL'],
    [159, 'TIMEOUT_EXCEEDED', 'ENGINE_TIMEOUT'],
    [394, 'QUERY_WAS_CANCELLED', 'ENGINE_STOPPED'],
    [202, 'TOO_MANY_SIMULTANEOUS_QUERIES', 'ENGINE_STOPPED'],
    [60, 'UNKNOWN_TABLE', 'ENGINE_FORGOT'],
    [115, 'UNKNOWN_SETTING', 'ENGINE_TOO_OLD'],
    [62, 'SYNTAX_ERROR', 'ENGINE_FAILED'],
  ] as const) {
    it(`says ${expected} for ${name}, of any statement`, async () => {
      await fails(() => refusal(code, name), expected);
      await fails(answering(refusal(code, name)), expected);
      await fails(
        (asked) => (asked.sql.startsWith('INSERT') ? refusal(code, name) : answering(SCORES)(asked)),
        expected,
      );
    });
  }
});
