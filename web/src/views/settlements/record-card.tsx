import type { BookedProposal } from '../../../../src/chain/settlement-book.ts';
import { recordHash, type EpochRecord } from '../../../../src/protocol/epoch-record.ts';
import { percent } from '../../../../src/protocol/tokens.ts';
import { formatWad } from '../../../../src/settlement/preset/decimals.ts';
import { coins } from '../../format/coins.ts';
import { lasting, utc } from '../../format/moment.ts';
import { Short } from '../../ui/address.tsx';
import { Card } from '../../ui/card.tsx';

interface RecordCardProps {
  readonly record: EpochRecord;
  readonly proposal: BookedProposal | null;
}

/** The rules that an epoch is settled by, fixed when it was closed. */
export function RecordCard({ record, proposal }: RecordCardProps) {
  const { price, duration, cohortEnd, accountCap, foundationShare, window, bond, policyHash, reserve } = record;
  const release = duration === 0 ? 'at once' : `bit by bit over ${lasting(duration)}, from ${utc(cohortEnd)} on`;
  const facts: readonly (readonly [string, React.ReactNode])[] = [
    ['Price of a token', price === 0n ? 'none: it counts as neutral' : formatWad(price)],
    ['Law of participation and price', reserve.hasLaw ? `reference price ${formatWad(reserve.priceRef)}` : 'none'],
    ['Grants are released', release],
    ['The most for one account', `${percent(accountCap)} of a task’s part`],
    ['Foundation', percent(foundationShare)],
    ['Window to challenge', lasting(window)],
    ['Bond', coins(bond)],
    ['Scoring policy', <Short key="policy" text={policyHash} what="policy’s hash" />],
    ['Hash of the record', <Short key="record" text={recordHash(record)} what="record’s hash" />],
    ...(proposal === null
      ? []
      : [
          ['Root of the tree', <Short key="root" text={proposal.settlement.root} what="root" />] as const,
          ['Stands on', <Short key="basis" text={proposal.basis} what="basis" />] as const,
        ]),
  ];
  return (
    <Card
      title="Rules of the epoch"
      about="Written down on chain when the epoch was closed; nothing that happened later changes them."
    >
      <dl className="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}
