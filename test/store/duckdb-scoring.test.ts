import { expect } from 'chai';

import { InputError, InvariantError } from '../../src/protocol/errors.ts';
import type { Contribution, Usage } from '../../src/settlement/ledger/rows.ts';
import { MAX_UNITS } from '../../src/settlement/ledger/parse-number.ts';
import { MAX_SCORED_ROWS } from '../../src/settlement/policy/compile-policy.ts';
import { POLICY_BOUNDS } from '../../src/settlement/policy/policy-bounds.ts';
import { parsePolicy } from '../../src/settlement/policy/parse-policy.ts';
import { exactRows, withDuckDB } from '../../src/store/duckdb-session.ts';
import type { EpochScores } from '../../src/settlement/policy/score-steps.ts';
import { scoreEpochs } from '../../src/store/duckdb-scoring.ts';
import type { ScoringOptions } from '../../src/store/scoring-tables.ts';
import { readLedger } from '../../src/store/read-ledger.ts';
import { alice, bob, DAY, START, TASK_MAP } from '../support/ledger.ts';
import { plainScorer } from '../support/plain-scorer/plain-scorer.ts';
import { steps as stepsOf, TASKS, WEEK } from '../support/scoring.ts';

let last = 0;
function row(changes: Partial<Contribution> = {}): Contribution {
  last += 1;
  const plain = { id: `c${last}`, account: alice, time: START, task: 'voice', measure: 'units', units: 5n };
  return { ...plain, attributes: {}, ...changes };
}

function use(time: number, account = alice): Usage {
  return { contribution: 'c1', account, time, attributes: {} };
}

/** A policy with the same rules for both tasks, changed as the test likes. */
function policyWith(task: object, more: object = {}) {
  const rules = { minimumScore: '1', measures: { units: { points: '1' } }, ...task };
  return parsePolicy({ format: 'lode-policy-v1', tasks: { voice: rules, text: rules }, ...more });
}

async function score(
  contributions: readonly Contribution[],
  policy = policyWith({}),
  more: Partial<ScoringOptions> & { usage?: readonly Usage[] } = {},
): Promise<EpochScores[]> {
  return scoreEpochs({
    ledger: { contributions, usage: more.usage ?? [], accounts: [] },
    policy,
    tasks: TASKS,
    taskMap: TASK_MAP,
    clock: { start: START, length: WEEK },
    fromEpoch: 0,
    toEpoch: 2,
    ...more,
  });
}

/** Epoch, task and score of every score. */
const shown = (epochs: readonly EpochScores[]) =>
  epochs.flatMap(({ epoch, scores }) => scores.map(({ task, score: points }) => [epoch, task, points]));

