import type { Holding } from '../../../../src/claims/find-claims.ts';
import { grouped } from '../../../../src/protocol/tokens.ts';
import { utc } from '../../format/moment.ts';
import { Amount } from '../../ui/amount.tsx';
import { Card } from '../../ui/card.tsx';
import { Figures } from '../../ui/figures.tsx';

/** The units that were sold to an account in advance; nothing where it has none. */
export function UnitsCard({ holding: { units }, time }: { readonly holding: Holding; readonly time: number }) {
  if (units === null) return null;
  const { count, granted, released, claimed, claimable, locked, freeFrom } = units;
  return (
    <Card
      title="Units"
      about="Sold before or beside the mining. Each unit releases the same amount, evenly, from the end of the sale on. The chain alone says so: no report is needed."
    >
      <Figures
        figures={[
          { name: 'Units', value: grouped(count), note: <Amount wei={granted} /> },
          { name: 'To be claimed', value: <Amount wei={claimable} />, tone: 'strong' },
          {
            name: 'Locked',
            value: <Amount wei={locked} />,
            note: time >= freeFrom ? 'nothing is locked' : `all of it is free from ${utc(freeFrom)}`,
          },
          { name: 'Unlocked', value: <Amount wei={released} /> },
          { name: 'Claimed', value: <Amount wei={claimed} /> },
        ]}
      />
    </Card>
  );
}
