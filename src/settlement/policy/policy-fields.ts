import { z } from 'zod';

import type { Address } from '../../protocol/brands.ts';
import { parseAddress } from '../../protocol/brands.ts';
import { InputError } from '../../protocol/errors.ts';
import { CONTRIBUTION_COLUMNS } from '../ledger/parse-fields.ts';
import { isCanonical } from '../ledger/parse-text.ts';
import { POINT_DECIMALS, POLICY_BOUNDS } from './policy-bounds.ts';

/** What the schema says about one key, for editors and for the reference page. */
export interface FieldMeta {
  readonly description: string;
  readonly unit?: string;
  /** What is taken, in words. */
  readonly bounds?: string;
  /** What holds when the key is left out. */
  readonly whenLeftOut?: string;
  readonly example?: unknown;
  readonly [key: string]: unknown;
}

interface DecimalField {
  /** For messages: `"x" is not …`. */
  readonly what: string;
  readonly places: number;
  /** In units of 10^-places. */
  readonly least: bigint;
  readonly most: bigint;
  readonly meta: FieldMeta;
}

const CANONICAL = /^(0|[1-9][0-9]*)(?:\.([0-9]*[1-9]))?$/;

/** Longer than any bound; nothing longer is made a number of. */
const DIGITS = 40;

/** A number in quotes, in its one spelling, with at most `places` decimals and within bounds; in units of 10^-places. */
export function decimal({ what, places, least, most, meta }: DecimalField) {
  const pattern = places === 0 ? '^(0|[1-9][0-9]*)$' : `^(0|[1-9][0-9]*)(\\.[0-9]{0,${places - 1}}[1-9])?$`;
  const decimals = places === 0 ? 'a whole number' : `at most ${places} decimals`;
  const bounds = `${shown(least, places)} to ${shown(most, places)}, ${decimals}`;
  return z
    .string({ error: `expected ${what} in quotes, such as "1"` })
    .transform((text, context): bigint => {
      const match = CANONICAL.exec(text);
      const [digits, fraction] = [match?.[1] ?? '', match?.[2] ?? ''];
      const fits = match !== null && digits.length <= DIGITS && fraction.length <= places;
      const value = fits ? BigInt(digits + fraction.padEnd(places, '0')) : undefined;
      if (value !== undefined && value >= least && value <= most) return value;
      const form = `expected plain digits, ${decimals}, no zero at an end that could be left out`;
      const range = `it is outside its bounds, ${shown(least, places)} to ${shown(most, places)}`;
      const reason = match === null || fraction.length > places ? form : range;
      context.addIssue({ code: 'custom', message: `${JSON.stringify(text.slice(0, 40))} is not ${what}: ${reason}` });
      return z.NEVER;
    })
    .meta({ pattern, bounds, ...meta });
}

/** A factor in millionths: 0 to 1000 unless said otherwise. */
export function factor(what: string, meta: FieldMeta, least = 0n, most: bigint = POLICY_BOUNDS.factor) {
  return decimal({ what, places: POINT_DECIMALS, least, most, meta });
}

/** A whole number from 1 on. */
export function whole(what: string, most: bigint, meta: FieldMeta, least = 1n) {
  return decimal({ what, places: 0, least, most, meta });
}

/** A whole number small enough for `number`. */
export function count(what: string, most: bigint, meta: FieldMeta) {
  return whole(what, most, meta).transform((value) => Number(value)); // integer: at most 2^32
}

/** The name of a task of the protocol. */
export const taskName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,47}$/, 'a task is named in small letters, digits and hyphens');

/** The name of a measure in the ledger. */
export const measureName = z
  .string()
  .regex(/^[a-z][a-z0-9_.-]{0,63}$/, 'a measure is named in small letters, digits and _ . -');

const OWN_COLUMNS: ReadonlySet<string> = new Set([...CONTRIBUTION_COLUMNS.required, ...CONTRIBUTION_COLUMNS.optional]);

/** The name of an attribute: a column of the contributions that the ledger itself does not know. */
export const attributeName = z
  .string()
  .regex(/^[a-z][a-z0-9_.-]{0,63}$/, 'an attribute is named in small letters, digits and _ . -')
  .refine((name) => !OWN_COLUMNS.has(name), 'this column is part of every contribution and no attribute');

/** A badge as the ledger can hold it; the empty one stands in the row that only says that an account is a member. */
export const badgeName = z
  .string()
  .max(POLICY_BOUNDS.text, `a badge has at most ${POLICY_BOUNDS.text} characters`)
  .refine((name) => name === '' || isCanonical(name), 'no badge of a ledger can be spelled like this');

/** A label that an attribute of the ledger can have. */
export const label = z
  .string()
  .min(1, 'a label is not empty')
  .max(POLICY_BOUNDS.text, `a label has at most ${POLICY_BOUNDS.text} characters`)
  .refine((name) => isCanonical(name), 'a label has no invisible characters and one spelling');

/** An address in lower case or with its checksum. */
export const account = z
  .string()
  .transform((text, context): Address => {
    try {
      return parseAddress(text);
    } catch (error) {
      const message = error instanceof InputError ? error.shortMessage : 'not an address';
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    }
  })
  .meta({ pattern: '^0x[0-9a-fA-F]{40}$' });

/** A list in which nothing stands twice; the second one is named. */
export function listOf<T extends z.ZodType<string, string>>(item: T, most: number, what: string, meta: FieldMeta) {
  return z
    .array(item)
    .min(1, `the list of ${what} is empty`)
    .max(most, `there are more than ${most} ${what}`)
    .superRefine((list, context) => {
      const seen = new Set<string>();
      list.forEach((entry, index) => {
        if (seen.has(entry)) context.addIssue({ code: 'custom', path: [index], message: 'this stands here twice' });
        seen.add(entry);
      });
    })
    .meta({ bounds: `1 to ${most} ${what}, none twice`, uniqueItems: true, ...meta });
}

/** A record of something by names, with a bound on how many there are. */
export function recordOf<K extends z.ZodType<string, string>, V extends z.ZodType>(
  key: K,
  value: V,
  most: number,
  what: string,
  meta: FieldMeta,
) {
  return z
    .record(key, value)
    .refine((record) => Object.keys(record).length > 0, `there are no ${what}`)
    .refine((record) => Object.keys(record).length <= most, `there are more than ${most} ${what}`)
    .meta({ bounds: `1 to ${most} ${what}`, minProperties: 1, maxProperties: most, ...meta });
}

function shown(value: bigint, places: number): string {
  const digits = value.toString().padStart(places + 1, '0');
  const [head, tail] = [digits.slice(0, digits.length - places), digits.slice(digits.length - places)];
  const fraction = tail.replace(/0+$/, '');
  return fraction === '' ? head : `${head}.${fraction}`;
}
