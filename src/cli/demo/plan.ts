import { InputError } from '../../protocol/errors.ts';

/** What the demo is asked to do. */
export interface DemoOptions {
  /** How many epochs are settled. */
  readonly epochs: number;
  /** Decides the noise of the price. */
  readonly seed: number;
  /** Where reports and chart go; may hold an earlier demo and nothing else. */
  readonly out: string;
}

/** With fewer the LingoAI demo's story has no room. */
export const DEMO_MIN_EPOCHS = 10;
/** As far as the LingoAI example ledger goes from the demo's start on. */
export const DEMO_MAX_EPOCHS = 250;

/** After which epochs the demo's story goes on; every one lies before the next. */
export interface Story {
  /** The first claim, and a proof is put aside. */
  readonly firstClaim: number;
  /** The proof that was put aside is used, after newer roots; the council schedules its change. */
  readonly oldProof: number;
  /** The first miner claims again. */
  readonly secondClaim: number;
  /** Many claims in one transaction. */
  readonly batch: number;
  /** A claim that a miner only signed. */
  readonly signed: number;
  /** The first epoch with the council's change. */
  readonly weightsFrom: number;
}

/** What the times of a preset leave of a story. */
export interface StoryTerms {
  /** Epochs until something can be claimed: nothing of a cohort is released before its end. */
  readonly lead: number;
  /** How many epochs after its scheduling the council's change can act. */
  readonly lag: number;
}

/** Cohorts of four weeks, and a change that waits within the week in which it is scheduled. */
const WEEKLY: StoryTerms = { lead: 4, lag: 2 };
const STEPS = 5;

/** The fewest epochs in which a story has room. */
export function fewestEpochs({ lead, lag }: StoryTerms): number {
  return Math.max(lead + 1 + STEPS, lead + 3 + lag);
}

/**
 * When things happen in a demo of so many epochs.
 *
 * @throws {InputError} `DEMO_TOO_SHORT`
 */
export function storyOf(epochs: number, terms = WEEKLY): Story {
  const fewest = fewestEpochs(terms);
  if (epochs < fewest) {
    throw new InputError({
      code: 'DEMO_TOO_SHORT',
      shortMessage: `the demo's story needs at least ${fewest} epochs`,
      details: { epochs },
    });
  }
  const last = epochs - 1;
  const first = Math.max(terms.lead + 1, Math.floor(epochs / 6));
  const part = (quarters: number): number => first + Math.floor(((last - first) * quarters) / 4);
  const oldProof = Math.min(part(1), last - terms.lag);
  return {
    firstClaim: first,
    oldProof,
    secondClaim: part(2),
    batch: part(3),
    signed: part(4),
    weightsFrom: oldProof + terms.lag,
  };
}
