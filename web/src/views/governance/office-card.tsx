import type { GovernanceStatus } from '../../../../src/chain/governance/status.ts';
import { percent } from '../../../../src/protocol/tokens.ts';
import { lasting } from '../../format/moment.ts';
import { Short } from '../../ui/address.tsx';
import { Amount } from '../../ui/amount.tsx';
import { Badge } from '../../ui/badge.tsx';
import { Card } from '../../ui/card.tsx';
import { Figures } from '../../ui/figures.tsx';

/** Who decides, and by which rules. */
export function OfficeCard({ status }: { readonly status: GovernanceStatus }) {
  const { inOffice, council, settings, quorum, circulating } = status;
  const isHolders = inOffice === 'holders';
  return (
    <Card
      title="Who decides"
      aside={<Badge tone={isHolders ? 'good' : 'warning'}>{isHolders ? 'the holders' : 'the council'}</Badge>}
      about={
        isHolders ? (
          'The holders of the token do, by vote. What they carry waits in the timelock, in public, before it takes effect.'
        ) : (
          <>
            The council <Short text={council} /> does, until it hands over to the holders for good. What it decides
            waits in the timelock, in public, before it takes effect. No votes are held until then.
          </>
        )
      }
    >
      <Figures
        figures={[
          {
            name: 'Quorum at present',
            value: <Amount wei={quorum} />,
            note: (
              <>
                {percent(settings.quorum)} of <Amount wei={circulating} /> in circulation, at least{' '}
                <Amount wei={settings.quorumFloor} unit={false} />
              </>
            ),
          },
          {
            name: 'Needed to propose',
            value: <Amount wei={settings.proposalThreshold} />,
            note: 'of votes, one’s own or delegated',
          },
          {
            name: 'A vote lasts',
            value: lasting(settings.votingPeriod),
            note: `and begins ${lasting(settings.votingDelay)} after the proposal; a late quorum leaves ${lasting(settings.lateQuorum)}`,
          },
          {
            name: 'The timelock waits',
            value: lasting(settings.timelockDelay),
            note: `what is carried has to be queued within ${lasting(settings.queuePeriod)}`,
          },
        ]}
      />
    </Card>
  );
}
