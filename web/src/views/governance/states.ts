import type { Operation } from '../../../../src/chain/governance/operations.ts';
import type { Proposal } from '../../../../src/chain/governance/proposals.ts';
import { lasting, utc } from '../../format/moment.ts';

interface Shown {
  readonly word: string;
  readonly tone: 'plain' | 'good' | 'warning' | 'bad';
}

/** What the state of a proposal is called. */
export const PROPOSAL_WORDS: Readonly<Record<Proposal['state'], Shown>> = {
  pending: { word: 'announced', tone: 'plain' },
  active: { word: 'being voted on', tone: 'warning' },
  canceled: { word: 'cancelled', tone: 'plain' },
  defeated: { word: 'not carried', tone: 'bad' },
  succeeded: { word: 'carried', tone: 'good' },
  queued: { word: 'in the timelock', tone: 'warning' },
  expired: { word: 'expired', tone: 'plain' },
  executed: { word: 'in effect', tone: 'good' },
};

/** What the state of an operation of the council's is called. */
export const OPERATION_WORDS: Readonly<Record<Operation['state'], Shown>> = {
  waiting: { word: 'in the timelock', tone: 'warning' },
  ready: { word: 'ready', tone: 'warning' },
  done: { word: 'in effect', tone: 'good' },
  gone: { word: 'cancelled', tone: 'plain' },
};

/** What comes next for a proposal, and when; null where nothing does. */
export function nextOf(
  { state, voteStart, voteEnd, queueUntil, readyAt }: Omit<Proposal, 'calls'>,
  now: number,
): string | null {
  switch (state) {
    case 'pending':
      return `the vote begins ${when(voteStart, now)}`;
    case 'active':
      return `the vote ends ${when(voteEnd, now)}`;
    case 'succeeded':
      return `anyone can put it into the timelock until ${utc(queueUntil)}`;
    case 'queued':
      return readyAt <= now ? 'anyone can put it into effect now' : `can be put into effect ${when(readyAt, now)}`;
    default:
      return null;
  }
}

/** Why a proposal is over without having taken effect; null where it is not. */
export function whyOver({
  state,
  votes,
  quorum,
  queueUntil,
}: Pick<Proposal, 'state' | 'votes' | 'quorum' | 'queueUntil'>): string | null {
  switch (state) {
    case 'defeated': {
      const isQuorate = quorum !== null && votes.for + votes.abstain >= quorum;
      const isCarried = votes.for > votes.against;
      if (votes.for + votes.against + votes.abstain === 0n) return 'Nobody voted, so it was not carried.';
      if (isCarried) return 'There were more votes for than against, but too few took part for the quorum.';
      return `There were not more votes for than against${isQuorate ? '' : ', and too few took part for the quorum'}.`;
    }
    case 'expired':
      return `It was carried, but nobody put it into the timelock until ${utc(queueUntil)}, so it lapsed.`;
    case 'canceled':
      return 'It was cancelled: by its proposer before the vote, or stopped by a guardian in the timelock.';
    default:
      return null;
  }
}

/** A moment, and how far away it is. */
export function when(at: number, now: number): string {
  return at > now ? `on ${utc(at)}, in ${lasting(at - now)}` : `on ${utc(at)}`;
}

/** What was proposed, without the line that holds it to its proposer, who is named anyway. */
export function reasonOf({ description, proposer }: Pick<Proposal, 'description' | 'proposer'>): string {
  const held = `\n#proposer=${proposer}`;
  return description.toLowerCase().endsWith(held) ? description.slice(0, -held.length) : description;
}

/** The first line of a text. */
export function firstLine(text: string): string {
  const [line = ''] = text.trim().split('\n');
  return line === '' ? 'without a word' : line;
}
