import { z } from 'zod';

import { BOUNDS } from './bounds.ts';
import { durationWithin } from './fields.ts';
import { count, tokens } from './quantity.ts';

/** What a genesis allocation calls the pool instead of an address, which no file can know. */
export const UNIT_POOL = 'unitPool';

/** A pool of genesis tokens for units that are sold beforehand; the unsold part goes to the reserve. */
export const unitPoolSchema = z
  .strictObject({
    allocation: tokens().describe('All of the pool; the genesis allocation to "unitPool" is the same amount.'),
    /** Units on offer; each is worth the same whole number of wei. */
    units: count().refine((units) => units >= 1 && units <= BOUNDS.units, {
      error: `1 to ${BOUNDS.units} units`,
      abort: true,
    }),
    saleLasts: durationWithin(BOUNDS.saleLasts, 'a sale lasts 1 day to 5 years').describe(
      'From the start of the economy to the end of the sale.',
    ),
    releaseOver: durationWithin(BOUNDS.releaseOver, 'the release takes 1 day to 30 years').describe(
      'From the end of the sale, linearly per unit.',
    ),
  })
  .refine((pool) => pool.allocation > 0n && pool.allocation % BigInt(pool.units) === 0n, {
    path: ['allocation'],
    message: 'it does not divide into the units without a remainder',
  });

/** The pool as a deployment needs it. */
export interface UnitPoolTerms {
  readonly allocation: bigint;
  readonly units: number;
  /** What one unit is worth: allocation / units, without a remainder. */
  readonly perUnit: bigint;
  /** Unix seconds: from here on anyone may close the pool, and what was allotted is released. */
  readonly saleEnd: number;
  /** Seconds. */
  readonly releaseOver: number;
}
