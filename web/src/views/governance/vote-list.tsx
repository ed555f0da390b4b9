import { useState } from 'react';

import type { CastVote } from '../../../../src/chain/governance/votes.ts';
import { counted } from '../../../../src/protocol/tokens.ts';
import { Short } from '../../ui/address.tsx';
import { Amount } from '../../ui/amount.tsx';
import { Card } from '../../ui/card.tsx';
import { Plain } from '../../ui/plain.tsx';
import { ShowAll } from '../../ui/show-all.tsx';

const SHOWN = 20;

/** Who voted how, and why: the heaviest votes first. */
export function VoteList({ votes }: { readonly votes: readonly CastVote[] }) {
  const [isWhole, setIsWhole] = useState(false);
  if (votes.length === 0) return null;
  const sorted = votes.toSorted((a, b) => (a.weight > b.weight ? -1 : a.weight < b.weight ? 1 : a.block - b.block));
  const shown = isWhole ? sorted : sorted.slice(0, SHOWN);
  return (
    <Card
      title="Who voted how"
      about={`${counted(votes.length, 'vote')}, the heaviest first. The reasons are the voters’ own words.`}
    >
      <div className="table-frame" tabIndex={0} role="region" aria-label="Table of votes">
        <table className="votes">
          <thead>
            <tr>
              <th scope="col">Voter</th>
              <th scope="col">Vote</th>
              <th scope="col" className="number">
                Weight
              </th>
              <th scope="col">Reason</th>
            </tr>
          </thead>
          <tbody>
            {shown.map(({ voter, support, weight, reason }) => (
              <tr key={voter}>
                <td>
                  <Short text={voter} />
                </td>
                <td>
                  <span className={`key bar-${support}`} aria-hidden="true" />
                  {support}
                </td>
                <td className="number">
                  <Amount wei={weight} />
                </td>
                <td className="vote-reason">
                  {reason === '' ? <span className="faint">–</span> : <Plain text={reason} />}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <ShowAll shown={shown.length} of={sorted.length} onClick={() => setIsWhole(true)} />
    </Card>
  );
}
