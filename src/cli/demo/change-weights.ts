import { id } from 'ethers';

import { InvariantError } from '../../protocol/errors.ts';
import type { TaskWeight } from '../../settlement/economy-parameters.ts';
import { sendAndWait, type Stage } from './stage.ts';

const NOTHING_BEFORE = `0x${'0'.repeat(64)}`;

/**
 * Changes the weights of the tasks from an epoch on, as governance does it: the council schedules the call in the timelock,
 * the delay passes for everybody to see, and only then it can be executed.
 */
export async function changeWeights(stage: Stage, from: number, weights: readonly TaskWeight[]): Promise<void> {
  const { chain, connection, actors, gas, now } = stage;
  const { contracts, addresses } = connection;
  const timelock = contracts.timelock.connect(actors.council);
  const { interface: calls } = contracts.registry;
  const call = calls.encodeFunctionData('scheduleTasks', [from, [...weights]]);
  const target = addresses.registry;
  const salt = id(`weights from epoch ${from}`);
  const delay = await timelock.getMinDelay();
  const scheduled = await sendAndWait(() => timelock.schedule(target, 0n, call, NOTHING_BEFORE, salt, delay));
  gas.note('schedule a change of weights', scheduled.gasUsed);
  const early = await timelock.isOperationReady(await timelock.hashOperation(target, 0n, call, NOTHING_BEFORE, salt));
  if (early) throw new InvariantError({ code: 'DEMO_TIMELOCK', shortMessage: 'the timelock did not wait' });
  await chain.travelTo((await now()) + Number(delay) + 1);
  const executed = await sendAndWait(() => timelock.execute(target, 0n, call, NOTHING_BEFORE, salt));
  gas.note('execute it after the delay', executed.gasUsed);
}

/** The weights with `part` (wad) moved from the first task to the third. */
export function shifted(weights: readonly TaskWeight[], part: bigint): readonly TaskWeight[] {
  return weights.map(({ task, weight }, at) => ({
    task,
    weight: at === 0 ? weight - part : at === 2 ? weight + part : weight,
  }));
}
