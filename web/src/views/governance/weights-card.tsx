import { Link } from 'react-router';

import { effectOf } from '../../../../src/chain/governance/emission.ts';
import { part } from '../../../../src/chain/governance/units.ts';
import { startOf } from '../../../../src/protocol/epoch-clock.ts';
import { utc } from '../../format/moment.ts';
import { taskLabel } from '../../format/task-label.ts';
import { Amount } from '../../ui/amount.tsx';
import { Card } from '../../ui/card.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Unread } from '../../ui/query-problem.tsx';
import { useWeights, type Weights } from './use-governance.ts';

/** The weights of the tasks as they are, what they are worth, and what was decided for later epochs. */
export function WeightsCard() {
  const weights = useWeights();
  return (
    <Card
      title="Weights of the tasks"
      about="How the miners’ part of an epoch’s budget is split among the tasks. Governance changes them for future epochs only."
      aside={
        <Link className="button quiet" to="/governance/weights">
          Propose others
        </Link>
      }
    >
      {weights.data === undefined ? (
        <Unread query={weights} what="Reading the weights" />
      ) : (
        <WeightsTable weights={weights.data} />
      )}
    </Card>
  );
}

function WeightsTable({ weights }: { readonly weights: Weights }) {
  const { schedule, tasks, clock, now } = weights;
  const { current, pending } = schedule;
  const names = new Map(tasks);
  const effect = effectOf(now, { table: null, share: null, names });
  const all = [...new Set([current, ...pending].flatMap(({ table }) => table.map(({ task }) => task)))].toSorted(
    (a, b) => a - b,
  );
  const weightIn = (table: Weights['schedule']['current']['table'], task: number): string => {
    const row = table.find((one) => one.task === task);
    return row === undefined ? '–' : part(row.weight);
  };
  return (
    <>
      <DataTable
        caption="Table of weights"
        columns={[
          { title: 'Task' },
          { title: `Epoch ${current.from}, now`, isNumber: true },
          { title: 'Its budget', isNumber: true },
          ...pending.map(({ from }) => ({ title: `From epoch ${from}`, isNumber: true })),
        ]}
        rows={all.map((task) => [
          <bdi>{taskLabel(names, task)}</bdi>,
          weightIn(current.table, task),
          <Amount wei={effect.tasks.find((one) => one.task === task)?.before?.tokens ?? 0n} />,
          ...pending.map(({ table }) => weightIn(table, task)),
        ])}
      />
      <p className="note">
        {pending.length === 0
          ? 'No change was decided for a later epoch.'
          : `${pending.map(({ from }) => `Epoch ${from} begins on ${utc(startOf(clock, from))}`).join('. ')}.`}{' '}
        The budget is what the tasks get if the whole budget of the epoch is paid out and every task has a participant.
      </p>
    </>
  );
}
