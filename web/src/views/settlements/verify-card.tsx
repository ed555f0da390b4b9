import { grouped } from '../../../../src/protocol/tokens.ts';
import type { PlaceAnswer } from '../../../../src/store/fetch-report.ts';
import {
  VERIFICATION_STEPS,
  type DeclaredEpoch,
  type PublishedVerification,
  type VerificationProgress,
  type VerificationStep,
} from '../../../../src/store/verify-published.ts';
import { useDeployment } from '../../data/deployment-context.ts';
import { reportPlaces } from '../../data/report-places.ts';
import { Card } from '../../ui/card.tsx';
import { useVerification, type VerificationState } from './use-verification.ts';

const STEPS: Readonly<Record<VerificationStep, string>> = {
  fetch: 'Fetch every file of the report and compare its content id',
  leaves: 'Hash every account’s leaf',
  tree: 'Build the tree and compare its root with the chain’s',
  record: 'Compare rules and declared sums with the chain’s',
  parent: 'Fetch the epoch before, on which this one stands',
  arithmetic: 'Compute every grant anew from the scores',
};

/** Recomputes a settlement's report in this browser and holds it against the chain. */
export function VerifyCard({ declared }: { readonly declared: DeclaredEpoch }) {
  const deployment = useDeployment();
  const { state, start, cancel } = useVerification(declared.settlement);
  const isRunning = state.phase === 'running';
  return (
    <Card
      title="Verify in your browser"
      about="Your browser fetches the published report, computes it anew, and compares the result with the chain. You need to believe neither the operator nor this page’s host of files."
    >
      {deployment.config.reports.length === 0 ? (
        <p className="note">The settings of this page name no place where reports are published.</p>
      ) : (
        <div className="buttons">
          <button
            type="button"
            className="button"
            disabled={isRunning}
            onClick={() => start({ declared, places: reportPlaces(deployment) })}
          >
            {state.phase === 'idle' ? `Verify epoch ${declared.record.epoch}` : 'Verify again'}
          </button>
          {isRunning ? (
            <button type="button" className="button quiet" onClick={cancel}>
              Cancel
            </button>
          ) : null}
        </div>
      )}
      <VerificationSteps state={state} epoch={declared.record.epoch} />
      <div aria-live="polite">
        <Result state={state} />
      </div>
    </Card>
  );
}

function VerificationSteps({ state, epoch }: { readonly state: VerificationState; readonly epoch: number }) {
  if (state.phase === 'idle' || state.phase === 'cancelled' || state.phase === 'failed') return null;
  return (
    <ol className="list spaced unmarked verify-steps">
      {VERIFICATION_STEPS.filter((step) => epoch > 0 || step !== 'parent').map((step) => {
        const standing = stepStanding(step, state);
        return (
          <li key={step} data-standing={standing}>
            <span className="verify-mark" aria-hidden="true">
              {MARKS[standing]}
            </span>
            <span>
              {STEPS[step]}
              <span className="sr-only">: {standing}</span>
              {state.phase === 'running' && state.progress.step === step ? (
                <Progress progress={state.progress} />
              ) : null}
            </span>
          </li>
        );
      })}
    </ol>
  );
}

const MARKS = { done: '✓', failed: '✕', running: '…', skipped: '–', waiting: '·' } as const;

function stepStanding(step: VerificationStep, state: VerificationState): keyof typeof MARKS {
  const at = VERIFICATION_STEPS.indexOf(step);
  if (state.phase === 'running') {
    const now = VERIFICATION_STEPS.indexOf(state.progress.step);
    return at < now ? 'done' : at === now ? 'running' : 'waiting';
  }
  if (state.phase !== 'done') return 'waiting';
  const { verification } = state;
  if (verification.outcome === 'unavailable') return step === 'fetch' ? 'failed' : 'skipped';
  if (verification.outcome === 'different') {
    const broken = VERIFICATION_STEPS.indexOf(verification.step);
    return at < broken ? 'done' : at === broken ? 'failed' : 'skipped';
  }
  return verification.arithmetic.done || at < VERIFICATION_STEPS.indexOf('parent') ? 'done' : 'skipped';
}

function Progress({ progress: { step, done, of } }: { readonly progress: VerificationProgress }) {
  if (of === 0) return <progress className="verify-progress" aria-label={STEPS[step]} />;
  const what = step === 'leaves' ? 'leaves' : 'files';
  return (
    <>
      <progress className="verify-progress" aria-label={STEPS[step]} max={of} value={done} />
      <span className="note">
        {grouped(done)} of {grouped(of)} {what}
      </span>
    </>
  );
}

function Result({ state }: { readonly state: VerificationState }) {
  switch (state.phase) {
    case 'idle':
    case 'running':
      return null;
    case 'cancelled':
      return <p className="note">Cancelled. Nothing was shown, neither right nor wrong.</p>;
    case 'failed':
      return (
        <div className="verdict" data-tone="bad">
          <p className="verdict-title">Your browser could not finish.</p>
          <p>{state.reason}</p>
          <p>
            This says nothing about the settlement. The command <code>lode verify --from-chain</code> does the same
            without a browser.
          </p>
        </div>
      );
    case 'done':
      return <Verdict verification={state.verification} milliseconds={state.milliseconds} />;
  }
}

interface VerdictProps {
  readonly verification: PublishedVerification;
  readonly milliseconds: number;
}

function Verdict({ verification, milliseconds }: VerdictProps) {
  switch (verification.outcome) {
    case 'equal': {
      const { leaves, from, arithmetic } = verification;
      return (
        <div className="verdict" data-tone={arithmetic.done ? 'good' : 'warning'}>
          <p className="verdict-title">
            {arithmetic.done ? 'Equal: the report is what the chain has.' : 'Equal, as far as it could be computed.'}
          </p>
          <p>
            {grouped(leaves)} leaves lead to the root on chain, and the content id covers every byte. Found at{' '}
            <span className="mono wrap">{from}</span>, computed in {seconds(milliseconds)}.
          </p>
          {arithmetic.done ? (
            <p>
              Every grant and every balance follows from the published scores. Whether the scores follow from the
              contributions is shown by <code>lode verify --from-chain</code>, which fetches those, too.
            </p>
          ) : (
            <p>The grants were not computed anew: {arithmetic.reason}.</p>
          )}
        </div>
      );
    }
    case 'different':
      return (
        <div className="verdict" data-tone="bad">
          <p className="verdict-title">
            Different: what is published is not what the chain has
            {verification.file === null ? '' : ` (${verification.file})`}.
          </p>
          <p className="wrap">{verification.reason}.</p>
          <Answers answers={verification.answers} />
          <p>
            Nothing from these files counts. Where an honest copy is published elsewhere, that one can be verified; if
            there is none while the window is open, tell a guardian.
          </p>
        </div>
      );
    case 'unavailable':
      return (
        <div className="verdict" data-tone="warning">
          <p className="verdict-title">Unavailable: no place gave the report.</p>
          <p>That shows nothing about the settlement itself. It may be there later.</p>
          <Answers answers={verification.answers} />
        </div>
      );
  }
}

function Answers({ answers }: { readonly answers: readonly PlaceAnswer[] }) {
  if (answers.length === 0) return null;
  return (
    <ul className="list">
      {answers.map(({ place, outcome, reason }) => (
        <li key={place}>
          <span className="mono">{place}</span>: {outcome === 'different' ? 'something else, ' : ''}
          {reason}
        </li>
      ))}
    </ul>
  );
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} seconds`;
}
