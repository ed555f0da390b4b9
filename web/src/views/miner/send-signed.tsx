import { useId, useState, type SubmitEvent } from 'react';

import {
  MOST_GAS,
  planJobs,
  tryJobs,
  type Job,
  type Outcome,
  type PlannedPayment,
} from '../../../../src/claims/payment-job.ts';
import { isRecipientLine } from '../../../../src/claims/recipient-line.ts';
import { recipientJobs, type RecipientJob } from '../../../../src/claims/signed-recipients.ts';
import { sponsoringJobs } from '../../../../src/claims/sponsoring.ts';
import { counted } from '../../../../src/protocol/tokens.ts';
import { useAtHead } from '../../data/use-head.ts';
import { shortAddress } from '../../format/short-address.ts';
import { Amount } from '../../ui/amount.tsx';
import { Card } from '../../ui/card.tsx';
import { LinesField } from '../../ui/lines-field.tsx';
import { Unread } from '../../ui/query-problem.tsx';
import { SendCall } from '../../wallet/send-call.tsx';
import { useWallets } from '../../wallet/wallet-context.ts';

/** More lines are for the command line. */
const MOST = 40;
const LONGEST = 1024 * 1024;

interface Asked {
  /** Counts how often something was asked. */
  readonly number: number;
  readonly lines: readonly { readonly line: number; readonly text: string }[];
}

/** Sends what others have signed: their claims, and changes of whom they have paid. */
export function SendSigned() {
  const id = useId();
  const [text, setText] = useState('');
  const [asked, setAsked] = useState<Asked | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const lines = text
      .split('\n')
      .map((one, at) => ({ line: at + 1, text: one.trim() }))
      .filter((one) => one.text !== '');
    const wrong =
      lines.length === 0
        ? 'Paste at least one line.'
        : lines.length > MOST || text.length > LONGEST
          ? `That is too much for this page, which takes ${MOST} lines: the command line sends files of any length.`
          : null;
    setFault(wrong);
    setAsked(wrong === null ? { number: (asked?.number ?? 0) + 1, lines } : null);
  };
  return (
    <Card
      title="Send for somebody"
      about="Claims and changes of recipient that their accounts have signed. You pay the gas, and can change nothing of what was signed."
    >
      <details>
        <summary>Paste what was signed</summary>
        <form className="others" onSubmit={submit} noValidate>
          <LinesField label="Signed lines, each a JSON document" value={text} fault={fault} onChange={setText} />
          <div className="field">
            <label htmlFor={`${id}-file`}>Or take them from a file</label>
            <input
              id={`${id}-file`}
              type="file"
              onChange={({ target }) => {
                const [file] = target.files ?? [];
                if (file !== undefined)
                  void file
                    .slice(0, LONGEST + 1)
                    .text()
                    .then(setText);
              }}
            />
          </div>
          <div>
            <button type="submit" className="button quiet">
              See what can be sent
            </button>
          </div>
        </form>
        {asked === null ? null : <Signed key={asked.number} asked={asked} />}
      </details>
    </Card>
  );
}

interface Found {
  readonly jobs: readonly Job[];
  readonly outcomes: readonly Outcome[];
  readonly planned: readonly PlannedPayment[];
  readonly changes: readonly RecipientJob[];
}

function Signed({ asked: { number, lines } }: { readonly asked: Asked }) {
  const { connected } = useWallets();
  const account = connected?.account ?? null;
  const found = useAtHead('signed', [number, account ?? ''], async ({ connection }): Promise<Found> => {
    const claims = lines.filter(({ text }) => !isRecipientLine(text));
    const changes = lines.filter(({ text }) => isRecipientLine(text));
    const jobs = claims.length === 0 ? [] : await sponsoringJobs(connection, asText(claims));
    const outcomes = await tryJobs(connection, account, jobs, 0n);
    return {
      ...{ jobs, outcomes, planned: planJobs(connection, jobs, outcomes) },
      changes: await recipientJobs(connection, account, changes),
    };
  });
  if (found.data === undefined) {
    return <Unread query={found} what="Trying them out on the chain" />;
  }
  const { outcomes, planned, changes } = found.data;
  const due = changes.flatMap(({ line, account: whose, call }) => (call === null ? [] : [{ line, whose, call }]));
  return (
    <div className="others">
      <ul className="list close signed-lines">
        {outcomes.toSorted(byLine).map((one, at) => (
          <li key={`claim ${at}`} data-state={one.state}>
            <ClaimOutcome outcome={one} />
          </li>
        ))}
        {changes.map((one) => (
          <li key={`change ${one.line}`} data-state={one.call === null ? 'refused' : 'payable'}>
            <ChangeOutcome change={one} />
          </li>
        ))}
      </ul>
      {planned.length + due.length === 0 ? <p className="note">Nothing of it can be sent now.</p> : null}
      {planned.map(({ call, jobs, mostGas }) => (
        <SendCall
          key={call.data}
          slot={`signed ${jobs.map((at) => outcomes[at]?.line ?? '').join()}`}
          title={
            jobs.length === 1
              ? `Send the claim of ${shortAddress(outcomes[jobs[0] ?? 0]?.account ?? '')}`
              : `Send ${counted(jobs.length, 'claim')} together`
          }
          call={mostGas === undefined ? call : { ...call, mostGas }}
          purpose="send it"
          done="Paid."
        />
      ))}
      {due.map(({ line, whose, call }) => (
        <SendCall
          key={call.data}
          slot={`signed ${line}`}
          title={`Send the change of ${shortAddress(whose ?? '')}`}
          call={{ ...call, mostGas: MOST_GAS }}
          purpose="send it"
          done="Announced. It acts once it has waited."
        />
      ))}
    </div>
  );
}

/** They were tried in the order in which they have to be sent. */
function byLine(one: Outcome, other: Outcome): number {
  return (one.line ?? 0) - (other.line ?? 0);
}

/** The lines where they stood, with nothing in between, so that they keep their numbers. */
function asText(lines: Asked['lines']): string {
  const last = lines.at(-1)?.line ?? 0;
  return Array.from({ length: last }, (_, at) => lines.find(({ line }) => line === at + 1)?.text ?? '').join('\n');
}

function ClaimOutcome({ outcome: { line, account, state, amount, to, reason } }: { readonly outcome: Outcome }) {
  return (
    <>
      <span className="faint">Line {line}:</span> a claim
      {account === null ? null : (
        <>
          {' '}
          of <span className="mono">{shortAddress(account)}</span>
        </>
      )}
      {state === 'payable' && amount !== null ? (
        <>
          {' '}
          pays <Amount wei={amount} />
          {to === null ? ' to the account, or its recipient' : ` to ${shortAddress(to)}`}.
        </>
      ) : (
        <>
          : {state === 'refused' ? 'cannot be sent' : 'nothing to pay'}
          {reason === null ? '' : `: ${reason}`}.
        </>
      )}
    </>
  );
}

function ChangeOutcome({ change: { line, account, to, reason } }: { readonly change: RecipientJob }) {
  return (
    <>
      <span className="faint">Line {line}:</span> a change of recipient
      {account === null ? null : (
        <>
          {' '}
          of <span className="mono">{shortAddress(account)}</span>
        </>
      )}
      {reason === null ? ` to ${shortAddress(to ?? '')}, after its delay.` : `: cannot be sent: ${reason}.`}
    </>
  );
}
