import type { EpochRecord } from '../protocol/epoch-record.ts';
import { InputError } from '../protocol/errors.ts';
import { valueAt } from '../settlement/economy-parameters.ts';
import type { EpochScores } from '../settlement/policy/score-steps.ts';
import type { PresetParameters } from '../settlement/preset/preset-parameters.ts';
import type { EpochSettlement } from '../settlement/settle-epoch.ts';
import { settleEpoch } from '../settlement/settle-epoch.ts';
import type { State } from '../settlement/state.ts';
import type { ScoreOptions } from './score-ledger.ts';
import { scoreEpochOf } from './score-ledger.ts';

/** The ledger and the rules that it is scored by; what the record says already is not among them. */
export type LedgerSource = Omit<ScoreOptions, 'from' | 'epoch'>;

/** An epoch settled anew, and how its tasks are called. */
export interface RecomputedEpoch {
  readonly settled: EpochSettlement;
  readonly taskNames: ReadonlyMap<number, string>;
}

/**
 * Settles one epoch from the ledger, by the record with which the chain closed it and the state before it. Weights, prices and
 * every other governed parameter stand in the record; the policy has to be the one that it names.
 *
 * @throws {InputError} `POLICY_DIFFERS`, `PRESET_DIFFERS`, `TASK_UNKNOWN`, or what the ledger is refused for
 */
export async function recomputeEpoch(
  source: LedgerSource,
  record: EpochRecord,
  parent: State,
): Promise<RecomputedEpoch> {
  const { parameters, scored } = await scoreEpochOf({ ...source, from: firstStart(record), epoch: record.epoch });
  checkRecord(parameters, record);
  const unlockPerUse = valueAt(parameters.economy.unlockPerUse, record.epoch);
  const settled = settleEpoch({ parent, record, unlockPerUse, uses: scored.uses, scores: counting(scored, record) });
  return { settled, taskNames: new Map(parameters.tasks.map(({ id, name }) => [id, name])) };
}

/** When epoch 0 began, by the record of any epoch. */
export function firstStart({ epoch, start, end }: EpochRecord): number {
  return start - epoch * (end - start);
}

/** The scores in the tasks that the record has: work in others earns nothing. */
export function counting({ scores }: EpochScores, record: EpochRecord): EpochScores['scores'] {
  const tasks = new Set(record.tasks);
  return scores.filter(({ task }) => tasks.has(task));
}

/**
 * Makes sure that a preset, with its changes, is the one that an epoch was closed under.
 *
 * @throws {InputError} `POLICY_DIFFERS`, `PRESET_DIFFERS`, `TASK_UNKNOWN`
 */
export function checkRecord({ economy, tasks }: PresetParameters, record: EpochRecord): void {
  const { epoch, start, end } = record;
  if (economy.epochLength !== end - start) {
    const details = { epoch, chain: end - start, preset: economy.epochLength };
    throw new InputError({ code: 'PRESET_DIFFERS', shortMessage: 'the preset has epochs of another length', details });
  }
  const policy = valueAt(economy.policy, epoch);
  if (policy.hash !== record.policyHash) {
    throw new InputError({
      code: 'POLICY_DIFFERS',
      shortMessage: `epoch ${epoch} is scored by another policy than the one at hand`,
      details: {
        ...{ epoch, chain: record.policyHash, ours: policy.hash },
        next: 'name the policy that was voted for in the file of --changes',
      },
    });
  }
  const unknown = record.tasks.find((id) => !tasks.some((task) => task.id === id));
  if (unknown !== undefined) {
    throw new InputError({
      code: 'TASK_UNKNOWN',
      shortMessage: `epoch ${epoch} has a task that the preset does not know`,
      details: { epoch, task: unknown, next: 'name the task that was added in the file of --changes' },
    });
  }
}
