import { calledText, type DecodedCall } from '../../../../src/chain/governance/decode.ts';
import { counted } from '../../../../src/protocol/tokens.ts';
import { Card } from '../../ui/card.tsx';
import { PlainLine } from '../../ui/plain.tsx';
import './call-list.css';

/** What the changes of calls are told against: what they found when they took effect, or the chain as it is. */
export type Against = 'now' | 'now, in vain' | 'what it found';

interface CallListProps {
  readonly calls: readonly DecodedCall[];
  readonly against: Against;
}

const ABOUT: Readonly<Record<Against, string>> = {
  now: 'What changes is compared with the chain as it is now.',
  'now, in vain': 'It never took effect; what it would have changed is compared with the chain as it is now.',
  'what it found': 'It took effect; what changed is compared with what it found there.',
};

const ACTS: Readonly<Record<Against, string>> = {
  now: 'acts',
  'now, in vain': 'would have acted',
  'what it found': 'acts, or acted,',
};

/** What would be executed, or was, call by call: in words, with old and new values, and as the contracts get it. */
export function CallList({ calls, against }: CallListProps) {
  const raw = calls.filter((call) => call.raw).length;
  return (
    <Card
      title={against === 'what it found' ? 'What it did' : 'What it does'}
      about={`${calls.length === 1 ? 'One call' : `${counted(calls.length, 'call')}, all of them or none`}. The words come from this page’s own reading of the bytes. ${ABOUT[against]}`}
    >
      {raw === 0 ? null : (
        <p className="warning-note" role="note">
          {counted(raw, 'call')} cannot be put into words: of {raw === 1 ? 'it' : 'them'} only the bytes are known.
          {against === 'now'
            ? ` Find out elsewhere what ${raw === 1 ? 'it does' : 'they do'} before you vote for it.`
            : null}
        </p>
      )}
      <ol className="calls">
        {calls.map((call, at) => (
          <li key={`${at} ${call.data}`}>
            <CallInWords call={call} against={against} />
          </li>
        ))}
      </ol>
    </Card>
  );
}

interface CallInWordsProps {
  readonly call: DecodedCall;
  readonly against: Against;
}

function CallInWords({ call, against }: CallInWordsProps) {
  const { words, changes, from, inner, value, to, data } = call;
  return (
    <>
      <p className="call-words">
        <PlainLine text={value === 0n ? words : `${words}, with ${value} wei`} />
      </p>
      {changes.length === 0 ? null : <Changes call={call} against={against} />}
      {from === null ? null : (
        <p className="note">
          It {ACTS[against]} from epoch {from} on.
        </p>
      )}
      {inner.length === 0 ? null : (
        <ol className="calls inner">
          {inner.map((one, at) => (
            <li key={`${at} ${one.data}`}>
              <CallInWords call={one} against={against} />
            </li>
          ))}
        </ol>
      )}
      <details>
        <summary>As the contract gets it</summary>
        <p className="mono bytes">
          <PlainLine text={calledText(call)} />
        </p>
        <p className="mono bytes faint">
          to {to}
          <br />
          {data}
        </p>
      </details>
    </>
  );
}

function Changes({ call: { words, changes }, against }: CallInWordsProps) {
  return (
    <table className="changes">
      <caption className="sr-only">
        Old and new values: <PlainLine text={words} />
      </caption>
      <thead>
        <tr>
          <td />
          <th scope="col">{against === 'what it found' ? 'Before' : 'Now'}</th>
          <th scope="col">{against === 'what it found' ? 'After' : 'Then'}</th>
        </tr>
      </thead>
      <tbody>
        {changes.map(({ what, old, new: next }, at) => (
          <tr key={`${at} ${what}`}>
            <th scope="row">
              <PlainLine text={what} />
            </th>
            <td>{old === null ? '–' : <PlainLine text={old} />}</td>
            <td className="change-new">
              <PlainLine text={next} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
