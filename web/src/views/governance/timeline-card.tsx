import type { Decision, DecodedDecision } from '../../../../src/chain/governance/decisions.ts';
import type { Office } from '../../../../src/chain/governance/office.ts';
import { lasting, utc } from '../../format/moment.ts';
import { Card } from '../../ui/card.tsx';

interface TimelineCardProps extends Pick<DecodedDecision, 'executed'> {
  readonly decision: Decision;
  readonly office: Office;
}

interface Milestone {
  readonly what: string;
  /** Unix seconds. */
  readonly at: number;
}

/** When what happens, or happened, to a decision. */
export function TimelineCard({ decision, office, executed }: TimelineCardProps) {
  const effect = executed === null ? [] : [{ what: 'was put into effect', at: executed.time }];
  const milestones = [...milestonesOf(decision, office), ...effect];
  const { time } = office;
  if (milestones.length === 0) return null;
  return (
    <Card title="Dates">
      <ol className="timeline">
        {milestones.map(({ what, at }) => (
          <li key={what} data-past={at <= time}>
            <span className="timeline-at">{utc(at)}</span>
            <span>
              {what}
              {at > time ? <span className="faint"> (in {lasting(at - time)})</span> : null}
            </span>
          </li>
        ))}
      </ol>
    </Card>
  );
}

function milestonesOf(decision: Decision, { settings }: Office): readonly Milestone[] {
  if (decision.kind === 'operation') {
    const { readyAt } = decision.operation;
    return readyAt === 0 ? [] : [{ what: 'can be put into effect', at: readyAt }];
  }
  const { state, voteStart, voteEnd, queueUntil, readyAt } = decision.proposal;
  const vote = [
    { what: 'the vote begins; votes count as they stand then', at: voteStart },
    { what: 'the vote ends, unless a late quorum prolongs it', at: voteEnd },
  ];
  if (state === 'queued') return [...vote, { what: 'can be put into effect', at: readyAt }];
  if (state !== 'pending' && state !== 'active' && state !== 'succeeded') return vote;
  return [
    ...vote,
    {
      what: 'if it is carried: can be put into effect, where it is queued at once',
      at: voteEnd + settings.timelockDelay,
    },
    { what: 'if it is carried: last moment to queue it', at: queueUntil },
  ].toSorted((a, b) => a.at - b.at);
}
