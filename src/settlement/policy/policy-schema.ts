import { z } from 'zod';

import { multiplierChangesSchema, multipliersSchema } from './multiplier-schema.ts';
import { POINT, POINT_DECIMALS, POLICY_BOUNDS } from './policy-bounds.ts';
import { account, badgeName, decimal, listOf, measureName, taskName, whole } from './policy-fields.ts';

const WAD = 10n ** 18n;

const points = decimal({
  what: 'points for one unit',
  places: POINT_DECIMALS,
  least: 0n,
  most: POLICY_BOUNDS.points,
  meta: { description: 'What one unit is worth. A row earns at most 10^15 points.', unit: 'points', example: '1.5' },
});
const measureCap = whole('a whole number of units a day', POLICY_BOUNDS.measureCap, {
  description:
    'Units that count for one account in one UTC day, and anew in each part of a day that an epoch’s border cuts; the earliest rows count first.',
  unit: 'units',
  whenLeftOut: 'all count',
  example: '100',
});
const taskCap = decimal({
  what: 'points a day',
  places: POINT_DECIMALS,
  least: 1n,
  most: POLICY_BOUNDS.taskCap,
  meta: {
    description:
      "Points that count for one account in one UTC day, and anew in each part of a day that an epoch's border cuts, before the day's multipliers.",
    unit: 'points',
    whenLeftOut: 'all count',
    example: '500',
  },
});
/** In points; how many decimals it may have depends on the policy's `decimals`, so it is scaled later. */
const minimumScore = decimal({
  what: 'a minimum score in points',
  places: POINT_DECIMALS,
  least: 1n,
  most: POLICY_BOUNDS.minimumScore * POINT,
  meta: {
    description: 'What an account must score in an epoch to count as a participant of the task.',
    unit: 'points',
    bounds: 'above 0, as many decimals as `decimals` says',
    example: '1',
  },
});
const epoch = (description: string, whenLeftOut?: string) =>
  whole(
    'the number of an epoch',
    POLICY_BOUNDS.epoch,
    { description, unit: 'epoch', example: '261', ...(whenLeftOut === undefined ? {} : { whenLeftOut }) },
    0n,
  );

const MEASURES = {
  description: "What the task's rows are worth, by measure. A row that names none has the measure `units`.",
  example: { units: { points: '1' } },
};
const MEASURE = { description: 'What one measure is worth.', example: { points: '10', dailyCap: '100' } };
const measure = z.strictObject({ points, dailyCap: measureCap.optional() }).meta(MEASURE);

const usage = z
  .strictObject({
    points: decimal({
      what: 'points for one use',
      places: POINT_DECIMALS,
      least: 0n,
      most: POLICY_BOUNDS.points,
      meta: { description: 'What one use is worth.', unit: 'points', example: '0.5' },
    }),
    epochCap: whole('a whole number of uses', POLICY_BOUNDS.measureCap, {
      description: 'Uses that count for one account in one epoch.',
      unit: 'uses',
      whenLeftOut: 'all count',
      example: '100',
    }).optional(),
  })
  .meta({
    description:
      "Adds points to an epoch for the uses, in this epoch, of the account's earlier contributions to this task, before consistency and loyalty. Earlier: inside the economy, and no later than the use; the same second counts.",
    example: { points: '0.5', epochCap: '100' },
  });

const TASK = { description: 'How one task is scored.' };
const task = z
  .strictObject({
    minimumScore,
    dailyCap: taskCap.optional(),
    measures: z.record(measureName, measure).meta(MEASURES),
    multipliers: multipliersSchema.optional(),
    usage: usage.optional(),
  })
  .meta(TASK);

