import { expect } from 'chai';
import fc from 'fast-check';

import { parsePolicy } from '../../../src/settlement/policy/parse-policy.ts';
import type { EpochScores, FactorStep } from '../../../src/settlement/policy/score-steps.ts';
import { explainScores } from '../../../src/store/explain-scores.ts';
import type { ScoringEngine } from '../../../src/store/scoring-engine.ts';
import { accountOf } from '../../support/ledger.ts';
import type { PlainEpoch, PlainScorer, PlainScoring } from '../../support/plain-scorer/plain-scorer.ts';
import type { PlainFactor } from '../../support/plain-scorer/score-task.ts';
import { randomClock, randomLedger } from './random-ledger.ts';
import { randomPolicy } from './random-policy.ts';

const TASKS = [
  { id: 3, name: 'voice' },
  { id: 7, name: 'text' },
];
const TASK_MAP = new Map([
  ['voice', 'voice'],
  ['text', 'text'],
  ['letters', 'text'],
]);
/** How many epochs the cases have. */
export const EPOCHS = 8;

/** The same scoring for the engine, which reads the policy its own way. */
export function engineOptions(scoring: PlainScoring) {
  return { ...scoring, policy: parsePolicy(scoring.policy) };
}

/** Every fact of some epochs as a line of its own, so that a difference can be read. */
function facts(epochs: readonly (EpochScores | PlainEpoch)[]): string[] {
  return epochs.flatMap(({ epoch, scores, uses, ineligible }) => [
    ...scores.map(({ account, task, score }) => `epoch ${epoch}: ${account} scores ${score} in ${task}`),
    ...uses.map((each) => `epoch ${epoch}: ${each.account} has ${each.uses} uses`),
    ...ineligible.map(({ account, reason }) => `epoch ${epoch}: ${account} is ${reason}`),
  ]);
}

/** Holds scores, uses and reasons against those of the plain scorer. */
export function expectSame(found: readonly EpochScores[], plain: readonly PlainEpoch[], what: string): void {
  const [engine, hand] = [facts(found), facts(plain)];
  const only = (some: readonly string[], others: readonly string[]) => some.filter((line) => !others.includes(line));
  const difference = [
    ...only(engine, hand).map((line) => `only the engine: ${line}`),
    ...only(hand, engine).map((line) => `only by hand: ${line}`),
  ];
  expect(difference, `${what}\n${difference.join('\n')}`).to.deep.equal([]);
  expect(found, what).to.deep.equal(plain);
}

/** Factors as both say them; what the engine adds for people is left out. */
function factors(list: readonly (FactorStep | PlainFactor)[]) {
  return list.map(({ kind, name, numerator, denominator }) => {
    // The attribute of a rating is known from the policy; only where there may be several does the name tell them apart.
    const isOneOfSeveral = kind === 'scarcity' || kind === 'measured';
    return { kind, numerator, denominator, ...(isOneOfSeveral ? { name } : {}) };
  });
}

/** Deep equality whose message shows both sides whole. */
function expectEqual(found: unknown, plain: unknown, what: string): void {
  const shown = (value: unknown) =>
    JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? `${each}` : each));
  expect(found, `DIFF-3: ${what}\nengine: ${shown(found)}\nby hand: ${shown(plain)}`).to.deep.equal(plain);
}

/** Holds every step of the engine's explanation against the plain scorer's. */
export async function expectSameSteps(
  scoring: PlainScoring,
  scorer: PlainScorer,
  { who, epoch, engine }: { readonly who: number; readonly epoch: number; readonly engine?: ScoringEngine },
): Promise<void> {
  const account = accountOf(who);
  const found = await explainScores({ ...engineOptions(scoring), account, epoch, engine });
  const { scores, ineligible } = scorer.epoch(epoch);
  for (const { id, name } of TASKS) {
    const plain = scorer.steps(account, name, epoch);
    const rows = found.rows
      .filter(({ task }) => task === id)
      .map(({ task: _task, ...row }) => ({ ...row, factors: factors(row.factors) }));
    expectEqual(
      rows,
      plain.rows.map((row) => ({ ...row, factors: factors(row.factors) })),
      'rows',
    );
    const days = found.days
      .filter(({ task }) => task === id)
      .map(({ task: _task, ...day }) => ({ ...day, factors: factors(day.factors) }));
    expectEqual(
      days,
      plain.days.map(({ sum: earned, ...day }) => ({ ...day, earned, factors: factors(day.factors) })),
      'days',
    );
    const total = found.tasks.find(({ task }) => task === id);
    const { sum, uses, usagePoints, score } = plain;
    if (total === undefined) {
      expectEqual([plain.rows, usagePoints], [[], 0n], 'a task without a total');
    } else {
      const told = { days: total.days, usagePoints: total.usagePoints, total: total.total, score: total.score };
      expectEqual(told, { days: sum, usagePoints, total: plain.total, score }, 'total');
      expectEqual(factors(total.factors), factors(plain.factors), 'factors of the epoch');
      if (usagePoints > 0n) expectEqual(total.uses, uses, 'uses');
    }
    const scored = scores.find((each) => each.account === account && each.task === id)?.score ?? 0n;
    expectEqual(found.eligibility?.eligible === false ? 0n : score, scored, 'the explained score');
  }
  const reason = ineligible.find((each) => each.account === account)?.reason;
  if (reason !== undefined) expectEqual(found.eligibility?.reason, reason, 'reason');
}

/** A policy, a ledger and a part of its epochs, all by chance. */
export const randomCases = randomClock.chain((clock) =>
  fc.record({
    scoring: fc.record({
      policy: randomPolicy,
      ledger: randomLedger(clock),
      tasks: fc.constant(TASKS),
      taskMap: fc.constant(TASK_MAP),
      clock: fc.constant(clock),
    }),
    from: fc.nat(EPOCHS - 1),
    length: fc.integer({ min: 1, max: 3 }),
    who: fc.integer({ min: 1, max: 4 }),
    threads: fc.integer({ min: 2, max: 4 }),
  }),
);
