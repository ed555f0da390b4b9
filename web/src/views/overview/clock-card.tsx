import { budgetOf } from '../../../../src/protocol/emission-curve.ts';
import { endOf, startOf } from '../../../../src/protocol/epoch-clock.ts';
import { grouped } from '../../../../src/protocol/tokens.ts';
import { epochRows, standing, type EpochRow } from '../../data/epoch-rows.ts';
import { useChainTime } from '../../data/use-chain-time.ts';
import type { Protocol } from '../../data/use-protocol.ts';
import type { Terms } from '../../data/terms.ts';
import { lasting, utc } from '../../format/moment.ts';
import { Amount } from '../../ui/amount.tsx';
import { Card } from '../../ui/card.tsx';
import { Figures, type Figure } from '../../ui/figures.tsx';

interface ClockCardProps {
  readonly protocol: Protocol;
  readonly terms: Terms;
}

/** Which epoch runs, for how long still, and when the settlement that waits can become final. */
export function ClockCard({ protocol, terms }: ClockCardProps) {
  const now = useChainTime() ?? protocol.block.time;
  const { clock, curve } = terms;
  const { pausedUntil } = protocol.figures;
  if (now < clock.start) {
    const figures = [{ name: 'The first epoch begins in', value: lasting(clock.start - now), note: utc(clock.start) }];
    return (
      <Card title="Epoch clock" about="Mining has not begun.">
        <Figures figures={figures} />
      </Card>
    );
  }
  const rows = epochRows(protocol.book, clock, now);
  const epoch = Math.floor((now - clock.start) / clock.length);
  const [start, end] = [startOf(clock, epoch), endOf(clock, epoch)];
  const waiting = rows.findLast(({ stage }) => stage === 'open' || stage === 'demanded' || stage === 'due');
  const until = waiting === undefined ? undefined : standing(waiting)?.until;
  const figures: Figure[] = [
    { name: 'Epoch that runs', value: grouped(epoch), note: `since ${utc(start)}` },
    { name: 'It ends in', value: lasting(end - now), note: utc(end), tone: 'strong' },
    { name: 'Its emission', value: <Amount wei={budgetOf(curve, clock, epoch)} />, note: 'before reserve and rules' },
    windowFigure(waiting, until, now),
  ];
  return (
    <Card
      title="Epoch clock"
      about={`What is contributed in an epoch of ${lasting(clock.length)} is settled after its end.`}
    >
      <progress
        className="epoch-progress"
        aria-label={`Part of epoch ${epoch} that is over`}
        max={clock.length}
        value={now - start}
      />
      <Figures figures={figures} />
      {pausedUntil > now ? (
        <p className="note">A guardian has paused new settlements until {utc(pausedUntil)}.</p>
      ) : null}
    </Card>
  );
}

function windowFigure(waiting: EpochRow | undefined, until: number | undefined, now: number): Figure {
  const name = 'Open settlement';
  if (waiting === undefined || until === undefined) {
    return { name, value: 'none', note: 'nothing waits to become final' };
  }
  const { epoch, stage } = waiting;
  if (stage === 'demanded') {
    return { name, value: 'a leaf is demanded', note: `epoch ${epoch} waits until it is shown`, tone: 'warning' };
  }
  if (now < until) {
    return { name, value: lasting(until - now), note: `left to challenge epoch ${epoch}`, tone: 'warning' };
  }
  return { name, value: 'unchallenged', note: `epoch ${epoch} can be made final by anyone`, tone: 'good' };
}
