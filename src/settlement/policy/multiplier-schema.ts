import { z } from 'zod';

import { ONE, POLICY_BOUNDS, POINT_DECIMALS } from './policy-bounds.ts';
import {
  attributeName,
  badgeName,
  count,
  decimal,
  factor,
  label,
  listOf,
  measureName,
  recordOf,
  whole,
} from './policy-fields.ts';

const quality = z
  .strictObject({
    attribute: attributeName.meta({
      description: 'The column of the contributions that holds the rating.',
      example: 'quality',
    }),
    unrated: factor('a factor', {
      description:
        'The factor of a row without a rating, or with one that these rules cannot read but others of the policy can.',
      unit: 'factor',
      example: '1',
    }),
    levels: recordOf(
      label,
      factor('a factor', { description: 'What this label is worth.', unit: 'factor', example: '1.5' }),
      POLICY_BOUNDS.levels,
      'levels',
      {
        description: 'Ratings as labels, each with its factor. Either this, or `least` and `most`.',
        example: { gold: '1.5', poor: '0' },
      },
    ).optional(),
    least: factor('a factor', {
      description: 'Ratings as numbers: the rating itself is the factor, and never counts for less than this.',
      unit: 'factor',
      example: '0',
    }).optional(),
    most: factor('a factor', {
      description: 'Ratings as numbers: the rating itself is the factor, and never counts for more than this.',
      unit: 'factor',
      example: '2',
    }).optional(),
  })
  .superRefine(({ levels, least, most }, context) => {
    const fault = (path: string, message: string): void => context.addIssue({ code: 'custom', path: [path], message });
    if (levels !== undefined) {
      if (least !== undefined) fault('least', 'it stands beside levels, which have their own factors');
      if (most !== undefined) fault('most', 'it stands beside levels, which have their own factors');
    } else if (least === undefined && most === undefined) {
      fault('levels', 'quality needs levels, or least and most');
    } else if (least === undefined || most === undefined) {
      fault(least === undefined ? 'least' : 'most', 'ratings as numbers need least and most');
    } else if (least > most) {
      fault('least', 'it is above most');
    }
  })
  .meta({
    anyOf: [{ required: ['levels'] }, { required: ['least', 'most'] }],
    description:
      'Multiplies a row by its rating: x · factor, rounded down. The rating stands in an attribute of the contribution. As a number it is plain digits with at most 6 decimals, at most 1000000, without a sign, an exponent or a leading zero; `1.50` is 1.5. A row whose rating no rules of the policy for its task can read is refused when the ledger is read.',
    example: { attribute: 'quality', unrated: '1', levels: { gold: '1.5', poor: '0' } },
  });

const scarcity = z
  .strictObject({
    window: count('a number of epochs', POLICY_BOUNDS.window, {
      description: 'How many epochs before this one are looked at.',
      unit: 'epochs',
      example: '13',
    }),
    reference: decimal({
      what: 'a share',
      places: POINT_DECIMALS,
      least: 1n,
      most: ONE,
      meta: {
        description:
          'A value with this share of the rows, or a larger one, counts once; a value with a tenth of it counts ten times.',
        unit: 'share',
        example: '0.05',
      },
    }),
    most: factor('a factor', { description: 'The most that a rare value counts.', unit: 'factor', example: '3' }, ONE),
    unseen: factor('a factor', {
      description: 'The factor of a value that no row of the window has. At most `most`.',
      unit: 'factor',
      example: '1',
    }),
    values: listOf(label, POLICY_BOUNDS.values, 'values', {
      description:
        'The values that can be rare; every other one counts once, and is still one of all rows. Without the list an invented name is a rare value from its second epoch on.',
      whenLeftOut: 'every value can be rare',
      example: ['ta', 'ca'],
    }).optional(),
  })
  .superRefine(({ most, unseen }, context) => {
    if (unseen > most) context.addIssue({ code: 'custom', path: ['unseen'], message: 'it is above most' });
  })
  .meta({
    description:
      'Multiplies a row by the rarity of one of its attributes: reference · all rows ÷ rows with this value, from 1 to `most`, counted over the rows of the same task that earned something, after quality, in the window. A row without the attribute, one with a value that is not on the list, and every row after a window without any, counts once.',
    example: { window: '13', reference: '0.05', most: '3', unseen: '1' },
  });

const measured = z
  .strictObject({
    per: whole('a number of units', POLICY_BOUNDS.per, {
      description: 'The units that make a factor of 1.',
      unit: 'units',
      example: '120',
    }),
  })
  .meta({
    description:
      'Multiplies a day by the counted units of a measure of the same task on that day: x · units ÷ per; nothing without units. The measure must have a `dailyCap` of at most 1000000.',
    example: { per: '120' },
  });

const streak = z
  .strictObject({
    per: whole('a number of days', POLICY_BOUNDS.per, {
      description: 'The days that make a factor of 1.',
      unit: 'days',
      example: '10',
    }),
    most: whole('a number of days', POLICY_BOUNDS.streak, {
      description: 'The days of a streak that count at most.',
      unit: 'days',
      example: '30',
    }),
  })
  .meta({
    description:
      'Multiplies a day by the consecutive active UTC days that end with it: x · min(days, most) ÷ per. A day is active when a row of any task earned something after its quality. A missed day sets the streak back to nothing.',
    example: { per: '10', most: '30' },
  });

