import { useQuery } from '@tanstack/react-query';

import { agreed } from '../../../src/chain/agreement.ts';
import { eventArguments } from '../../../src/chain/lenient.ts';
import { onChain } from '../../../src/chain/revert-error.ts';
import { taskLabel } from '../format/task-label.ts';
import { useDeployment } from './deployment-context.ts';

/** A task that is added acts in a later epoch only; names that were given stay. In milliseconds. */
const FRESH_FOR = 10 * 60_000;

/**
 * What tasks are called, by their numbers: as the registry has it, in a form that can be shown. A number stands for its task until the
 * names are read, and where a node does not tell them.
 *
 * @example
 * const nameOf = useTaskNames();
 * nameOf(4) // 'validation'
 */
export function useTaskNames(): (task: number) => string {
  const { endpoints, addressBook } = useDeployment();
  const names = useQuery({
    queryKey: ['task names'],
    queryFn: async () =>
      await agreed(endpoints, 'the names of the tasks', async ({ contracts: { registry } }) => {
        const added = await onChain(() => registry.queryFilter(registry.filters.TaskAdded(), addressBook.startBlock));
        return added.map(
          (event) => [Number(event.args.task), String(eventArguments(event).getValue('name'))] as [number, string],
        );
      }),
    staleTime: FRESH_FOR,
  });
  const known = new Map(names.data ?? []);
  return (task) => taskLabel(known, task);
}