describe('scoreEpochs', () => {
  it('adds up the points of an account and task in each epoch', async () => {
    const epochs = await score([
      row({ units: 5n }),
      row({ units: 6n, time: START + DAY }),
      row({ units: 7n, task: 'letters', account: bob }),
      row({ units: 8n, task: 'text', time: START + WEEK }),
    ]);
    expect(epochs).to.deep.equal([
      {
        epoch: 0,
        scores: [
          { account: alice, task: 3, score: 11n },
          { account: bob, task: 7, score: 7n },
        ].sort((a, b) => (a.account < b.account ? -1 : 1)),
        uses: [],
        ineligible: [],
      },
      { epoch: 1, scores: [{ account: alice, task: 7, score: 8n }], uses: [], ineligible: [] },
    ]);
  });

  it('gives every epoch, also those without a row, one row or one account', async () => {
    expect(await score([], policyWith({}), { toEpoch: 3 })).to.deep.equal([
      { epoch: 0, scores: [], uses: [], ineligible: [] },
      { epoch: 1, scores: [], uses: [], ineligible: [] },
      { epoch: 2, scores: [], uses: [], ineligible: [] },
    ]);
    expect(await score([], policyWith({}), { fromEpoch: 2, toEpoch: 2 })).to.deep.equal([]);
  });

  it('DIFF-2: counts a row on a border in the epoch that begins there and in no other', async () => {
    const times = [-1, 0, WEEK - 1, WEEK, 2 * WEEK - 1, 2 * WEEK];
    const rows = times.map((seconds, index) => row({ time: START + seconds, units: 10n ** BigInt(index) }));
    expect(shown(await score(rows))).to.deep.equal([
      [0, 3, 110n],
      [1, 3, 11_000n],
    ]);
    const usage = times.map((seconds) => use(START + seconds));
    const uses = (await score(rows, policyWith({}), { usage })).map((epoch) => epoch.uses);
    expect(uses).to.deep.equal([[{ account: alice, uses: 2n }], [{ account: alice, uses: 2n }]]);
  });

  it('counts the usage of an account that contributed nothing in the epoch', async () => {
    const [epoch] = await score([], policyWith({}), { usage: [use(START + 5, bob)] });
    expect(epoch?.uses).to.deep.equal([{ account: bob, uses: 1n }]);
  });

  it('leaves out a measure that the policy does not know in the epoch, and a score of nothing', async () => {
    const rows = [row({ measure: 'minutes' }), row({ units: 0n, task: 'text' })];
    expect(shown(await score(rows))).to.deep.equal([]);
  });

  it('caps the units of a measure in a UTC day, the earliest rows first', async () => {
    const policy = policyWith({ measures: { units: { points: '2', dailyCap: '10' } } });
    const rows = [
      row({ units: 7n, time: START + 10 }),
      row({ units: 7n, time: START + DAY - 1 }),
      row({ units: 7n, time: START + DAY }),
      row({ units: 7n, time: START + 5 }),
      row({ units: 7n, time: START + 20, account: bob }),
      row({ units: 7n, time: START + 20, task: 'text' }),
    ];
    const { rows: steps, days } = await stepsOf({ rows, policy, length: WEEK });
    const voice = steps.filter(({ contribution }) => contribution.task === 'voice');
    expect(voice.map(({ contribution, counted }) => [contribution.time - START, counted])).to.deep.equal([
      [5, 7n],
      [10, 3n],
      [DAY - 1, 0n],
      [DAY, 7n],
    ]);
    expect(days.map(({ task, day, kept }) => [task, day - START / DAY, kept])).to.deep.equal([
      [3, 0, 20_000_000n],
      [3, 1, 14_000_000n],
      [7, 0, 14_000_000n],
    ]);
  });

  it('caps the points of a task in a UTC day, over its measures', async () => {
    const policy = policyWith({
      dailyCap: '9.5',
      measures: { units: { points: '1' }, pages: { points: '0.75' } },
    });
    const rows = [row({ units: 8n }), row({ units: 4n, measure: 'pages' }), row({ units: 4n, time: START + DAY })];
    expect(shown(await score(rows, policy))).to.deep.equal([[0, 3, 13n]]);
  });

  it('rounds down once, at the end, to the decimals of the policy', async () => {
    const third = { measures: { units: { points: '0.333333' } } };
    const rows = [row({ units: 1n }), row({ units: 1n }), row({ units: 1n })];
    expect(shown(await score(rows, policyWith(third)))).to.deep.equal([]);
    expect(shown(await score(rows, policyWith(third, { decimals: '3' })))).to.deep.equal([[0, 3, 999n]]);
    expect(shown(await score(rows, policyWith(third, { decimals: '6' })))).to.deep.equal([[0, 3, 999_999n]]);
  });

  it('changes the rules at the first epoch of an overlay and back at its end', async () => {
    const overlays = [{ from: '1', until: '2', tasks: { voice: { measures: { units: { points: '10' } } } } }];
    const rows = [0, 1, 2].map((week) => row({ time: START + week * WEEK }));
    const epochs = await score(rows, policyWith({}, { overlays }), { toEpoch: 3 });
    expect(shown(epochs)).to.deep.equal([
      [0, 3, 5n],
      [1, 3, 50n],
      [2, 3, 5n],
    ]);
  });

  it('takes a score of 2^96 - 1, and refuses one of 2^96', async () => {
    const policy = policyWith(
      {
        measures: { units: { points: '1000000000' }, crumbs: { points: '0.000001' } },
        multipliers: { badges: { factors: { x: '999' }, most: '1000' } },
      },
      { decimals: '6' },
    );
    const largest = 2n ** 96n - 1n;
    const most = 10n ** 21n; // of a day, before its factors
    // Days of the most without the badge, one of what is left over, and days of a thousand times the most with it.
    const [small, rest] = [Number((largest % (1000n * most)) / most), largest % most];
    const days = small + 1 + Number(largest / (1000n * most));
    const time = START + small * DAY;
    const full = Array.from({ length: days }, (_, day) => row({ units: 10n ** 15n, time: START + day * DAY }));
    const rows = [
      ...full.filter((each) => each.time !== time),
      row({ units: rest / 10n ** 15n, time }),
      row({ units: rest % 10n ** 15n, measure: 'crumbs', time }),
    ];
    const accounts = [{ account: alice, badge: 'x', since: time + DAY }];
    const clock = { start: START, length: days * DAY };
    const scored = async (contributions: readonly Contribution[]) =>
      score([], policy, { ledger: { contributions, usage: [], accounts }, clock, toEpoch: 1 });
    expect(shown(await scored(rows))).to.deep.equal([[0, 3, largest]]);
    const error: unknown = await scored([...rows, row({ units: 1n, measure: 'crumbs', time })]).catch(
      (reason: unknown) => reason,
    );
    expect(error).to.be.instanceOf(InputError).with.property('code', 'SCORE_TOO_LARGE');
  });

  // DuckDB's grouped sum of HUGEINT wraps around without an error once partial sums are put together, so none may come near.
  it('DIFF-3: sums the largest units at the largest points exactly', async () => {
    const count = 200_000;
    const most = Array.from({ length: count }, () => row({ units: 10n ** 15n }));
    const policy = policyWith({ measures: { units: { points: '1000000000' } } });
    const [step] = (await stepsOf({ rows: most, policy, length: WEEK })).days;
    expect(step?.earned, 'DIFF-3').to.equal(BigInt(count) * POLICY_BOUNDS.rowPoints);
    expect(MAX_UNITS * POLICY_BOUNDS.points < 2n ** 100n).to.equal(true);
    const product = BigInt(MAX_SCORED_ROWS) * POLICY_BOUNDS.rowPoints * POLICY_BOUNDS.product; // with its factor in millionths
    expect(product < 2n ** 126n).to.equal(true);
    expect(POLICY_BOUNDS.dayPoints * POLICY_BOUNDS.dayProduct < 2n ** 127n).to.equal(true);
  });

  it('refuses tasks that the policy does not score, and a mapping to a task that is none', async () => {
    const extra = [...TASKS, { id: 9, name: 'images' }];
    const missing: unknown = await score([], policyWith({}), { tasks: extra }).catch((reason: unknown) => reason);
    expect(missing).to.be.instanceOf(InputError).with.property('code', 'POLICY_TASK_MISSING');
    const unknown: unknown = await score([], policyWith({}), { taskMap: new Map([['a', 'b']]) }).catch(
      (reason: unknown) => reason,
    );
    expect(unknown).to.be.instanceOf(InputError).with.property('code', 'TASK_UNKNOWN');
  });
});

