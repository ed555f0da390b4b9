import { Link } from 'react-router';

import { effectOf } from '../../../../src/chain/governance/emission.ts';
import { part } from '../../../../src/chain/governance/units.ts';
import { startOf } from '../../../../src/protocol/epoch-clock.ts';
import { utc } from '../../format/moment.ts';
import { taskLabel } from '../../format/task-label.ts';
import { Amount } from '../../ui/amount.tsx';
import { Card } from '../../ui/card.tsx';
import { Problem } from '../../ui/problem.tsx';
import { Waiting } from '../../ui/waiting.tsx';
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
        weights.isError ? (
          <Problem error={weights.error} again={() => void weights.refetch()} />
        ) : (
          <Waiting what="Reading the weights" />
        )
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
      <div className="table-frame" tabIndex={0} role="region" aria-label="Table of weights">
        <table>
          <thead>
            <tr>
              <th scope="col">Task</th>
              <th scope="col" className="number">
                Epoch {current.from}, now
              </th>
              <th scope="col" className="number">
                Its budget
              </th>
              {pending.map(({ from }) => (
                <th key={from} scope="col" className="number">
                  From epoch {from}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {all.map((task) => (
              <tr key={task}>
                <th scope="row">
                  <bdi>{taskLabel(names, task)}</bdi>
                </th>
                <td className="number">{weightIn(current.table, task)}</td>
                <td className="number">
                  <Amount wei={effect.tasks.find((one) => one.task === task)?.before?.tokens ?? 0n} />
                </td>
                {pending.map(({ from, table }) => (
                  <td key={from} className="number">
                    {weightIn(table, task)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="note">
        {pending.length === 0
          ? 'No change was decided for a later epoch.'
          : `${pending.map(({ from }) => `Epoch ${from} begins on ${utc(startOf(clock, from))}`).join('. ')}.`}{' '}
        The budget is what the tasks get if the whole budget of the epoch is paid out and every task has a participant.
      </p>
    </>
  );
}
