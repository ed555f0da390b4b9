import { expect } from 'chai';
import fc from 'fast-check';

import { ProtocolError } from '../../../src/protocol/errors.ts';
import { holdSteps, NO_STEPS } from '../../../src/settlement/policy/hold-steps.ts';
import { parsePolicy } from '../../../src/settlement/policy/parse-policy.ts';
import type { EpochExplanations } from '../../../src/settlement/policy/score-steps.ts';
import { explanationFiles } from '../../../src/settlement/report/explanation-files.ts';
import { explanationsIn } from '../../../src/settlement/report/explanation-schema.ts';
import { scoreEpochs } from '../../../src/store/duckdb-scoring.ts';
import { explainEpochs, explainScores, MOST_EXPLAINED } from '../../../src/store/explain-scores.ts';
import { bentSteps } from '../../support/bent-steps.ts';
import { isDeep, runs, seed } from '../../support/effort.ts';
import { alice, bob, policyOf, row, scored, START, TASKS } from '../../support/scoring.ts';
import { stepsOfScores } from '../../support/steps-of-scores.ts';
import { randomClock, randomLedger } from './random-ledger.ts';
import { randomPolicy } from './random-policy.ts';

const TASK_MAP = new Map([
  ['voice', 'voice'],
  ['text', 'text'],
  ['letters', 'text'],
]);
const EPOCHS = 8;

/** Steps as they come back from a file: without what the ledger says beside. */
function told({ accounts, decimals }: EpochExplanations): EpochExplanations {
  return {
    decimals,
    accounts: accounts.map(({ account, steps }) => ({
      account,
      steps: {
        ...steps,
        rows: steps.rows.map((each) => ({ ...each, contribution: { ...each.contribution, attributes: {} } })),
      },
    })),
  };
}

