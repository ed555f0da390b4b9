import { InputError } from '../../protocol/errors.ts';

/** What the demo is asked to do. */
export interface DemoOptions {
  /** How many weekly epochs are settled. */
  readonly epochs: number;
  /** Decides the noise of the price. */
  readonly seed: number;
  /** Where reports and chart go; may hold an earlier demo and nothing else. */
  readonly out: string;
}

/** The part of the preset's file that scales the reserve to the example ledger. */
export const DEMO_VARIANT = 'demo';
/** A Monday. From here on the ledger has two autumns full of people, with a quiet spring between them. */
export const DEMO_START = Date.UTC(2021, 7, 30) / 1000;
/** The default: 64 weeks show both autumns. */
export const DEMO_EPOCHS = 64;
/** With fewer the story below has no room. */
export const DEMO_MIN_EPOCHS = 10;
/** As far as the example ledger goes. */
export const DEMO_MAX_EPOCHS = 250;

/** After which epochs the demo's story goes on; every one lies before the next. */
export interface Story {
  /** The first claim, and a proof is put aside. */
  readonly firstClaim: number;
  /** The proof that was put aside is used, after newer roots; the council schedules other weights. */
  readonly oldProof: number;
  /** The first miner claims again. */
  readonly secondClaim: number;
  /** Many claims in one transaction. */
  readonly batch: number;
  /** A claim that a miner only signed. */
  readonly signed: number;
  /** The first epoch with the other weights. */
  readonly weightsFrom: number;
}

/**
 * When things happen in a demo of so many epochs. Nothing is claimed before epoch 5: the first cohort is four epochs long
 * and starts to be released at its end.
 *
 * @throws {InputError} `DEMO_TOO_SHORT`
 */
export function storyOf(epochs: number): Story {
  if (epochs < DEMO_MIN_EPOCHS) {
    throw new InputError({
      code: 'DEMO_TOO_SHORT',
      shortMessage: `the demo's story needs at least ${DEMO_MIN_EPOCHS} epochs`,
      details: { epochs },
    });
  }
  const last = epochs - 1;
  const first = Math.max(5, Math.floor(epochs / 6));
  const part = (quarters: number): number => first + Math.floor(((last - first) * quarters) / 4);
  return {
    firstClaim: first,
    oldProof: part(1),
    secondClaim: part(2),
    batch: part(3),
    signed: part(4),
    weightsFrom: part(1) + 2,
  };
}
