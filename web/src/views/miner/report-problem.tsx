import { ReportDifferentError, ReportUnavailableError } from '../../../../src/store/fetch-report.ts';
import { useDeployment } from '../../data/deployment-context.ts';
import { Problem } from '../../ui/problem.tsx';

/** A report that could not be had, or one that is not the right one: what each place said, and what that means. */
export function ReportProblem({ error, again }: { readonly error: unknown; readonly again: () => void }) {
  const { config } = useDeployment();
  if (!(error instanceof ReportDifferentError || error instanceof ReportUnavailableError)) {
    return <Problem error={error} again={again} />;
  }
  const isDifferent = error instanceof ReportDifferentError;
  return (
    <div className="problem" role="alert">
      <p className="problem-title">
        {isDifferent
          ? 'What is published is not the report that the chain names, so no amount of it is shown.'
          : 'No place has the report at present, so rewards cannot be shown.'}
      </p>
      <p>
        {isDifferent
          ? 'That says nothing about your rewards: it is the fault of whoever keeps the place. Another place, or this one later, may have the right report.'
          : config.reports.length === 0
            ? 'This page was given no place to look for reports: its settings (config.json) name none.'
            : 'Rewards are not lost by that: the same report from any other place proves them, too.'}
      </p>
      {error.answers.length === 0 ? null : (
        <ul className="list">
          {error.answers.map(({ place, outcome, reason }) => (
            <li key={place}>
              <span className="mono">{place}</span>: {outcome === 'different' ? 'not the report' : 'not available'},{' '}
              {reason}
            </li>
          ))}
        </ul>
      )}
      <p className="mono faint">{error.code}</p>
      <button type="button" className="button" onClick={again}>
        Try again
      </button>
    </div>
  );
}
