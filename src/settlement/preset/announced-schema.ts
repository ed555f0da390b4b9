import { z } from 'zod';

import { declineOf, periodsOf } from './curve-schema.ts';
import { name, text } from './fields.ts';
import { count, printedAmount, printedShare, ratio, tokens } from './quantity.ts';

/**
 * What every announcement says besides its figure. The figure itself is never believed: `lode preset check` computes it
 * from the rest of the file and compares.
 */
const said = {
  says: text().describe('What the system’s documents say, in words.'),
  settled: text().optional().describe('How the preset settles it where it contradicts another announcement.'),
};

/** The largest difference that still counts as agreement; left out: half a unit of the last place that is printed. */
const within = { within: ratio().optional() };

/** Divides something, so nothing can be computed from a zero. */
const aboveZero = () => tokens().refine((sum) => sum > 0n, 'it is above 0');

/** What one account does in one day. */
const work = z.strictObject({
  task: name(),
  units: z.record(z.string(), count()).describe('Units of each measure.'),
  streak: count().optional().describe('Active days in a row that end with this one; left out: 1.'),
  badges: z.array(text()).optional().describe('The badges that are held; left out: none.'),
});

export type AnnouncedWork = z.output<typeof work>;

const amount = printedAmount();
const share = printedShare();

/** Figures of the curve, as tokens or as shares of its own total. Periods count from 1. */
const curveFigures = [
  z.strictObject({ kind: z.literal('curve-total'), value: amount, ...within, ...said }),
  z.strictObject({ kind: z.literal('curve-phase'), phase: count(), value: amount, ...within, ...said }),
  z.strictObject({ kind: z.literal('curve-period'), period: count(), value: amount, ...within, ...said }),
  /** What the first so many periods emit, as a share of the curve's own total. */
  z.strictObject({ kind: z.literal('curve-share'), periods: count(), value: share, ...within, ...said }),
  z.strictObject({ kind: z.literal('curve-decline'), value: share, ...within, ...said }),
  /** Every period emits less than the one before it. */
  z.strictObject({ kind: z.literal('curve-falls'), ...said }),
  /** No period emits nothing. */
  z.strictObject({ kind: z.literal('curve-never-zero'), ...said }),
  /** The day by whose end everything is emitted, if the economy starts on `start.date`. */
  z.strictObject({ kind: z.literal('curve-end'), value: z.iso.date(), ...said }),
] as const;

/** Figures that follow from other printed figures alone, whatever curve the preset has. */
const printedFigures = [
  /** What so many periods emit from this first one with this decline. */
  z.strictObject({
    kind: z.literal('geometric-sum'),
    first: tokens(),
    decline: declineOf(),
    periods: periodsOf(),
    value: amount,
    ...within,
    ...said,
  }),
  /** What the first so many of all periods emit with this decline, as a share of the sum. */
  z.strictObject({
    kind: z.literal('geometric-share'),
    decline: declineOf(),
    part: periodsOf(),
    periods: periodsOf(),
    value: share,
    ...within,
    ...said,
  }),
] as const;

/** Figures about who is paid what. */
const shareFigures = [
  /** All that is announced for some tasks (all if left out), with or without a published curve. */
  z.strictObject({ kind: z.literal('allocation'), value: amount, ...within, ...said }),
  /** What is announced for one task as a share of everything: its weight. */
  z.strictObject({ kind: z.literal('task-share'), task: name(), value: share, ...within, ...said }),
  /** What is announced for one task: its weight of the allocation. */
  z.strictObject({ kind: z.literal('task-allocation'), task: name(), value: amount, ...within, ...said }),
  /** y = 1 − L at so many effective participants: the share that few participants leave in the reserve. */
  z.strictObject({ kind: z.literal('withheld'), participants: count(), value: share, ...within, ...said }),
  /** A worked example: what a day of such work scores by the policy, for an account that has done nothing else. */
  z.strictObject({ kind: z.literal('score'), work, value: amount, ...within, ...said }),
  /**
   * This score among scores of this sum is this share of an epoch. Where a `score` of the same figure is announced, what the
   * policy gives for its work is taken in its place; where none is, only the division can be checked.
   */
  z.strictObject({
    kind: z.literal('score-share'),
    score: tokens(),
    of: aboveZero(),
    value: share,
    ...within,
    ...said,
  }),
  /** The same in tokens of the first epoch. */
  z.strictObject({
    kind: z.literal('score-tokens'),
    score: tokens(),
    of: aboveZero(),
    value: amount,
    ...within,
    ...said,
  }),
  /** A worked example that the cap per account must leave alone. */
  z.strictObject({ kind: z.literal('score-under-cap'), score: tokens(), of: aboveZero(), ...said }),
  /** What these badges of a task multiply by, held together; without a list: all of them, against the most they may. */
  z.strictObject({
    kind: z.literal('badge-factor'),
    task: name(),
    badges: z.array(text()).min(1).optional(),
    value: share,
    ...within,
    ...said,
  }),
] as const;

/** What no figure can show. */
const words = [
  /** Symbols that the documents list and use in no formula. */
  z.strictObject({ kind: z.literal('unused'), symbols: z.array(text()).min(1), ...said }),
  /** Two statements that do not go together, or one that does not say enough. */
  z.strictObject({ kind: z.literal('words'), but: text(), ...said }),
] as const;

export const announcedSchema = z.array(
  z.discriminatedUnion('kind', [...curveFigures, ...printedFigures, ...shareFigures, ...words], {
    error: 'this kind of announcement is not known; docs/presets.md lists them',
  }),
);

export type Announcement = z.output<typeof announcedSchema>[number];
