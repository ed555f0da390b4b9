import type { PublishedExplanation, PublishedSteps } from '../../../../src/claims/explain-epoch.ts';
import { counted, grouped } from '../../../../src/protocol/tokens.ts';
import type {
  DaySteps,
  FactorStep,
  RowSteps,
  ScoreSteps,
  TaskTotal,
} from '../../../../src/settlement/policy/score-steps.ts';
import { factorText, pointsText, WHY_INELIGIBLE } from '../../../../src/settlement/policy/step-words.ts';
import { ReportDifferentError, ReportUnavailableError } from '../../../../src/store/fetch-report.ts';
import { errorWords } from '../../app/error-words.ts';
import { useTaskNames } from '../../data/use-task-names.ts';
import { utc, utcDay } from '../../format/moment.ts';
import { visibleText } from '../../format/visible-name.ts';
import { StepTable } from './step-table.tsx';

const A_DAY = 86_400;
/** Characters of an id that are shown. */
const ID_LENGTH = 64;

interface Given {
  readonly given: PublishedExplanation;
  readonly again: () => void;
}

/** How the scores of an epoch came about, row by row, or why that cannot be shown. */
export function EpochPoints({ given, again }: Given) {
  const { points } = given;
  if (points.state === 'none') {
    return (
      <p>
        The rows behind a score, with their points and every multiplier, are not in this report: they follow from the
        ledger. The command line shows them from a folder with the report and its inputs:
      </p>
    );
  }
  if (points.state === 'refused') return <Refused points={points} again={again} />;
  return <Steps given={given} steps={points.steps} />;
}

function Refused({
  points: { error },
  again,
}: {
  readonly points: PublishedSteps & { readonly state: 'refused' };
  readonly again: () => void;
}) {
  const { title, code } = errorWords(error);
  const answers =
    error instanceof ReportDifferentError || error instanceof ReportUnavailableError ? error.answers : null;
  const what =
    error instanceof ReportUnavailableError
      ? 'No place has the file with the rows behind these scores at present.'
      : error instanceof ReportDifferentError
        ? 'What is published as the rows behind these scores is not the file that the report names, so none of it is shown.'
        : 'The rows that the report gives for these scores do not lead to them, so none of them is shown.';
  return (
    <>
      <div className="problem" role="alert">
        <p className="problem-title">{what}</p>
        <p>The scores and the amounts above are proven without them.</p>
        {answers === null ? (
          <p>{title}</p>
        ) : (
          <ul className="list">
            {answers.map(({ place, reason }) => (
              <li key={place}>
                <span className="mono">{place}</span>: {reason}
              </li>
            ))}
          </ul>
        )}
        <p className="mono faint">{code}</p>
        {answers === null ? null : (
          <button type="button" className="button" onClick={again}>
            Try again
          </button>
        )}
      </div>
      <p>The command line computes the rows anew, from a folder with the report and its inputs:</p>
    </>
  );
}

function Steps({ given, steps }: { readonly given: PublishedExplanation; readonly steps: ScoreSteps }) {
  const nameOf = useTaskNames();
  const { rows, days, tasks } = steps;
  return (
    <>
      {rows.length === 0 && tasks.length === 0 ? <p>The account did nothing in this epoch that counts.</p> : null}
      {tasks.length === 0 ? null : (
        <ul className="list close totals">
          {tasks.map((total) => (
            <li key={total.task}>
              <Total total={total} isOfEpoch={given.tasks.some(({ task }) => task === total.task)} />
            </li>
          ))}
        </ul>
      )}
      <Eligibility steps={steps} />
      {rows.length === 0 ? null : (
        <StepTable<RowSteps>
          title={`What it did: ${counted(rows.length, 'row')}`}
          caption="What each row came to"
          columns={ROW_COLUMNS}
          steps={rows}
          cells={rowCells}
        />
      )}
      {days.length === 0 ? null : (
        <StepTable<DaySteps>
          title={`Points by day: ${counted(days.length, 'day')}`}
          caption="What each day of each task came to"
          columns={DAY_COLUMNS}
          steps={days}
          cells={(day) => dayCells(day, nameOf)}
        />
      )}
      <p className="note">
        Every step was computed anew in your browser, and they lead to the scores. Whether the rows are those of the
        ledger shows only when the whole epoch is computed anew: <code>lode verify</code>.
      </p>
    </>
  );
}

function Total({ total: given, isOfEpoch }: { readonly total: TaskTotal; readonly isOfEpoch: boolean }) {
  const nameOf = useTaskNames();
  const { task, days, uses, usagePoints, factors, total, score } = given;
  const used = uses === 0n ? '' : ` + ${pointsText(usagePoints)} for ${counted(uses, 'use')}`;
  return (
    <>
      {nameOf(task)}: {pointsText(days)} points of its days{used}
      {factors.length === 0 ? '' : ` ${factorsText(factors)}`} = <strong>{pointsText(total)} points</strong>, a score of{' '}
      {grouped(score)}
      {isOfEpoch ? '.' : '. It is not among the tasks of this epoch, so this earns nothing.'}
    </>
  );
}

function Eligibility({ steps: { eligibility } }: { readonly steps: ScoreSteps }) {
  if (eligibility === null) return null;
  const { firstSeen } = eligibility;
  const seen = firstSeen === null ? 'never seen before' : `first seen ${utc(firstSeen)}`;
  return eligibility.eligible ? (
    <p>The account is eligible ({seen}).</p>
  ) : (
    <p>
      The account is not eligible, so every score is 0: {WHY_INELIGIBLE[eligibility.reason]} ({seen}).
    </p>
  );
}

const ROW_COLUMNS = [
  { title: 'Time, UTC' },
  { title: 'Contribution' },
  { title: 'Task' },
  { title: 'Measure' },
  { title: 'Units', isNumber: true },
  { title: 'Counted', isNumber: true },
  { title: 'Points', isNumber: true },
  { title: 'Multiplied' },
  { title: 'Result', isNumber: true },
];

function rowCells({ contribution, counted: kept, earned, factors, after }: RowSteps) {
  const { time, id, task, measure, units } = contribution;
  return [
    utc(time).slice(0, 16),
    <span className="mono">{visibleText(id, ID_LENGTH)}</span>,
    visibleText(task, ID_LENGTH),
    visibleText(measure, ID_LENGTH),
    grouped(units),
    grouped(kept),
    pointsText(earned),
    <Factors factors={factors} />,
    pointsText(after),
  ];
}

const DAY_COLUMNS = [
  { title: 'Day' },
  { title: 'Task' },
  { title: 'Points', isNumber: true },
  { title: 'After the daily cap', isNumber: true },
  { title: 'Multiplied, as one fraction' },
  { title: 'Result', isNumber: true },
];

function dayCells({ task, day, earned, capped, factors, kept }: DaySteps, nameOf: (task: number) => string) {
  return [
    utcDay(day * A_DAY),
    nameOf(task),
    pointsText(earned),
    pointsText(capped),
    <Factors factors={factors} />,
    pointsText(kept),
  ];
}

function Factors({ factors }: { readonly factors: readonly FactorStep[] }) {
  return factors.length === 0 ? <>–</> : <span className="step-words">{factorsText(factors)}</span>;
}

/** Names in it come from the ledger and the policy. */
function factorsText(factors: readonly FactorStep[]): string {
  return factors.map((factor) => `× ${visibleText(factorText(factor))}`).join(' ');
}
