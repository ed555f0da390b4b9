import { splitPayout, taskBudgetsDown } from '../../protocol/settlement-math.ts';
import type { TaskWeight } from '../../settlement/economy-parameters.ts';
import { interfaceOf } from '../bindings.ts';
import type { Call } from '../calls.ts';
import { parseCall } from '../lenient.ts';
import { onChain } from '../revert-error.ts';
import { bigintIn, lower, numberIn } from './action.ts';
import { tableAt } from './actions-tasks.ts';
import type { Facts } from './facts.ts';
import { taskName } from './facts.ts';

/** What a task is worth in an epoch: part of the miners' part (wad), and tokens in wei. */
export interface TaskEmission {
  readonly weight: bigint;
  readonly tokens: bigint;
}

/** What a proposal does to the emission of the first epoch for which it acts. */
export interface EmissionEffect {
  readonly epoch: number;
  readonly budget: bigint;
  /** Of the foundation, in wei. */
  readonly foundation: { readonly before: bigint; readonly after: bigint };
  /** By rising number; null: the task does not count. */
  readonly tasks: readonly {
    readonly task: number;
    readonly name: string;
    readonly before: TaskEmission | null;
    readonly after: TaskEmission | null;
  }[];
  readonly changes: boolean;
  readonly assumes: string;
}

const ASSUMES =
  'that the whole budget is paid out (the law of the reserve neither withholds nor adds) and that every task has a participant';

const registry = interfaceOf('registry');
const parameters = interfaceOf('parameters');

/** What an epoch pays out and by which parts, as it is scheduled now. */
export interface EmissionGround {
  readonly epoch: number;
  readonly budget: bigint;
  /** The foundation's part (wad). */
  readonly share: bigint;
  readonly table: readonly TaskWeight[];
}

/** Reads what an epoch pays out as it is scheduled now. */
export async function readEmissionGround(facts: Facts, epoch: number): Promise<EmissionGround> {
  const { curve, parameters: chain } = facts.connection.contracts;
  const [budget, { rows }, [, share]] = await onChain(() =>
    Promise.all([curve.budgetOf(epoch), tableAt(facts, epoch), chain.foundationAt(epoch)]),
  );
  return { epoch, budget, share, table: rows.map(({ task, weight }) => ({ task, weight })) };
}

/** The budget of an epoch, split by what is scheduled now and by what these calls schedule. */
export async function emissionEffect(facts: Facts, epoch: number, calls: readonly Call[]): Promise<EmissionEffect> {
  const ground = await readEmissionGround(facts, epoch);
  const { table, share, names } = scheduledBy(facts, calls);
  return effectOf(ground, { table, share, names: new Map([...facts.tasks, ...names]) });
}

/** What another table, or another part for the foundation, would make of an epoch's budget; null leaves what is scheduled. */
export function effectOf(ground: EmissionGround, { table, share, names }: Scheduled): EmissionEffect {
  const { epoch, budget } = ground;
  const old = split(budget, ground.share, ground.table);
  const next = split(budget, share ?? ground.share, table ?? ground.table);
  const all = [...new Set([...old.tasks.keys(), ...next.tasks.keys()])].sort((a, b) => a - b);
  return {
    epoch,
    budget,
    foundation: { before: old.foundation, after: next.foundation },
    tasks: all.map((task) => ({
      task,
      name: taskName({ tasks: names }, task),
      before: old.tasks.get(task) ?? null,
      after: next.tasks.get(task) ?? null,
    })),
    changes: table !== null || (share !== null && share !== ground.share),
    assumes: ASSUMES,
  };
}

/** What is scheduled in place of what there is: null where that stays. `names`: of tasks. */
export interface Scheduled {
  readonly table: readonly TaskWeight[] | null;
  readonly share: bigint | null;
  readonly names: ReadonlyMap<number, string>;
}

/** What calls say about weights and share; the last one counts. */
function scheduledBy({ connection }: Facts, calls: readonly Call[]): Scheduled {
  const { addresses } = connection;
  let table: readonly TaskWeight[] | null = null;
  let share: bigint | null = null;
  const names = new Map<number, string>();
  for (const { to, data } of calls) {
    const ofRegistry = lower(to) === lower(addresses.registry) ? parseCall(registry, data) : null;
    const ofParameters = lower(to) === lower(addresses.parameters) ? parseCall(parameters, data) : null;
    if (ofRegistry?.name === 'addTask') {
      names.set(numberIn(ofRegistry.args, 'task'), String(ofRegistry.args.getValue('name')));
    }
    if (ofRegistry?.name === 'scheduleTasks') {
      const rows = ofRegistry.args.getValue('table') as (typeof ofRegistry.args)[]; // a list of structs
      table = rows.map((row) => ({ task: numberIn(row, 'task'), weight: bigintIn(row, 'weight') }));
    }
    if (ofParameters?.name === 'scheduleFoundation') share = bigintIn(ofParameters.args, 'share');
  }
  return { table, share, names };
}

function split(budget: bigint, share: bigint, table: readonly TaskWeight[]) {
  const { foundation, miners } = splitPayout(budget, share);
  const weights = table.map(({ weight }) => weight);
  const everybody = table.map(() => 1);
  const { budgets } = taskBudgetsDown(miners, weights, everybody);
  const tasks = table.map(({ task, weight }, at) => [task, { weight, tokens: budgets[at] ?? 0n }] as const);
  return { foundation, tasks: new Map<number, TaskEmission>(tasks) };
}
