import { z } from 'zod';

import { BOUNDS } from './bounds.ts';
import { text } from './fields.ts';
import { formatWad } from './decimals.ts';
import { count, duration, ratio, tokens } from './quantity.ts';

const WAD = 10n ** 18n;

/** What follows from a value outside its bounds cannot be computed, so nothing that builds on it is judged. */
const bounded = (error: string) => ({ error, abort: true });

const period = () => z.enum(['year', 'month']);
export const periodsOf = () =>
  count().refine(
    (value) => value >= 1 && value <= BOUNDS.periods,
    bounded(`a curve has 1 to ${BOUNDS.periods} periods`),
  );

export const declineOf = () =>
  ratio().refine((decline) => decline > 0n && decline < WAD, bounded('a decline lies between 0 and 1'));

const phases = z
  .strictObject({
    kind: z.literal('phases'),
    total: tokens().describe('What the system announces in all; the table must reach it to the wei.'),
    period: period().describe('The calendar period that each share stands for.'),
    /** One after the other; the shares of a phase sum to exactly 1. */
    phases: z
      .array(z.strictObject({ name: text(), tokens: tokens(), shares: z.array(ratio()).min(1).max(BOUNDS.periods) }))
      .min(1),
  })
  .superRefine((curve, context) => {
    const refuse = (path: (string | number)[], message: string) => {
      context.addIssue({ code: 'custom', path, message });
    };
    curve.phases.forEach((phase, index) => {
      const sum = phase.shares.reduce((total, share) => total + share, 0n);
      if (sum !== WAD) refuse(['phases', index, 'shares'], `the shares sum to ${formatWad(sum)}, not to 1`);
    });
    const sum = curve.phases.reduce((total, phase) => total + phase.tokens, 0n);
    if (sum !== curve.total) {
      refuse(['total'], `the phases sum to ${formatWad(sum)}, not to the total ${formatWad(curve.total)}`);
    }
    const rows = curve.phases.reduce((total, phase) => total + phase.shares.length, 0);
    if (rows > BOUNDS.periods) refuse(['phases'], `a curve has 1 to ${BOUNDS.periods} periods, not ${rows}`);
  });

const even = z.strictObject({
  kind: z.literal('even'),
  total: tokens().describe('All that is ever emitted, at the same pace from the first second to the last.'),
  period: period(),
  periods: periodsOf(),
});

const geometric = z
  .strictObject({
    kind: z.literal('geometric'),
    first: tokens()
      .optional()
      .describe('The first period’s emission; the total follows. Exactly one of first and total is given.'),
    total: tokens().optional().describe('All that is ever emitted, to the wei; the first period’s emission follows.'),
    decline: declineOf().describe('By how much each period emits less than the one before it.'),
    period: period(),
    periods: periodsOf(),
  })
  .superRefine((curve, context) => {
    if ((curve.first === undefined) === (curve.total === undefined)) {
      context.addIssue({
        code: 'custom',
        message: 'a geometric curve has either "first" or "total", the other follows',
      });
    }
  });

const constant = z
  .strictObject({
    kind: z.literal('constant'),
    amount: tokens().describe('What is emitted in each length `per`.'),
    per: duration().refine(
      (seconds) => seconds > 0,
      bounded('an amount is emitted per length of time, not per nothing'),
    ),
    lasts: duration().describe('How long the curve goes on: a whole number of times `per`.'),
  })
  .superRefine((curve, context) => {
    if (curve.lasts === 0 || curve.lasts % curve.per !== 0) {
      context.addIssue({ code: 'custom', path: ['lasts'], message: 'it is not a whole number of times "per"' });
    }
  });

/** How much is emitted when. */
export const curveSchema = z.discriminatedUnion('kind', [phases, even, geometric, constant], {
  error: 'a curve is of the kind "phases", "even", "geometric" or "constant"',
});

export type CurveSection = z.output<typeof curveSchema>;