const badges = z
  .strictObject({
    factors: recordOf(
      badgeName,
      factor('a factor', { description: 'What holding this badge adds to 1.', unit: 'factor', example: '0.5' }),
      POLICY_BOUNDS.badges,
      'badges',
      { description: 'What each badge adds to 1.', example: { Fundamental: '2', Backer: '1' } },
    ),
    most: factor(
      'a factor',
      { description: 'The most that 1 and all badges together come to.', unit: 'factor', example: '10' },
      ONE,
    ),
  })
  .meta({
    description:
      'Multiplies a day by 1 + the badges that the account holds: x · min(most, 1 + sum). A badge is held on a day when its `since` is before the end of that UTC day and of the epoch.',
    example: { factors: { Fundamental: '2', Backer: '1' }, most: '10' },
  });

const consistency = z
  .strictObject({
    epochs: count('a number of epochs', POLICY_BOUNDS.window, {
      description: 'How many epochs before this one are looked at.',
      unit: 'epochs',
      example: '8',
    }),
    bonus: factor('a factor', {
      description: 'What is added to 1 for an account that was active in each of them.',
      unit: 'factor',
      example: '0.5',
    }),
  })
  .meta({
    description:
      'Multiplies an epoch by how steadily the account took part before it: x · (1 + bonus · active epochs ÷ epochs); the quotient is multiplied out first and rounded down to a millionth, then the product is. An epoch is active when a row of any task earned something after its quality.',
    example: { epochs: '8', bonus: '0.5' },
  });

const loyalty = z
  .strictObject({
    epochs: count('a number of epochs', POLICY_BOUNDS.window, {
      description: 'How many epochs before this one are looked at.',
      unit: 'epochs',
      example: '260',
    }),
    bonus: factor('a factor', {
      description: 'What each active one of them adds to 1.',
      unit: 'factor',
      example: '0.01',
    }),
    most: factor('a factor', { description: 'The most that it comes to.', unit: 'factor', example: '2' }, ONE),
  })
  .meta({
    description:
      'Multiplies an epoch by how long the account has taken part: x · min(most, 1 + bonus · active epochs), rounded down.',
    example: { epochs: '260', bonus: '0.01', most: '2' },
  });

const SCARCITY = {
  description:
    'Rarity, by the attribute that is looked at. Several act one after the other, by rising name (code points).',
  example: { language: { window: '13', reference: '0.05', most: '3', unseen: '1' } },
};
const MEASURED = {
  description:
    'Measures that multiply the day, by their name; explanations list several by rising name, and all act at once.',
  example: { online: { per: '120' } },
};

export const multipliersSchema = z
  .strictObject({
    quality: quality.optional(),
    scarcity: recordOf(attributeName, scarcity, POLICY_BOUNDS.names, 'attributes', SCARCITY).optional(),
    measured: recordOf(measureName, measured, POLICY_BOUNDS.names, 'measures', MEASURED).optional(),
    streak: streak.optional(),
    badges: badges.optional(),
    consistency: consistency.optional(),
    loyalty: loyalty.optional(),
  })
  .meta({
    description:
      'What multiplies the points of the task. Quality and scarcity act on each row, measures, streak and badges on each day after its cap (each of the two parts of a day that the border of an epoch cuts has caps and measured units of its own; a streak counts the whole day), consistency and loyalty on the epoch. Points are rounded down to a millionth after each factor of a row or an epoch, and once after all factors of a day, which act as one fraction. The product of the largest factors is at most 1000; of the day’s factors, the product of the largest numerators (`dailyCap` of the measures, `most` of the streak, `most` of the badges in millionths) and that of the denominators (`per`, 10^6 for badges) are at most 10^17 each.',
  });

/** The same in an overlay: each kind, each attribute and each measure replaced as a whole, or taken away by `null`. */
export const multiplierChangesSchema = z
  .strictObject({
    quality: quality.nullish(),
    scarcity: recordOf(attributeName, scarcity.nullable(), POLICY_BOUNDS.names, 'attributes', SCARCITY).nullish(),
    measured: recordOf(measureName, measured.nullable(), POLICY_BOUNDS.names, 'measures', MEASURED).nullish(),
    streak: streak.nullish(),
    badges: badges.nullish(),
    consistency: consistency.nullish(),
    loyalty: loyalty.nullish(),
  })
  .meta({
    description:
      'What changes of the multipliers. A kind that is given replaces the one before it as a whole (of scarcity and measured: each attribute and measure), `null` takes it away.',
  });

export type QualityDocument = z.output<typeof quality>;
export type ScarcityDocument = z.output<typeof scarcity>;
export type MultipliersDocument = z.output<typeof multipliersSchema>;
export type MultiplierChanges = z.output<typeof multiplierChangesSchema>;
