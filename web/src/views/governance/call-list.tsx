import { callLines, calledText, type DecodedCall } from '../../../../src/chain/governance/decode.ts';
import { counted } from '../../../../src/protocol/tokens.ts';
import { Card } from '../../ui/card.tsx';
import { Plain } from '../../ui/plain.tsx';
import { WordLines } from './decision-row.tsx';

interface CallListProps {
  readonly calls: readonly DecodedCall[];
  readonly title?: string;
}

/** What would be executed, call by call: in words, and as the contracts get it. */
export function CallList({ calls, title = 'What it does' }: CallListProps) {
  const raw = calls.filter((call) => call.raw).length;
  return (
    <Card
      title={title}
      about={`${calls.length === 1 ? 'One call' : `${counted(calls.length, 'call')}, all of them or none`}. The words come from this page’s own reading of the bytes; what changes is compared with the chain as it is now, so nothing where it is in effect already.`}
    >
      {raw === 0 ? null : (
        <p className="warning-note" role="note">
          {counted(raw, 'call')} cannot be put into words: of {raw === 1 ? 'it' : 'them'} only the bytes are known. Find
          out elsewhere what {raw === 1 ? 'it does' : 'they do'} before you vote for it.
        </p>
      )}
      <ol className="calls">
        {calls.map((call, at) => (
          <li key={`${at} ${call.data}`}>
            <WordLines words={callLines(call)} />
            {call.from === null ? null : <p className="note">It acts from epoch {call.from} on.</p>}
            <details open={call.changes.length === 0}>
              <summary>As the contract gets it</summary>
              <p className="mono bytes">
                <Plain text={calledText(call)} />
              </p>
              <p className="mono bytes faint">
                to {call.to}
                <br />
                {call.data}
              </p>
            </details>
          </li>
        ))}
      </ol>
    </Card>
  );
}
