import { MAX_UINT96 } from '../../protocol/words.ts';
import type { Cohort } from '../../protocol/vesting-curve.ts';
import { roll } from '../../protocol/vesting-curve.ts';
import { fundsFrom } from '../epoch-outcome.ts';
import type { FaultContext, Refusal } from './evidence.ts';

/** What follows from the context alone. */
export interface Judged {
  readonly tasks: number;
  /** The parent's total curve's cohorts unfinished at the epoch's end. */
  readonly cohorts: readonly Cohort[];
  /** What an account with these scores is granted, by the declared participants and totals. */
  grantOf(scores: readonly bigint[]): bigint;
}

/** Computes what follows from the context, or says why such a declaration is refused. */
export function judge(context: FaultContext): Judged | Refusal {
  const { record, parent, settlement } = context;
  const { leafCount, participants, scoreTotals, granted, accelerated } = settlement;
  if (/^0x0*$/.test(settlement.root) !== (leafCount === 0)) return 'root-and-leaf-count';
  const tasks = record.tasks.length;
  if (participants.length !== tasks || scoreTotals.length !== tasks) return 'tasks-length';
  for (let i = 0; i < tasks; i++) {
    const [count = 0, total = 0n, minimum = 1n] = [participants[i], scoreTotals[i], record.minScores[i]];
    if (count > leafCount) return 'participants-above-leaf-count';
    if (total < BigInt(count) * minimum || total > BigInt(leafCount) * MAX_UINT96) return 'score-total-out-of-range';
  }
  const funds = fundsFrom(record, parent.reserve, participants, scoreTotals);
  if (granted > funds.miners) return 'granted-above-miners';
  const { cohorts } = roll(parent.totalCurve, record.end);
  if (accelerated.length !== cohorts.length) return 'accelerated-length';
  if (cohorts.some(({ amount }, j) => (accelerated[j] ?? 0n) > amount)) return 'accelerated-above-cohort';
  return { tasks, cohorts, grantOf: (scores) => funds.grantsOf(scores).grant };
}
