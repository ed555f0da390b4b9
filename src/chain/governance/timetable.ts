import { startOf } from '../../protocol/epoch-clock.ts';
import type { Facts } from './facts.ts';
import { span } from './units.ts';

/** A moment in the way of a proposal. */
export interface Milestone {
  readonly what: string;
  /** Unix seconds. */
  readonly at: number;
}

/** When what is proposed now can be decided, and for which epoch it can act. */
export interface Timetable {
  readonly milestones: readonly Milestone[];
  /** Nobody can execute it before. */
  readonly earliest: number;
  /** Until then it should have been executed: after a prolonged vote and one epoch of slack. */
  readonly latest: number;
  /** The first epoch that cannot have begun by then. */
  readonly firstEpoch: number;
  /** How `latest` is counted, in words. */
  readonly reason: string;
}

/** The way of a proposal that is made now, by whoever is in office. */
export function timetable({ now, clock, office, minDelay, voting }: Facts): Timetable {
  const { delay, period, extension, queueWithin } = voting;
  const slack = clock.length;
  const steps: readonly (readonly [what: string, seconds: number])[] =
    office === 'council'
      ? [
          ['the timelock', minDelay],
          ['one epoch of slack', slack],
        ]
      : [
          ['voting delay', delay],
          ['voting period', period],
          ['a late quorum', extension],
          ['the timelock', minDelay],
          ['one epoch of slack', slack],
        ];
  const latest = now + steps.reduce((sum, [, seconds]) => sum + seconds, 0);
  const opens = now + delay;
  const closes = opens + period;
  const earliest = office === 'council' ? now + minDelay : closes + minDelay;
  const vote = [
    { what: 'voting begins; votes count as they stand then', at: opens },
    { what: 'voting ends, unless a late quorum prolongs it', at: closes },
    { what: 'last moment to queue it', at: closes + queueWithin },
  ];
  const executable = { what: 'can be executed, if it is sent now', at: earliest };
  return {
    milestones:
      office === 'council'
        ? [executable]
        : [...vote, { ...executable, what: 'can be executed, if it is queued at once' }].toSorted(
            (a, b) => a.at - b.at,
          ),
    earliest,
    latest,
    firstEpoch: latest < clock.start ? 0 : Math.floor((latest - clock.start) / clock.length) + 1,
    reason: steps.map(([what, seconds]) => `${what} ${span(seconds)}`).join(' + '),
  };
}

/** Whether an epoch will have begun before anything that is proposed now can be executed. */
export function isTooEarly({ clock }: Facts, { earliest }: Timetable, epoch: number): boolean {
  return startOf(clock, epoch) <= earliest;
}
