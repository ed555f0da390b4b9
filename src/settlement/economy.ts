import { parseAddress, parseHash32 } from '../protocol/brands.ts';
import { budgetOf } from '../protocol/emission-curve.ts';
import type { EpochClock } from '../protocol/epoch-clock.ts';
import { endOf } from '../protocol/epoch-clock.ts';
import type { EpochRecord } from '../protocol/epoch-record.ts';
import type { EconomyParameters } from './economy-parameters.ts';
import type { EpochColumns } from './columns/epoch-columns.ts';
import { activityIn } from './columns/epoch-columns.ts';
import { actingAt, valueAt } from './economy-parameters.ts';
import type { AccountUses, TaskScore } from './epoch-scores.ts';
import type { EpochSettlement } from './settle-epoch.ts';
import { settleActivity, settleEpoch } from './settle-epoch.ts';
import type { State } from './state.ts';

/** What the world outside says about one epoch. */
export interface EpochEvents {
  readonly scores: readonly TaskScore[];
  readonly uses: readonly AccountUses[];
  /** Average price over the epoch (wad); 0 is neutral. */
  readonly price: bigint;
}

/** The clock of the economy. */
export function clockOf({ start, epochLength }: EconomyParameters): EpochClock {
  return { start, length: epochLength };
}

/** The cohort that an epoch's grants join: when its release starts, and for how long it goes on. */
export function cohortOf(parameters: EconomyParameters, epoch: number): { cohortEnd: number; duration: number } {
  const { from, value: terms } = actingAt(parameters.terms, epoch);
  const place = (epoch - from) % terms.cohortEpochs;
  return { cohortEnd: endOf(clockOf(parameters), epoch - place + terms.cohortEpochs - 1), duration: terms.duration };
}

/** Closes an epoch: everything that decides it, frozen. The twin of `closeEpoch`, with a price read elsewhere. */
export function closeEpoch(parameters: EconomyParameters, epoch: number, price: bigint): EpochRecord {
  const tasks = valueAt(parameters.tasks, epoch);
  const policy = valueAt(parameters.policy, epoch);
  const law = valueAt(parameters.reserve, epoch);
  const foundation = valueAt(parameters.foundation, epoch);
  const challenge = valueAt(parameters.challenge, epoch);
  const end = endOf(clockOf(parameters), epoch);
  return {
    epoch,
    start: end - parameters.epochLength,
    end,
    budget: budgetOf({ start: parameters.start, periods: parameters.curve }, clockOf(parameters), epoch),
    tasks: tasks.map(({ task }) => task),
    weights: tasks.map(({ weight }) => weight),
    minScores: policy.minScores,
    policyHash: parseHash32(policy.hash),
    price,
    reserve: { ...law, priceSource: parseAddress(law.priceSource) },
    foundation: parseAddress(foundation.account),
    foundationShare: foundation.share,
    accountCap: valueAt(parameters.accountCap, epoch),
    accelerationBound: valueAt(parameters.accelerationBound, epoch),
    ...cohortOf(parameters, epoch),
    window: challenge.window,
    bond: challenge.bond,
  };
}

/**
 * As {@link advance}, from columns. Work in a task that governance has not added yet, or no longer counts, earns nothing.
 */
export function advanceColumns(
  parameters: EconomyParameters,
  parent: State,
  columns: EpochColumns,
  price: bigint,
): EpochSettlement {
  const record = closeEpoch(parameters, parent.epoch + 1, price);
  const unlockPerUse = valueAt(parameters.unlockPerUse, record.epoch);
  return settleActivity({ parent, record, unlockPerUse }, activityIn(columns, record.tasks));
}

/** Closes and settles the epoch after `parent`, and makes it final: `next` is the state of the chain afterwards. */
export function advance(parameters: EconomyParameters, parent: State, events: EpochEvents): EpochSettlement {
  const record = closeEpoch(parameters, parent.epoch + 1, events.price);
  const { scores, uses } = events;
  const unlockPerUse = valueAt(parameters.unlockPerUse, record.epoch);
  return settleEpoch({ parent, record, scores, uses, unlockPerUse });
}
