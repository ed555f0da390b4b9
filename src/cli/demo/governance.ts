import { id } from 'ethers';

import { WAD } from '../../protocol/fixed-point.ts';
import { valueAt, type TaskWeight } from '../../settlement/economy-parameters.ts';
import { percent } from '../../protocol/tokens.ts';
import type { DemoPlan } from './plans.ts';
import type { Stage } from './stage.ts';
import { waitInTimelock, type WaitingChange } from './timelock.ts';

const AN_HOUR = 3600;
/** What moves from the first task to the third, or what a task that joins gets. */
const SHIFT = WAD / 20n;
const JOINING = WAD / 10n;

/** What the council brings through the timelock: tasks that join, and the weights of all from then on. */
export interface CouncilChange {
  readonly joining: readonly { readonly id: number; readonly name: string }[];
  readonly weights: readonly TaskWeight[];
  /** What the change does, as the end of a sentence. */
  readonly words: string;
}

/** The change of a plan, in terms of the preset's tasks. */
export function changeOf({ change }: DemoPlan, { parameters }: Pick<Stage, 'parameters'>): CouncilChange | null {
  const before = valueAt(parameters.economy.tasks, 0);
  if (change === null) return null;
  if (change.kind === 'weights') {
    const weights = shifted(before, SHIFT);
    return { joining: [], weights, words: `weights ${weights.map(({ weight }) => percent(weight)).join(', ')}` };
  }
  const joining = { id: change.id, name: change.name };
  const kept = before.map(({ task, weight }) => ({ task, weight: weight - (weight * JOINING) / WAD }));
  const rest = kept.reduce((left, { weight }) => left - weight, WAD);
  const weights = [...kept, { task: change.id, weight: rest }].sort((a, b) => a.task - b.task);
  return {
    joining: [joining],
    weights,
    words: `${change.title} becomes a task, with ${percent(rest)} of the miners' part`,
  };
}

/** The weights with `part` (wad) moved from the first task to the third. */
export function shifted(weights: readonly TaskWeight[], part: bigint): readonly TaskWeight[] {
  return weights.map(({ task, weight }, at) => ({
    task,
    weight: at === 0 ? weight - part : at === 2 ? weight + part : weight,
  }));
}

/** Whether a change can be scheduled and executed between two settlements; otherwise epochs go on while it waits. */
export function waitsInPlace({ parameters }: Pick<Stage, 'parameters'>): boolean {
  const { economy, minDelay } = parameters;
  return valueAt(economy.challenge, 0).window + minDelay + AN_HOUR < economy.epochLength;
}

/** How many epochs after its scheduling a change can act: it waits, is executed, and the epoch that runs then is past. */
export function lagOf(stage: Pick<Stage, 'parameters'>): number {
  const { economy, minDelay } = stage.parameters;
  return waitsInPlace(stage) ? 2 : Math.ceil(minDelay / economy.epochLength) + 3;
}

/** Schedules a change as governance does it: the council proposes, and the timelock makes it wait. */
export async function schedule(stage: Stage, from: number, change: CouncilChange): Promise<WaitingChange> {
  const { registry: target } = stage.connection.addresses;
  const { interface: calls } = stage.connection.contracts.registry;
  const data = [
    ...change.joining.map(({ id: task, name }) => calls.encodeFunctionData('addTask', [task, name])),
    calls.encodeFunctionData('scheduleTasks', [from, [...change.weights]]),
  ];
  const salt = id(`weights from epoch ${from}`);
  return await waitInTimelock(
    stage,
    data.map((call) => ({ target, data: call })),
    salt,
  );
}
