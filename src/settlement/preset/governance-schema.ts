import { z } from 'zod';

import { BOUNDS } from './bounds.ts';
import { durationWithin } from './fields.ts';
import { duration, ratio, tokens } from './quantity.ts';

/** What the token's holders need to decide anything; given as a whole or not at all. */
const VOTING = ['votingDelay', 'votingPeriod', 'proposalThreshold', 'quorum', 'lateQuorum', 'handover'] as const;

const handover = z.strictObject({
  minimumVotes: tokens()
    .refine((votes) => votes > 0n && votes < BOUNDS.amount, 'it is above 0 and below 2^128 wei')
    .describe(
      'Delegated votes that must exist, whatever the supply, before the council can be replaced by the holders.',
    ),
  openAfter: duration()
    .refine((seconds) => seconds <= BOUNDS.handoverOpenAfter, 'it is at most 20 years')
    .describe('After this time from the start anyone may hand over, once the votes are there.'),
});

/** Who decides about what may change, and how slowly. */
export const governanceSchema = z
  .strictObject({
    minDelay: durationWithin(BOUNDS.minDelay, 'the delay of the timelock is 1 to 14 days').describe(
      'How long every governed change waits, in public, before it acts.',
    ),
    votingDelay: durationWithin(BOUNDS.votingDelay, 'the voting delay is 1 hour to 30 days')
      .optional()
      .describe('From a proposal to the moment at which votes are counted.'),
    votingPeriod: durationWithin(BOUNDS.votingPeriod, 'the voting period is 1 to 30 days').optional(),
    /** Votes that it takes to propose. */
    proposalThreshold: tokens()
      .refine((votes) => votes < BOUNDS.amount, 'it is below 2^128 wei')
      .optional(),
    /** Share of the circulating supply that has to take part. */
    quorum: ratio()
      .refine((share) => share >= BOUNDS.quorum.min && share <= BOUNDS.quorum.max, 'a quorum is 0.01 to 0.5')
      .optional(),
    lateQuorum: durationWithin(BOUNDS.lateQuorum, 'it is at most 7 days')
      .optional()
      .describe('A quorum that is reached late leaves at least this much time to vote.'),
    handover: handover.optional().describe('When the council gives way to the holders.'),
  })
  .superRefine((governance, context) => {
    const missing = VOTING.filter((key) => governance[key] === undefined);
    if (missing.length > 0 && missing.length < VOTING.length) {
      context.addIssue({
        code: 'custom',
        message: `${missing.join(', ')} missing: figures of voting are given together or not at all`,
      });
    }
    const { lateQuorum, votingPeriod } = governance;
    if (lateQuorum !== undefined && votingPeriod !== undefined && lateQuorum > votingPeriod) {
      context.addIssue({ code: 'custom', path: ['lateQuorum'], message: 'it is at most the voting period' });
    }
  });

export type GovernanceSection = z.output<typeof governanceSchema>;

/** How the token's holders vote; amounts in wei, lengths in seconds, the quorum in 18 decimals. */
export interface VotingTerms {
  readonly votingDelay: number;
  readonly votingPeriod: number;
  readonly proposalThreshold: bigint;
  readonly quorum: bigint;
  readonly lateQuorum: number;
  readonly handover: { readonly minimumVotes: bigint; readonly openAfter: number };
}

/** The figures of voting, or null where the preset has none. */
export function votingTerms(governance: GovernanceSection): VotingTerms | null {
  const { votingDelay, votingPeriod, proposalThreshold, quorum, lateQuorum, handover: given } = governance;
  if (votingDelay === undefined || votingPeriod === undefined || proposalThreshold === undefined) return null;
  if (quorum === undefined || lateQuorum === undefined || given === undefined) return null;
  return { votingDelay, votingPeriod, proposalThreshold, quorum, lateQuorum, handover: given };
}
