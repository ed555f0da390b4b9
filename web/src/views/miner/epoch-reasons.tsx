import type { PublishedExplanation } from '../../../../src/claims/explain-epoch.ts';
import type { Address } from '../../../../src/protocol/brands.ts';
import { counted, grouped, percent } from '../../../../src/protocol/tokens.ts';
import { whyNothingAccelerated } from '../../../../src/settlement/explain.ts';
import { WHY_INELIGIBLE } from '../../../../src/settlement/policy/step-words.ts';
import { useTaskNames } from '../../data/use-task-names.ts';
import { utc } from '../../format/moment.ts';
import { Amount } from '../../ui/amount.tsx';
import { Badge } from '../../ui/badge.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Figures } from '../../ui/figures.tsx';
import { PlainLine } from '../../ui/plain.tsx';
import { Waiting } from '../../ui/waiting.tsx';
import { EpochPoints } from './epoch-points.tsx';
import { ReportProblem } from './report-problem.tsx';
import { useExplanation } from './use-epoch.ts';

/** How an epoch's amount came about: the same steps as `lode explain` shows. */
export function EpochReasons({ account, epoch }: { readonly account: Address; readonly epoch: number }) {
  const query = useExplanation(account, epoch);
  if (query.isError) return <ReportProblem error={query.error} again={() => void query.refetch()} />;
  if (query.data === undefined) return <Waiting what="Reading the report, and checking it against the chain" />;
  return (
    <div className="reasons">
      <Budget given={query.data} />
      <Parts given={query.data} />
      <Acceleration given={query.data} />
      <Vesting given={query.data} />
      <Scores given={query.data} again={() => void query.refetch()} />
    </div>
  );
}

interface Given {
  readonly given: PublishedExplanation;
}

function Budget({ given: { budget, base, payout, miners } }: Given) {
  return (
    <section>
      <h3>1. What the epoch had to give</h3>
      <Figures
        figures={[
          { name: 'Budget of the curve', value: <Amount wei={budget} /> },
          { name: 'With what the reserve gives back', value: <Amount wei={base} /> },
          { name: 'Paid out, by participation and price', value: <Amount wei={payout} /> },
          { name: 'Of it for miners', value: <Amount wei={miners} /> },
        ]}
      />
    </section>
  );
}

function Parts({ given: { tasks, accountCap, grant, miners, ineligible } }: Given) {
  const nameOf = useTaskNames();
  const tasksOf = (numbers: readonly number[]): string => numbers.map(nameOf).join(', ');
  const below = tasks.filter(({ score, counts }) => score > 0n && !counts).map(({ task }) => task);
  const capped = tasks.filter(({ share, most }) => share > most).map(({ task }) => task);
  const empty = tasks.filter(({ participants }) => participants === 0 && miners > 0n).map(({ task }) => task);
  return (
    <section>
      <h3>2. Its part of it</h3>
      {ineligible === null ? null : (
        <p>By the report the account was not eligible, so its scores are 0: {WHY_INELIGIBLE[ineligible]}.</p>
      )}
      <div className="table-frame" tabIndex={0} role="group" aria-label="Its part by task">
        <table>
          <thead>
            <tr>
              <th scope="col">Task</th>
              {['Weight', 'Budget', 'Score', 'of all', 'Share', 'At most', 'Granted'].map((name) => (
                <th key={name} scope="col" className="number">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {tasks.map(({ task, weight, budget, score, scoreTotal, share, most, grant: earned }) => (
              <tr key={task}>
                <th scope="row">{nameOf(task)}</th>
                <td className="number">{percent(weight)}</td>
                <td className="number">
                  <Amount wei={budget} unit={false} />
                </td>
                <td className="number">{grouped(score)}</td>
                <td className="number">{grouped(scoreTotal)}</td>
                <td className="number">
                  <Amount wei={share} unit={false} />
                </td>
                <td className="number">
                  <Amount wei={most} unit={false} />
                </td>
                <td className="number">
                  <Amount wei={earned} unit={false} />
                </td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row" colSpan={7}>
                Granted in this epoch
              </th>
              <td className="number">
                <strong>
                  <Amount wei={grant} />
                </strong>
              </td>
            </tr>
          </tfoot>
        </table>
      </div>
      <p className="note">
        Share is the task’s budget × score ÷ the scores of all. One account gets at most {percent(accountCap)} of a
        task’s budget.
      </p>
      {capped.length === 0 ? null : <p className="note">That limit was reached in {tasksOf(capped)}.</p>}
      {below.length === 0 ? null : (
        <p className="note">
          In {tasksOf(below)} the score is below the minimum that makes a participant; it earns its share all the same.
        </p>
      )}
      {empty.length === 0 ? null : (
        <p className="note">Nobody counted in {tasksOf(empty)}: that budget went to the reserve.</p>
      )}
    </section>
  );
}

function Acceleration({ given: { acceleration: steps } }: Given) {
  const { uses, perUse, bound, part, left, amount } = steps;
  return (
    <section>
      <h3>3. What usage unlocked early</h3>
      {amount === 0n ? (
        <p>Nothing: {whyNothingAccelerated(steps)}.</p>
      ) : (
        <p>
          {counted(uses, 'use')} × {percent(perUse)}, at most {percent(bound)}, is {percent(part)} of the{' '}
          <Amount wei={left} /> that were locked: <Amount wei={amount} />.
        </p>
      )}
    </section>
  );
}

function Vesting({ given: { cohort, grant, total, unlocked, end } }: Given) {
  return (
    <section>
      <h3>4. When it becomes free</h3>
      {grant === 0n ? (
        <p>Nothing was granted in this epoch.</p>
      ) : cohort.duration === 0 ? (
        <p>
          <Amount wei={grant} /> were free at once.
        </p>
      ) : (
        <p>
          <Amount wei={grant} /> are released evenly from {utc(cohort.end)} to {utc(cohort.end + cohort.duration)}.
        </p>
      )}
      <p className="note">
        At the epoch’s end, {utc(end)}: <Amount wei={total} /> earned in all, <Amount wei={unlocked} /> of it free.
      </p>
    </section>
  );
}

function Scores({ given, again }: Given & { readonly again: () => void }) {
  const { account, epoch, sources, isProven, points, from, cid } = given;
  const command = `lode explain --report <folder> --account ${account} --epoch ${epoch}`;
  return (
    <section>
      <h3>
        5. Where the scores come from {isProven ? <Badge tone="good">scores proven</Badge> : null}{' '}
        {points.state === 'held' ? <Badge tone="good">steps add up</Badge> : null}
      </h3>
      <p>
        {isProven
          ? 'The scores are those in the entry that is proven against the chain, and they lead to its amounts.'
          : 'The account has no entry up to this epoch.'}
      </p>
      <EpochPoints given={given} again={again} />
      {points.state === 'held' ? null : (
        <p className="command">
          <code>{command}</code> <CopyButton text={command} what="command" />
        </p>
      )}
      {sources === null || sources.length === 0 ? (
        <p className="note">This report does not say where its inputs are published; ask the operator for them.</p>
      ) : (
        <details>
          <summary>The inputs of this epoch, by content</summary>
          <ul className="list">
            {sources.map(({ role, name, sha256, cid: of }) => (
              <li key={`${role} ${sha256}`}>
                {role}: <PlainLine text={name} />, sha-256 <span className="mono">{sha256}</span>,{' '}
                <span className="mono">{of}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
      <p className="note">
        Report <span className="mono">{cid}</span> from <span className="mono">{from}</span>.
      </p>
    </section>
  );
}
