import { z } from 'zod';

import type { Address, Hash32 } from '../../protocol/brands.ts';
import { MAX_UINT128, MAX_UINT256, MAX_UINT96 } from '../../protocol/words.ts';

const DECIMAL = /^(0|[1-9][0-9]{0,77})$/;
const ADDRESS = /^0x[0-9a-f]{40}$/;
const HASH = /^0x[0-9a-f]{64}$/;

const decimal = (max: bigint): z.ZodType<bigint, string> =>
  z
    .string()
    .regex(DECIMAL, 'not a whole number in decimal digits')
    .transform((text) => BigInt(text))
    .refine((value) => value <= max, 'too large');

/**
 * A list of at most so many entries, given up at the first one that is none: a file of millions of them would otherwise be told
 * millions of times what is wrong with it.
 */
export const list = <T>(entry: z.ZodType<T>, most = Number.MAX_SAFE_INTEGER): z.ZodType<T[]> =>
  z
    .custom<readonly unknown[]>((value) => Array.isArray(value), 'not a list')
    .refine(({ length }) => length <= most, { message: `more than ${most} entries`, abort: true })
    .transform((entries, context) => {
      const read: T[] = [];
      for (const [at, given] of entries.entries()) {
        const result = entry.safeParse(given);
        if (!result.success) {
          const [issue] = result.error.issues;
          context.addIssue({ code: 'custom', message: issue?.message ?? 'wrong', path: [at, ...(issue?.path ?? [])] });
          return z.NEVER;
        }
        read.push(result.data);
      }
      return read;
    });

/** An amount in wei below 2^128. */
export const amount = decimal(MAX_UINT128);
/** A score below 2^96. */
export const score = decimal(MAX_UINT96);
/** Any whole number of one word. */
export const word = decimal(MAX_UINT256);
/** A signed amount, such as a reason. */
export const signed = z
  .string()
  .regex(/^(0|-?[1-9][0-9]{0,38})$/, 'not a whole number')
  .transform((text) => BigInt(text));
/** A count, index or time that fits 40 bits. */
export const count = z
  .int()
  .min(0)
  .max(2 ** 40 - 1);
/** A count of leaves or participants. */
export const count32 = z
  .int()
  .min(0)
  .max(2 ** 32 - 1);
/** An account in lower case. */
export const address = z.custom<Address>(
  (value) => typeof value === 'string' && ADDRESS.test(value),
  'not an address in lower case',
);
/** 32 bytes in lower case. */
export const hash32 = z.custom<Hash32>(
  (value) => typeof value === 'string' && HASH.test(value),
  'not 32 bytes in lower case',
);
/** sha-256 of a file, without `0x`. */
export const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'not a sha-256 of 64 lower-case digits');

/** Files by name, each with its sha-256; given up at the first that has none, as a {@link list} is. */
export const digests: z.ZodType<Record<string, string>> = z
  .custom<Record<string, unknown>>(
    (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
    'not an object',
  )
  .transform((entries, context) => {
    const read: [string, string][] = [];
    for (const [name, given] of Object.entries(entries)) {
      const result = sha256.safeParse(given);
      if (!result.success) {
        context.addIssue({ code: 'custom', message: result.error.issues[0]?.message ?? 'wrong', path: [name] });
        return z.NEVER;
      }
      read.push([name, result.data]);
    }
    return Object.fromEntries(read);
  });

/** A cohort as `[end, duration, amount]`. */
export const cohort = z
  .tuple([count, count, amount])
  .transform(([end, duration, face]) => ({ end, duration, amount: face }));

/** A vesting curve. */
export const curve = z.strictObject({ unlocked: amount, cohorts: list(cohort, 26) });
