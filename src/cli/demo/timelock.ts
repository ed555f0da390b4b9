import { InvariantError } from '../../protocol/errors.ts';
import { sendAndWait, type Stage } from './stage.ts';

const NOTHING_BEFORE = `0x${'0'.repeat(64)}`;

/** A change that waits in the timelock for everybody to see. */
export interface WaitingChange {
  readonly ready: number;
  readonly execute: () => Promise<void>;
}

/** One call of a change. */
export interface TimelockCall {
  readonly target: string;
  readonly data: string;
}

/**
 * The council schedules calls, all or none of them; the timelock makes them wait.
 *
 * @throws {InvariantError} `DEMO_TIMELOCK` when it does not
 */
export async function waitInTimelock(
  { connection, actors, gas, now }: Stage,
  calls: readonly TimelockCall[],
  salt: string,
): Promise<WaitingChange> {
  const timelock = connection.contracts.timelock.connect(actors.council);
  const targets = calls.map(({ target }) => target);
  const data = calls.map((call) => call.data);
  const values = calls.map(() => 0n);
  const delay = await timelock.getMinDelay();
  const scheduled = await sendAndWait(() => timelock.scheduleBatch(targets, values, data, NOTHING_BEFORE, salt, delay));
  gas.note('schedule a change', scheduled.gasUsed);
  const operation = await timelock.hashOperationBatch(targets, values, data, NOTHING_BEFORE, salt);
  if (await timelock.isOperationReady(operation)) {
    throw new InvariantError({ code: 'DEMO_TIMELOCK', shortMessage: 'the timelock did not wait' });
  }
  const execute = async (): Promise<void> => {
    const executed = await sendAndWait(() => timelock.executeBatch(targets, values, data, NOTHING_BEFORE, salt));
    gas.note('execute it after the delay', executed.gasUsed);
  };
  return { ready: (await now()) + Number(delay) + 1, execute };
}