describe('exactRows', () => {
  for (const [what, column] of [
    ['a division of whole numbers', 'CAST(7 AS HUGEINT) / 2'],
    ['a sum of UHUGEINT', 'sum(CAST(7 AS UHUGEINT))'],
    ['an average', 'avg(7)'],
    ['a FLOAT', 'CAST(7 AS FLOAT)'],
    ['a DECIMAL', '7.5'],
  ] as const) {
    it(`DIFF-3: stops at ${what} in a result`, async () => {
      const error: unknown = await withDuckDB({}, (connection) =>
        exactRows(connection, `SELECT ${column} AS score`),
      ).catch((reason: unknown) => reason);
      expect(error, 'DIFF-3').to.be.instanceOf(InvariantError).with.property('code', 'SQL_INEXACT');
    });
  }

  it('gives 128-bit numbers exactly', async () => {
    const value = 2n ** 126n + 1n;
    const rows = await withDuckDB({}, (connection) =>
      exactRows(connection, `SELECT CAST('${value}' AS HUGEINT) AS score`),
    );
    expect(rows).to.deep.equal([[value]]);
  });
});

describe('the tldr ledger', () => {
  it('DIFF-1: is scored over 650 weeks within seconds, the same on one thread and on four', async () => {
    const names = ['corpus', 'curation', 'translation', 'proofreading', 'validation'];
    const taskMap = new Map(names.map((name) => [name, name]));
    const tasks = names.map((name, index) => ({ id: index + 1, name }));
    const rules = { minimumScore: '1', measures: { units: { points: '1', dailyCap: '5000' } } };
    const written = { format: 'lode-policy-v1', tasks: Object.fromEntries(names.map((name) => [name, rules])) };
    const policy = parsePolicy(written);
    const clock = { start: Date.UTC(2014, 2, 3) / 1000, length: WEEK };
    const file = (name: string) => ({ path: `examples/tldr/tldr-${name}.csv.gz` });
    const range = { start: clock.start, end: clock.start + 650 * WEEK };
    const ledger = await readLedger(
      { contributions: [file('contributions')], usage: [file('usage')] },
      { taskMap, range },
    );
    const options = { ledger, policy, tasks, taskMap, clock, fromEpoch: 0, toEpoch: 650 };
    const began = performance.now();
    const one = await scoreEpochs({ ...options, threads: 1 });
    expect(performance.now() - began, 'milliseconds').to.be.lessThan(10_000);
    expect(await scoreEpochs({ ...options, threads: 4 })).to.deep.equal(one);
    const uses = one.flatMap((epoch) => epoch.uses).reduce((sum, each) => sum + each.uses, 0n);
    expect(uses).to.equal(BigInt(ledger.usage.length));
    const { epoch, ...found } = one[300]!;
    const [start, end] = [clock.start + epoch * WEEK, clock.start + (epoch + 1) * WEEK];
    const isThatWeek = ({ time }: { readonly time: number }) => time >= start && time < end;
    const week = { contributions: ledger.contributions.filter(isThatWeek), usage: ledger.usage.filter(isThatWeek) };
    const byHand = plainScorer({ policy: written, ledger: { ...week, accounts: [] }, tasks, taskMap, clock });
    expect({ epoch, ...found }).to.deep.equal(byHand.epoch(epoch));
  });
});
