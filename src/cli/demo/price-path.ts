import { mulDivDown } from '../../protocol/fixed-point.ts';

/** A rally, a slump to a third of the reference, a recovery. */
export const RALLY_AND_SLUMP: readonly number[] = [
  1000, 1050, 1200, 1600, 2000, 1700, 1100, 700, 450, 350, 400, 650, 900, 1000, 1150, 1000,
];
const WOBBLE = 80;

/**
 * A price for each epoch: the story told by `told` (per mille of the reference, at equal distances from the first epoch to the
 * last), and some noise that `seed` decides. Whole numbers only, so that every machine tells the same story.
 *
 * @example
 * pricePath({ told: [1000, 500], epochs: 64, reference: 10n ** 16n, seed: 1 }).length // 64
 */
export function pricePath(options: {
  readonly told?: readonly number[];
  readonly epochs: number;
  readonly reference: bigint;
  readonly seed: number;
}): bigint[] {
  const { told: story = RALLY_AND_SLUMP, epochs, reference, seed } = options;
  const random = generator(seed);
  return Array.from({ length: epochs }, (_, epoch) => {
    const position = (epoch * (story.length - 1) * 1000) / Math.max(1, epochs - 1);
    const segment = Math.min(story.length - 2, Math.floor(position / 1000));
    const [from = 1000, to = 1000] = [story[segment], story[segment + 1]];
    const told = from + Math.round(((to - from) * (position - segment * 1000)) / 1000);
    const perMille = Math.round((told * (1000 + (random() % (2 * WOBBLE + 1)) - WOBBLE)) / 1000);
    return mulDivDown(reference, BigInt(perMille), 1000n);
  });
}

/** Numbers below 2^31 that only depend on the seed (a linear congruential generator: it need not be good, only the same). */
function generator(seed: number): () => number {
  let state = BigInt(seed) + 0x9e3779b97f4a7c15n;
  return () => {
    state = (state * 6364136223846793005n + 1442695040888963407n) % 2n ** 64n;
    return Number(state >> 33n);
  };
}
