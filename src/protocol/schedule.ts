import { assertInput } from './errors.ts';

/** A value and the epoch from which it acts. */
export interface ScheduleEntry<Value> {
  readonly from: number;
  readonly value: Value;
}

/** A value that changes by epoch, by rising epoch: what was in force in any epoch can always be asked. */
export type Schedule<Value> = readonly ScheduleEntry<Value>[];

/**
 * Adds a change; the same epoch again overwrites. Throws `EpochHistory_OutOfOrder` for an epoch before the last entry's.
 *
 * @example
 * valueAt(scheduleValue([{ from: 0, value: 'a' }], 5, 'b'), 4) // 'a'
 */
export function scheduleValue<Value>(schedule: Schedule<Value>, from: number, value: Value): Schedule<Value> {
  const last = schedule.at(-1);
  assertInput(
    last === undefined || from >= last.from,
    'EpochHistory_OutOfOrder',
    'A later change is already scheduled',
    {
      from,
      last: last?.from,
    },
  );
  const kept = last?.from === from ? schedule.slice(0, -1) : schedule;
  return [...kept, { from, value }];
}

/** The value in force in an epoch; `undefined` before the first entry. */
export function valueAt<Value>(schedule: Schedule<Value>, epoch: number): Value | undefined {
  return schedule.findLast((entry) => entry.from <= epoch)?.value;
}
