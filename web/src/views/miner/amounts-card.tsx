import type { AccountClaims, Holding } from '../../../../src/claims/find-claims.ts';
import type { FinalTree } from '../../../../src/settlement/final-tree.ts';
import { utc } from '../../format/moment.ts';
import { Amount } from '../../ui/amount.tsx';
import { Badge } from '../../ui/badge.tsx';
import { Card } from '../../ui/card.tsx';
import { Figures, type Figure } from '../../ui/figures.tsx';
import { AddToken } from './add-token.tsx';

interface AmountsCardProps {
  readonly holding: Holding;
  readonly tree: FinalTree | null;
  readonly claims: AccountClaims | null;
  readonly isFailed: boolean;
}

/** The amounts of an account. What is not known, or not proven, has no figure: least of all a zero. */
export function AmountsCard({ holding, tree, claims, isFailed }: AmountsCardProps) {
  const rewards = claims?.rewards ?? null;
  const paid: Figure = { name: 'Claimed', value: <Amount wei={holding.claimed} />, note: 'paid out so far' };
  if (rewards === null) {
    const isAbsent = claims !== null && tree !== null;
    return (
      <Card title="Rewards" aside={<AddToken />}>
        <p>
          {tree === null
            ? 'No epoch is final yet, so nobody has rewards. They count once an epoch has been settled and its challenge window is over.'
            : isAbsent
              ? `This address has no entry in the report of epoch ${tree.epoch}: it has not earned anything up to then. That is proven by the entries beside its place.`
              : isFailed
                ? 'What it earned and can claim is unknown here as long as the report cannot be checked. What it was paid is on the chain:'
                : 'What it was paid is on the chain; what it earned is being looked up.'}
        </p>
        {isAbsent ? null : <Figures figures={[paid]} />}
      </Card>
    );
  }
  const { granted, locked, released, claimable, freeFrom } = rewards;
  const figures: readonly Figure[] = [
    { name: 'Claimable now', value: <Amount wei={claimable} />, note: 'free, and not claimed yet', tone: 'strong' },
    { name: 'Earned', value: <Amount wei={granted} />, note: 'all that it was ever granted' },
    {
      name: 'Locked',
      value: <Amount wei={locked} />,
      note: locked === 0n ? 'nothing is locked' : `all of it is free from ${utc(freeFrom)}`,
    },
    { name: 'Unlocked', value: <Amount wei={released} />, note: 'claimed or claimable' },
    paid,
  ];
  return (
    <Card
      title="Rewards"
      about="Earned rewards are released over time. Earned is locked and unlocked together; unlocked is claimed and claimable together."
      aside={
        <>
          <Badge tone="good">proven</Badge> <AddToken />
        </>
      }
    >
      <Figures figures={figures} />
    </Card>
  );
}
