import { expect } from 'chai';

import { ProtocolError } from '../../../src/protocol/errors.ts';
import type { HeldScores } from '../../../src/settlement/policy/hold-steps.ts';
import { holdSteps, NO_STEPS } from '../../../src/settlement/policy/hold-steps.ts';
import type { ScoreSteps } from '../../../src/settlement/policy/score-steps.ts';
import { bentSteps } from '../../support/bent-steps.ts';
import { alice, DAY, START } from '../../support/ledger.ts';
import { stepsOfScores } from '../../support/steps-of-scores.ts';

const held: HeldScores = {
  ...{ account: alice, epoch: 4, start: START, end: START + 7 * DAY, decimals: 0 },
  ...{ tasks: [2, 3], scores: [0n, 17n], ineligible: null },
};

const plain = (): ScoreSteps => stepsOfScores([{ account: alice, task: 3, score: 17n }], held).accounts[0]!.steps;

/** The step that does not add up; null where all do. */
function stepOf(steps: ScoreSteps, given: Partial<HeldScores> = {}): unknown {
  try {
    holdSteps(steps, { ...held, ...given });
    return null;
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    expect(error.code).to.equal('STEPS_DIFFER');
    return error.details['step'];
  }
}

describe('holdSteps', () => {
  it('takes the worked example of the language: quality, three factors of a day as one fraction, two of the epoch', () => {
    const one = 1_000_000n;
    const factor = (kind: 'quality' | 'streak' | 'badges' | 'consistency' | 'loyalty', numerator: bigint) => {
      return { kind, numerator, denominator: kind === 'streak' ? 10n : one };
    };
    const day = { task: 3, day: START / DAY, earned: 150n * one, capped: 150n * one };
    const minutes = { account: alice, task: 'voice', attributes: {}, time: START };
    const steps: ScoreSteps = {
      rows: [
        {
          contribution: { ...minutes, id: 'a', measure: 'units', units: 10n },
          ...{ task: 3, counted: 10n, earned: 100n * one, factors: [factor('quality', 1_500_000n)], after: 150n * one },
        },
        {
          contribution: { ...minutes, id: 'b', measure: 'online', units: 60n },
          ...{ task: 3, counted: 60n, earned: 0n, factors: [factor('quality', one)], after: 0n },
        },
      ],
      days: [
        {
          ...day,
          factors: [
            { kind: 'measured', name: 'online', numerator: 60n, denominator: 120n },
            factor('streak', 2n),
            factor('badges', 3n * one),
          ],
          kept: 45n * one,
        },
      ],
      tasks: [
        {
          ...{ task: 3, days: 45n * one, uses: 0n, usagePoints: 0n, total: 48_290_625n, score: 48_290_625n },
          factors: [factor('consistency', 1_062_500n), factor('loyalty', 1_010_000n)],
        },
      ],
      eligibility: null,
    };
    expect(stepOf(steps, { decimals: 6, scores: [0n, 48_290_625n] })).to.equal(null);
    expect(stepOf(steps, { decimals: 3, scores: [0n, 48_290n] })).to.equal('task 3, its score,');
    for (const bent of bentSteps(steps)) {
      expect(stepOf(bent.steps, { decimals: 6, scores: [0n, 48_290_625n] }), bent.what).to.be.a('string');
    }
  });

  it('names the first step that does not add up, and no change of a figure passes', () => {
    const steps = plain();
    expect(stepOf(steps)).to.equal(null);
    expect(stepOf({ ...steps, rows: [{ ...steps.rows[0]!, after: 1n }, ...steps.rows.slice(1)] })).to.equal(
      'row 1, its points after its factors,',
    );
    const bent = bentSteps(steps);
    expect(bent.length).to.be.greaterThan(400);
    for (const { what, steps: changed } of bent) expect(stepOf(changed), what).to.be.a('string');
  });

  it('holds the score to the proven one, in each task of the epoch and no other', () => {
    expect(stepOf(plain(), { scores: [0n, 18n] })).to.equal('task 3, its proven score,');
    expect(stepOf(plain(), { scores: [1n, 17n] })).to.equal('task 2, its proven score,');
    expect(stepOf(plain(), { tasks: [2], scores: [0n] }), 'work in a task that earns nothing').to.equal(null);
    expect(stepOf(NO_STEPS)).to.equal('task 3, its proven score,');
    expect(stepOf(NO_STEPS, { scores: [0n, 0n] })).to.equal(null);
  });

  it('lets nobody score who is not eligible, and asks for the reason that the report gives', () => {
    const eligibility = { eligible: false, reason: 'too-young', firstSeen: START } as const;
    const young = { ...plain(), eligibility };
    expect(stepOf(young, { scores: [0n, 0n] })).to.equal('why the account cannot score');
    const listed = { scores: [0n, 0n], ineligible: 'too-young' as const };
    expect(stepOf(young, listed)).to.equal(null);
    expect(stepOf(plain(), listed)).to.equal('why the account cannot score');
    expect(stepOf(young, { ...listed, scores: [0n, 17n] })).to.equal('task 3, its proven score,');
  });

  it('keeps one daily cap for all days of a task', () => {
    const steps = plain();
    const [day] = steps.days;
    const later = steps.rows.map((row) => {
      return { ...row, contribution: { ...row.contribution, time: START + DAY } };
    });
    const points = day!.earned;
    const capped = (first: bigint, second: bigint): ScoreSteps => {
      const sum = first + second;
      return {
        ...steps,
        rows: [...steps.rows, ...later],
        days: [
          { ...day!, capped: first, kept: first },
          { ...day!, day: day!.day + 1, capped: second, kept: second },
        ],
        tasks: [{ ...steps.tasks[0]!, days: sum, total: sum, score: sum / 1_000_000n }],
      };
    };
    const scores = (score: bigint) => ({ scores: [0n, score] });
    expect(stepOf(capped(points, points), scores(34n))).to.equal(null);
    expect(stepOf(capped(5_000_000n, 5_000_000n), scores(10n))).to.equal(null);
    expect(stepOf(capped(5_000_000n, 6_000_000n), scores(11n))).to.be.a('string');
    expect(stepOf(capped(5_000_000n, points), scores(22n))).to.be.a('string');
  });
});
