import { mulDivDown } from '../../protocol/fixed-point.ts';

/** The story of the demo's price in per mille of the reference, at equal distances from the first epoch to the last. */
const STORY = [1000, 1050, 1200, 1600, 2000, 1700, 1100, 700, 450, 350, 400, 650, 900, 1000, 1150, 1000] as const;
const WOBBLE = 80;

/**
 * A price for each epoch: a rally, a slump to a third of the reference, a recovery, and some noise that `seed` decides.
 * Whole numbers only, so that every machine tells the same story.
 *
 * @example
 * pricePath({ epochs: 64, reference: 10n ** 16n, seed: 1 }).length // 64
 */
export function pricePath(options: {
  readonly epochs: number;
  readonly reference: bigint;
  readonly seed: number;
}): bigint[] {
  const { epochs, reference, seed } = options;
  const random = generator(seed);
  return Array.from({ length: epochs }, (_, epoch) => {
    const position = (epoch * (STORY.length - 1) * 1000) / Math.max(1, epochs - 1);
    const segment = Math.min(STORY.length - 2, Math.floor(position / 1000));
    const [from = 1000, to = 1000] = [STORY[segment], STORY[segment + 1]];
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
