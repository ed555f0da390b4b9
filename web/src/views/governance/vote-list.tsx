import { useState } from 'react';

import type { CastVote } from '../../../../src/chain/governance/votes.ts';
import { counted } from '../../../../src/protocol/tokens.ts';
import { Short } from '../../ui/address.tsx';
import { Amount } from '../../ui/amount.tsx';
import { Card } from '../../ui/card.tsx';
import { DataTable } from '../../ui/data-table.tsx';
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
      <DataTable
        caption="Table of votes"
        columns={[{ title: 'Voter' }, { title: 'Vote' }, { title: 'Weight', isNumber: true }, { title: 'Reason' }]}
        rows={shown.map(({ voter, support, weight, reason }) => [
          <Short text={voter} />,
          <>
            <span className={`tally-key bar-${support}`} aria-hidden="true" />
            {support}
          </>,
          <Amount wei={weight} />,
          <div className="vote-reason">
            {reason === '' ? <span className="faint">–</span> : <Plain text={reason} />}
          </div>,
        ])}
        keys={shown.map(({ voter }) => voter)}
        isNamed={false}
      />
      <ShowAll shown={shown.length} of={sorted.length} onClick={() => setIsWhole(true)} />
    </Card>
  );
}
