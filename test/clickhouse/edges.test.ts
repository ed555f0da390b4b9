import { expect } from 'chai';

import type { Contribution } from '../../src/settlement/ledger/rows.ts';
import { POLICY_BOUNDS } from '../../src/settlement/policy/policy-bounds.ts';
import { scoreEpochs } from '../../src/store/duckdb-scoring.ts';
import { explainScores } from '../../src/store/explain-scores.ts';
import type { ScoringOptions } from '../../src/store/scoring-tables.ts';
import { withEngineSession } from '../../src/store/clickhouse/engine-session.ts';
import { isDeep } from '../support/effort.ts';
import { expectCode } from '../support/expect-code.ts';
import { alice, badge, bob, DAY, policyOf, row, START, TASKS, use } from '../support/scoring.ts';
import { realEngine } from './real-engine.ts';

const SCARCE = { window: '3', reference: '0.5', most: '3', unseen: '2' };

describe('ClickHouse at the edges', function () {
  this.timeout(isDeep ? 0 : 120_000);
  const real = realEngine();

  const optionsOf = (more: Partial<ScoringOptions>): ScoringOptions => ({
    ledger: { contributions: [], usage: [], accounts: [] },
    policy: policyOf({}),
    tasks: TASKS,
    taskMap: new Map(TASKS.map(({ name }) => [name, name])),
    clock: { start: START, length: DAY },
    fromEpoch: 0,
    toEpoch: 1,
    ...more,
  });
  /** What both engines give, which is the same. */
  const both = async (more: Partial<ScoringOptions>) => {
    const found = await scoreEpochs({ ...optionsOf(more), engine: real.engine() });
    expect(found, 'DIFF-3').to.deep.equal(await scoreEpochs(optionsOf(more)));
    return found;
  };
  const scores = (epochs: Awaited<ReturnType<typeof both>>) =>
    epochs.flatMap((each) => each.scores.map(({ task, score }) => [each.epoch, task, score]));

  it('scores no row, one row, and a row that is only history', async () => {
    const policy = policyOf({
      usage: { points: '1' },
      multipliers: {
        ...{ scarcity: { language: SCARCE }, streak: { per: '2', most: '5' } },
        ...{ consistency: { epochs: '3', bonus: '0.5' }, loyalty: { epochs: '4', bonus: '0.25', most: '2' } },
        ...{
          badges: { factors: { x: '0.5' }, most: '2' },
          quality: { attribute: 'quality', unrated: '1', levels: { gold: '2' } },
        },
      },
    });
    expect(scores(await both({ policy, toEpoch: 3 }))).to.deep.equal([]);
    const one = row(1, { attributes: { language: 'en' } });
    const ledger = { contributions: [one], usage: [], accounts: [badge('x', START)] };
    expect(scores(await both({ policy, ledger, toEpoch: 3 }))).to.have.length(1);
    const used = { ...ledger, usage: [use(one, START + 2 * DAY + 5)] };
    expect(scores(await both({ policy, ledger: used, fromEpoch: 2, toEpoch: 3 }))).to.have.length(1);
  });

  it('DIFF-3: takes a score of 2^96 - 1, and refuses one of 2^96', async () => {
    const policy = policyOf({
      measures: { units: { points: '1000000000' }, crumbs: { points: '0.000001' } },
      multipliers: { badges: { factors: { x: '999' }, most: '1000' } },
    });
    const largest = 2n ** 96n - 1n;
    const most = POLICY_BOUNDS.dayPoints;
    const [small, rest] = [Number((largest % (1000n * most)) / most), largest % most];
    const days = small + 1 + Number(largest / (1000n * most));
    const full = Array.from({ length: days }, (_, day) => row(day, { units: 10n ** 15n })).filter(
      (_, day) => day !== small,
    );
    const rows = [
      ...full,
      row(small, { units: rest / 10n ** 15n }),
      row(small, { units: rest % 10n ** 15n, measure: 'crumbs' }),
    ];
    const given = (contributions: readonly Contribution[]) => ({
      policy,
      ledger: { contributions, usage: [], accounts: [badge('x', START + (small + 1) * DAY)] },
      clock: { start: START, length: days * DAY },
    });
    expect(scores(await both(given(rows)))).to.deep.equal([[0, 3, largest]]);
    const more = optionsOf(given([...rows, row(small, { units: 1n, measure: 'crumbs' })]));
    await expectCode(scoreEpochs({ ...more, engine: real.engine() }), 'SCORE_TOO_LARGE');
  });

  it('DIFF-3: sums the largest units at the largest points exactly, past 2^64 and near 2^96', async () => {
    const count = 100_000;
    const contributions = Array.from({ length: count }, () => row(0, { units: 10n ** 15n }));
    const policy = policyOf({ measures: { units: { points: '1000000000' } } });
    const options = optionsOf({ policy, ledger: { contributions, usage: [], accounts: [] } });
    const { toEpoch: _, fromEpoch: epoch, ...rest } = options;
    const [step] = (await explainScores({ ...rest, epoch, account: alice, engine: real.engine() })).days;
    expect(step?.earned, 'DIFF-3').to.equal(BigInt(count) * POLICY_BOUNDS.rowPoints);
    expect(step?.capped, 'DIFF-3').to.equal(POLICY_BOUNDS.dayPoints);
  });

  it('takes no name of a ledger or policy as SQL', async () => {
    const evil = `'); DROP TABLE contributions; -- " \` \\' \\ {x:Int32} %s`.slice(0, 60);
    const policy = policyOf({
      measures: { units: { points: '1' } },
      multipliers: {
        scarcity: { language: { ...SCARCE, values: [evil, 'en'] } },
        badges: { factors: { [evil]: '0.5' }, most: '2' },
      },
    });
    const contributions = [0, 1, 2].flatMap((day) => [
      row(day, { attributes: { language: evil }, id: `${evil}${day}` }),
      row(day, { attributes: { language: 'en' }, account: bob, measure: evil }),
      row(day, { attributes: { language: 'en' }, account: bob, task: evil }),
      row(day, { attributes: { language: 'en' }, account: bob }),
    ]);
    const ledger = { contributions, usage: [], accounts: [badge(evil, START)] };
    const found = await both({
      policy,
      ledger,
      taskMap: new Map([
        [evil, 'text'],
        ['voice', 'voice'],
      ]),
      toEpoch: 3,
    });
    expect(scores(found)).to.have.length(9);
  });

  it('reads a result by the types of its columns, and stops at one that is not exact', async () => {
    const place = { url: real.url(), user: 'default', password: '', timeout: 60 };
    const most = 2n ** 127n - 1n;
    await withEngineSession(place, async ({ rows }) => {
      const sql = `SELECT toInt128('${most}') AS a, toInt128('${-most - 1n}') AS b, NULL::Nullable(Int64) AS c, 7 AS d`;
      expect(await rows(sql, ['a', 'b', 'c', 'd'])).to.deep.equal([[most, -most - 1n, null, 7]]);
      for (const column of ['7 / 2', 'avg(7)', 'toFloat64(7)', 'toDecimal128(7, 2)', "'7'", 'now()', '[7]']) {
        await expectCode(rows(`SELECT ${column} AS score`, ['score']), 'SQL_INEXACT');
      }
      await expectCode(rows('SELECT 1 AS b, 2 AS a', ['a', 'b']), 'SQL_INEXACT');
    });
  });
});