const eligibility = z
  .strictObject({
    badges: listOf(badgeName, POLICY_BOUNDS.badges, 'badges', {
      description:
        'At least one of these must be held at the end of the epoch. The empty one is a row of the accounts file without a badge.',
      example: ['verified', 'device'],
    }).optional(),
    age: whole('a whole number of days', POLICY_BOUNDS.age, {
      description:
        'So long ago, at the end of the epoch, the account must have been seen first: the earliest `since` of all its badges in the accounts file (the same badge with two of them is a conflict, and neither row counts), or its first accepted contribution, whichever is earlier.',
      unit: 'days',
      example: '7',
    }).optional(),
    allow: listOf(account, POLICY_BOUNDS.allowed, 'accounts', {
      description: 'Only these accounts, in lower case or with their checksum.',
      example: ['0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed'],
    }).optional(),
  })
  .superRefine((rules, context) => {
    if (rules.badges === undefined && rules.age === undefined && rules.allow === undefined)
      context.addIssue({ code: 'custom', message: 'eligibility needs badges, age or allow' });
  })
  .meta({
    description:
      'Who can score at all; everything that is named must hold. Who is not eligible scores 0 in the epoch, with the reason `not-listed`, `badge-missing` or `too-young`; what was earned before stays, and goes on being accelerated. `ineligible.json` lists who would have scored; who would have scored 0 anyway is not in it.',
    bounds: 'at least one of its keys',
    minProperties: 1,
    example: { badges: ['verified'], age: '7' },
  });

const acceleration = z
  .strictObject({
    perUse: decimal({
      what: 'a share from 0 to 1',
      places: 18,
      least: 0n,
      most: WAD,
      meta: {
        description:
          'Share of what an account still waits for that one use of its contributions in an epoch unlocks, up to the bound of the protocol.',
        unit: 'share',
        example: '0.005',
      },
    }),
  })
  .meta({ description: 'How usage unlocks earlier rewards.', whenLeftOut: 'usage unlocks nothing' });

const taskChanges = z
  .strictObject({
    minimumScore: minimumScore.optional(),
    dailyCap: taskCap.nullish(),
    measures: z
      .record(
        measureName,
        z.strictObject({ points: points.optional(), dailyCap: measureCap.nullish() }).meta(MEASURE).nullable(),
      )
      .meta(MEASURES)
      .optional(),
    multipliers: multiplierChangesSchema.optional(),
    usage: usage.nullish(),
  })
  .meta({
    description:
      'What changes of one task; a task that the policy does not have yet must be complete. A task needs rules in each epoch in which it counts, not before.',
  });

const overlay = z
  .strictObject({
    from: epoch('The first epoch in which the overlay acts.'),
    until: epoch('The first epoch in which it does not act any more.', 'it stays').optional(),
    eligibility: eligibility.nullish(),
    tasks: z
      .record(taskName, taskChanges)
      .meta({ description: 'What changes of the tasks; what is not named stays as it is.' })
      .optional(),
    acceleration: acceleration.nullish(),
  })
  .meta({
    description:
      'Changes that are laid over the policy itself, never over another overlay. `null` takes away a cap, a measure, a multiplier, usage, eligibility or acceleration that the policy has.',
  });

/** A policy file as it is written: who earns points for what. Every key is known, every number is exact. */
export const policySchema = z
  .strictObject({
    format: z.literal('lode-policy-v1').meta({ description: 'The format of the file.', example: 'lode-policy-v1' }),
    decimals: whole(
      'a number of decimals from 0 to 6',
      POLICY_BOUNDS.decimals,
      {
        description: 'Scores are whole numbers of 10^-decimals points.',
        unit: 'decimals',
        whenLeftOut: '0',
        example: '6',
      },
      0n,
    ).optional(),
    eligibility: eligibility.meta({ whenLeftOut: 'everybody can score' }).optional(),
    tasks: z.record(taskName, task).meta({
      description: "The rules of each task, by the protocol's task names.",
      bounds: 'at least one',
      minProperties: 1,
    }),
    acceleration: acceleration.optional(),
    overlays: z
      .array(overlay)
      .max(1000)
      .meta({
        description: 'Later phases, each for a range of epochs. Ranges rise and do not overlap.',
        bounds: 'at most 1000',
      })
      .optional(),
  })
  .meta({
    title: 'Lode policy',
    description: 'Who earns points for what. Numbers stand in quotes, in their one spelling.',
  });

export type PolicyDocument = z.output<typeof policySchema>;
export type OverlayDocument = z.output<typeof overlay>;
export type EligibilityDocument = z.output<typeof eligibility>;
export type UsageDocument = z.output<typeof usage>;
export type TaskChanges = z.output<typeof taskChanges>;
