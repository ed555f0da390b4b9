import { BYTES, SHAPE } from './lies-about-bytes.ts';
import { ORDER, PRESENCE, SUMS } from './lies-about-accounts.ts';
import { ACCELERATION, AMOUNTS, COHORTS } from './lies-about-curves.ts';
import type { Lie } from './lie-kit.ts';

/** Every way to lie that the tests know. Written without a look at the checker. */
export const LIES: readonly Lie[] = [
  ...AMOUNTS,
  ...COHORTS,
  ...ACCELERATION,
  ...ORDER,
  ...PRESENCE,
  ...SUMS,
  ...SHAPE,
  ...BYTES,
];
