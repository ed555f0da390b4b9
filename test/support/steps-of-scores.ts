import type { EpochRecord } from '../../src/protocol/epoch-record.ts';
import type { TaskScore } from '../../src/settlement/epoch-scores.ts';
import { byAccount } from '../../src/settlement/epoch-scores.ts';
import type { EpochExplanations, FactorStep, ScoreSteps } from '../../src/settlement/policy/score-steps.ts';

const DAY = 86_400;
const MILLION = 1_000_000n;
/** So many rows of a tenth of a point has everybody; more than a page shows at first. */
export const SMALL_ROWS = 60;

/**
 * A way to these scores, each of them a whole number of points and each account in one task: rows of two measures on one day.
 *
 * @param small rows of a tenth of a point each, ten times fewer of them than anybody's score
 */
export function stepsOfScores(
  scores: readonly TaskScore[],
  { start }: Pick<EpochRecord, 'start'>,
  small = SMALL_ROWS,
): EpochExplanations {
  const stepsFor = (score: TaskScore) => ({ account: score.account, steps: stepsOf(score, start, small) });
  return { decimals: 0, accounts: scores.map(stepsFor).sort(byAccount) };
}

const half: FactorStep = { kind: 'quality', name: 'rating', numerator: MILLION / 2n, denominator: MILLION };
const streak: FactorStep = { kind: 'streak', numerator: 3n, denominator: 3n };
const consistency: FactorStep = { kind: 'consistency', numerator: MILLION, denominator: MILLION, count: 0n, of: 8n };

function stepsOf({ account, task, score }: TaskScore, start: number, count: number): ScoreSteps {
  const made = { account, task: `task ${task}`, attributes: {} };
  const rest = score - BigInt(count) / 10n;
  const large = {
    contribution: { ...made, id: 'large', time: start, measure: 'units', units: 2n * rest },
    ...{ task, counted: 2n * rest, earned: 2n * rest * MILLION, factors: [half], after: rest * MILLION },
  };
  const small = Array.from({ length: count }, (_, at) => ({
    contribution: { ...made, id: `small-${at}`, time: start, measure: 'pages', units: 3n },
    ...{ task, counted: 1n, earned: MILLION / 10n, factors: [], after: MILLION / 10n },
  }));
  const points = score * MILLION;
  const day = (start - (start % DAY)) / DAY;
  const total = { task, days: points, uses: 0n, usagePoints: 0n, factors: [consistency], total: points, score };
  return {
    rows: [large, ...small],
    days: [{ task, day, earned: points, capped: points, factors: [streak], kept: points }],
    tasks: [total],
    eligibility: null,
  };
}