describe('explainEpochs', function () {
  this.timeout(isDeep ? 0 : 120_000);
  const cases = randomClock.chain((clock) =>
    fc.record({
      policy: randomPolicy,
      ledger: randomLedger(clock),
      tasks: fc.constant(TASKS),
      taskMap: fc.constant(TASK_MAP),
      clock: fc.constant(clock),
    }),
  );

  it('says of everybody what is said of one, and every step leads to the scores; no bent one does', async () => {
    const met = { steps: 0, bent: 0, ineligible: 0, strangers: 0 };
    await fc.assert(
      fc.asyncProperty(cases, fc.nat(2 ** 20), async ({ policy: document, ...rest }, pick) => {
        const scoring = { ...rest, policy: parsePolicy(document), fromEpoch: 0, toEpoch: EPOCHS };
        const [scores, explained] = [await scoreEpochs(scoring), await explainEpochs(scoring)];
        for (const { epoch, scores: own, ineligible } of scores) {
          const found = explained[epoch]!;
          const files = explanationFiles(epoch, 3, found);
          const back = explanationsIn(files, { epoch, prefixBits: 3 });
          expect(back ?? { decimals: found.decimals, accounts: [] }).to.deep.equal(told(found));
          const byAccount = new Map(found.accounts.map(({ account, steps }) => [account, steps]));
          for (const account of new Set([...byAccount.keys(), ...own.map((one) => one.account)])) {
            const held = {
              ...{ account, epoch, decimals: found.decimals, tasks: TASKS.map(({ id }) => id) },
              start: scoring.clock.start + epoch * scoring.clock.length,
              end: scoring.clock.start + (epoch + 1) * scoring.clock.length,
              scores: TASKS.map(({ id }) => own.find((one) => one.account === account && one.task === id)?.score ?? 0n),
              ineligible: ineligible.find((one) => one.account === account)?.reason ?? null,
            };
            const steps = byAccount.get(account) ?? NO_STEPS;
            holdSteps(steps, held);
            met.steps++;
            if (held.ineligible !== null) met.ineligible++;
            const bent = bentSteps(steps);
            // A few of them each time: over all cases every kind comes.
            for (let at = pick % 7; at < bent.length; at += 7) {
              expect(() => holdSteps(bent[at]!.steps, held), bent[at]!.what).to.throw(ProtocolError, 'STEPS_DIFFER');
              met.bent++;
            }
          }
        }
        const epoch = pick % EPOCHS;
        const [one] = explained[epoch]!.accounts;
        if (one === undefined) return;
        const { fromEpoch: _from, toEpoch: _to, ...options } = scoring;
        expect(await explainScores({ ...options, account: one.account, epoch })).to.deep.equal(one.steps);
        const [alone] = await explainEpochs({ ...scoring, fromEpoch: epoch, toEpoch: epoch + 1 });
        expect(alone, 'another range').to.deep.equal(explained[epoch]);
      }),
      { seed: seed(), numRuns: runs(20, 1_000), endOnFailure: !isDeep },
    );
    expect(met.steps).to.be.greaterThan(runs(100, 5_000));
    expect(met.bent).to.be.greaterThan(runs(1_000, 50_000));
    expect(met.ineligible).to.be.greaterThan(0);
  });

  it('explains no epoch of more rows than it holds in memory, and every other one of the range', async () => {
    const policy = policyOf({});
    const plain = row(0);
    const many = Array.from({ length: MOST_EXPLAINED + 1 }, (_, at) => ({ ...plain, id: `m${at}`, account: bob }));
    const contributions = [...many, row(1), row(2, { account: bob })];
    const options = {
      ...{ ledger: { contributions, usage: [], accounts: [] }, policy, tasks: TASKS, taskMap: TASK_MAP },
      ...{ clock: { start: START, length: 86_400 }, fromEpoch: 0, toEpoch: 3 },
    };
    const explained = await explainEpochs(options);
    expect(explained.map((one) => one?.accounts.map(({ account }) => account))).to.deep.equal([
      undefined,
      [alice],
      [bob],
    ]);
    expect(await explainEpochs({ ...options, toEpoch: 1 })).to.deep.equal([null]);
  });

  it('writes no file that is larger than a reader would take, and then none at all', () => {
    const { accounts } = stepsOfScores(
      [bob, alice].map((account) => ({ account, task: 3, score: 20n })),
      { start: START },
    );
    const [small, large] = accounts;
    const [one] = large!.steps.rows;
    // Some 200 bytes each.
    const rows = Array.from({ length: 200_000 }, () => one!);
    const much = { account: large!.account, steps: { ...large!.steps, rows } };
    expect([...explanationFiles(0, 0, { decimals: 6, accounts }).keys()]).to.deep.equal(['explanations/0.json']);
    expect(explanationFiles(0, 24, { decimals: 6, accounts }).size).to.equal(2);
    expect(explanationFiles(0, 24, { decimals: 6, accounts: [small!, much] }).size).to.equal(0);
  });

  it('writes no attribute of the ledger into a report, not even one that multiplied', async () => {
    const quality = { attribute: 'rating', unrated: '1', levels: { secretgold: '2' } };
    const policy = policyOf({ multipliers: { quality } });
    const rows = [row(0, { attributes: { rating: 'secretgold', device: 'secretphone' } })];
    const [epoch] = await scored({ rows, policy });
    expect(epoch?.scores[0]?.score).to.equal(20_000_000n);
    const [explained] = await explainEpochs({
      ...{ ledger: { contributions: rows, usage: [], accounts: [] }, policy, tasks: TASKS, taskMap: TASK_MAP },
      ...{ clock: { start: START, length: 86_400 }, fromEpoch: 0, toEpoch: 1 },
    });
    const text = new TextDecoder().decode(explanationFiles(0, 0, explained!).get('explanations/0.json'));
    expect(text).to.contain('"name":"rating"').and.to.contain('"numerator":"2000000"');
    expect(text).not.to.contain('secret');
  });
});
