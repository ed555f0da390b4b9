import { emittedBy, totalEmission } from '../../../../src/protocol/emission-curve.ts';
import { WAD } from '../../../../src/protocol/fixed-point.ts';
import { percent } from '../../../../src/protocol/tokens.ts';
import type { Protocol } from '../../data/use-protocol.ts';
import type { Terms } from '../../data/terms.ts';
import { Amount } from '../../ui/amount.tsx';
import { Card } from '../../ui/card.tsx';
import { Figures } from '../../ui/figures.tsx';

interface SupplyCardProps {
  readonly protocol: Protocol;
  readonly terms: Terms;
}

/** How much exists, and where it is. */
export function SupplyCard({ protocol, terms: { curve, genesis } }: SupplyCardProps) {
  const { figures, block } = protocol;
  const { minted, granted, unlocked, claimed, reserve, pending } = figures;
  const total = totalEmission(curve);
  const emitted = emittedBy(curve, block.time);
  return (
    <Card title="Supply" about="What exists by now, and what became of what was mined.">
      <Figures
        figures={[
          { name: 'In existence', value: <Amount wei={minted} />, note: genesisNote(genesis) },
          {
            name: 'Emitted by the curve',
            value: percent((emitted * WAD) / total),
            note: (
              <>
                of <Amount wei={total} />
              </>
            ),
          },
          { name: 'Earned and locked', value: <Amount wei={granted - unlocked} />, note: lockedNote(protocol) },
          { name: 'Unlocked, not claimed', value: <Amount wei={unlocked - claimed} />, note: 'free to be claimed' },
          { name: 'Claimed', value: <Amount wei={claimed} />, note: 'paid out' },
          {
            name: 'In the reserve',
            value: <Amount wei={reserve} />,
            note:
              pending === 0n ? (
                'withheld, and given back later'
              ) : (
                <>
                  and <Amount wei={pending} /> on its way
                </>
              ),
          },
        ]}
      />
    </Card>
  );
}

function lockedNote({ epochs }: Protocol): string {
  const isFreeAtOnce = epochs.length > 0 && epochs.every(({ record }) => record.duration === 0);
  return isFreeAtOnce ? 'whatever is earned is free at once' : 'released bit by bit';
}

function genesisNote(genesis: bigint) {
  if (genesis === 0n) return 'all of it mined';
  return (
    <>
      of it <Amount wei={genesis} /> since genesis
    </>
  );
}
