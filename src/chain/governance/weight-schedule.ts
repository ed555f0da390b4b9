import type { TaskWeight } from '../../settlement/economy-parameters.ts';
import { onChain } from '../revert-error.ts';
import { tableAt } from './actions-tasks.ts';
import type { Facts } from './facts.ts';

/** The weights of all tasks, and the epoch from which they act. */
export interface ScheduledTable {
  readonly from: number;
  readonly table: readonly TaskWeight[];
}

/** The weights as they are, and as they will be. */
export interface WeightSchedule {
  /** In the epoch that runs; `from` is that epoch. */
  readonly current: ScheduledTable;
  /** What was decided and does not act yet, by rising epoch. */
  readonly pending: readonly ScheduledTable[];
}

/** Reads the weights of the epoch that runs and every change of them that was decided for a later one. */
export async function readWeightSchedule(facts: Facts): Promise<WeightSchedule> {
  const { connection, epoch } = facts;
  const { contracts, addressBook } = connection;
  const { registry } = contracts;
  const events = await onChain(() => registry.queryFilter(registry.filters.WeightScheduled(), addressBook.startBlock));
  // One event for each task of a table.
  const later = [...new Set(events.map(({ args }) => Number(args.from)))].filter((from) => from > epoch);
  const read = async (from: number): Promise<ScheduledTable> => {
    const { rows } = await tableAt(facts, from);
    return { from, table: rows.map(({ task, weight }) => ({ task, weight })) };
  };
  return {
    current: await read(epoch),
    pending: await Promise.all(later.toSorted((a, b) => a - b).map(read)),
  };
}
