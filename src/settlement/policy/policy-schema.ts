import { z } from 'zod';

/** How finely points are counted inside: a rule's points are whole millionths of a point, and every step is a whole number. */
export const POINT_DECIMALS = 6;
export const POINT = 10n ** 6n;
const WAD = 10n ** 18n;

/**
 * Bounds that keep every product and sum within 127 bits, since engines do not reliably notice when one leaves them (a
 * grouped sum in DuckDB can wrap around without a word): a row has at most 10^15 units (2^50) of at most 10^15 millionths
 * of a point, so it earns less than 2^100, and fewer than 2^26 rows are scored at a time.
 */
export const POLICY_BOUNDS = {
  decimals: 6n,
  points: 10n ** 9n * POINT,
  taskCap: 10n ** 18n * POINT,
  measureCap: 10n ** 15n,
  minimumScore: 1n << 96n,
  epoch: 1n << 32n,
} as const;

const CANONICAL = /^(0|[1-9][0-9]{0,39})(?:\.([0-9]*[1-9]))?$/;

/** A number in quotes, in its one spelling, with at most `places` decimals and within bounds; in units of 10^-places. */
function decimal(places: number, min: bigint, max: bigint, what: string) {
  return z.string({ error: `expected ${what} in quotes, such as "1"` }).transform((text, context): bigint => {
    const match = CANONICAL.exec(text);
    const fraction = match?.[2] ?? '';
    const value =
      match === null || fraction.length > places ? undefined : BigInt((match[1] ?? '') + fraction.padEnd(places, '0'));
    if (value !== undefined && value >= min && value <= max) return value;
    const form = `plain digits, at most ${places} decimals, no zero at an end that could be left out`;
    const reason = value === undefined ? form : 'it is outside its bounds';
    context.addIssue({ code: 'custom', message: `${JSON.stringify(text.slice(0, 40))} is not ${what}: ${reason}` });
    return z.NEVER;
  });
}

/** The name of a task of the protocol. */
const taskName = z.string().regex(/^[a-z][a-z0-9-]{0,47}$/, 'a task is named in small letters, digits and hyphens');
/** The name of a measure in the ledger. */
const measureName = z
  .string()
  .regex(/^[a-z][a-z0-9_.-]{0,63}$/, 'a measure is named in small letters, digits and _ . -');

const points = decimal(POINT_DECIMALS, 0n, POLICY_BOUNDS.points, 'points for one unit');
const measureCap = decimal(0, 1n, POLICY_BOUNDS.measureCap, 'a whole number of units a day');
const taskCap = decimal(POINT_DECIMALS, 1n, POLICY_BOUNDS.taskCap, 'points a day');
/** In points; how many decimals it may have depends on the policy's `decimals`, so it is scaled later. */
const minimumScore = decimal(POINT_DECIMALS, 1n, POLICY_BOUNDS.minimumScore * POINT, 'a minimum score in points');
const epoch = decimal(0, 0n, POLICY_BOUNDS.epoch, 'the number of an epoch');

const measure = z.strictObject({
  /** What one unit is worth, in points. */
  points,
  /** Units that count for one account in one UTC day; the earliest rows count first. Left out: all. */
  dailyCap: measureCap.optional(),
});

const task = z.strictObject({
  /** What an account must score in an epoch to count as a participant of the task, in points. */
  minimumScore,
  /** Points that count for one account in one UTC day. Left out: all. */
  dailyCap: taskCap.optional(),
  /** What the task's rows are worth, by measure. A row that names none has the measure `units`. */
  measures: z.record(measureName, measure),
});

const acceleration = z.strictObject({
  /** Share of what an account still waits for that one use of its contributions in an epoch unlocks. */
  perUse: decimal(18, 0n, WAD, 'a share from 0 to 1'),
});

const overlay = z.strictObject({
  /** The first epoch in which the overlay acts. */
  from: epoch,
  /** The first epoch in which it does not act any more. Left out: it stays. */
  until: epoch.optional(),
  /** What changes; what is not named stays as it is. `null` takes a cap or a measure away. */
  tasks: z
    .record(
      taskName,
      z.strictObject({
        minimumScore: minimumScore.optional(),
        dailyCap: taskCap.nullable().optional(),
        measures: z
          .record(
            measureName,
            z.strictObject({ points: points.optional(), dailyCap: measureCap.nullable().optional() }).nullable(),
          )
          .optional(),
      }),
    )
    .optional(),
  acceleration: acceleration.nullable().optional(),
});

/** A policy file as it is written: who earns points for what. Every key is known, every number is exact. */
export const policySchema = z.strictObject({
  format: z.literal('lode-policy-v1'),
  /** Scores are whole numbers of 10^-decimals points: 0 (the default) to 6. */
  decimals: decimal(0, 0n, POLICY_BOUNDS.decimals, 'a number of decimals from 0 to 6').optional(),
  /** By the protocol's task names. */
  tasks: z.record(taskName, task),
  acceleration: acceleration.optional(),
  /** Later phases: each lays its changes over the policy for a range of epochs. Ranges rise and do not overlap. */
  overlays: z.array(overlay).max(1000).optional(),
});

export type PolicyDocument = z.output<typeof policySchema>;
export type OverlayDocument = z.output<typeof overlay>;
