import { z } from 'zod';

import { parseDecimal, parseDuration, parseRatio } from './decimals.ts';

const WAD_DECIMALS = 18;

const DECIMAL = /^(0|[1-9]\d*)(\.\d+)?$/;
const RATIO = /^(0|[1-9]\d*)(\.\d+)?( ?%)?$|^\d+\/[1-9]\d*$/;
const DURATION = /^(0|[1-9]\d*) (second|minute|hour|day|week)s?$/;
const COUNT = /^(0|[1-9]\d*)$/;

const DECIMAL_LIMIT = 'at most 60 digits and 18 decimals, 16 in per cent';

/**
 * @param pattern what an editor can check of the spelling; the parser decides
 * @param limit what a text of the right spelling can be too long for
 */
function quantity<T>(
  what: string,
  pattern: RegExp,
  parse: (text: string) => T | undefined,
  limit: string = DECIMAL_LIMIT,
) {
  return z
    .string({ error: (issue) => `expected ${what} as a string in quotes, got ${describe(issue.input)}` })
    .meta({ description: `${what.charAt(0).toUpperCase()}${what.slice(1)}.`, pattern: pattern.source })
    .transform((text, context): T => {
      const value = parse(text);
      if (value !== undefined) return value;
      context.addIssue({
        code: 'custom',
        message: `expected ${what}${pattern.test(text) ? ` (${limit})` : ''}, got ${JSON.stringify(text.slice(0, 60))}`,
      });
      return z.NEVER;
    });
}

function describe(input: unknown): string {
  if (input === undefined) return 'nothing';
  if (input === null) return 'null';
  if (Array.isArray(input)) return 'a list';
  return typeof input === 'object' ? 'an object' : `a ${typeof input}`;
}

/** Whole tokens with up to 18 decimals, in wei. */
export const tokens = () =>
  quantity('an amount of tokens such as "20250000000"', DECIMAL, (text) => parseDecimal(text, 18));

/** A ratio, in 18 decimals. */
export const ratio = () => quantity('a ratio such as "0.4", "40%" or "1/52"', RATIO, parseRatio);

/** A number with up to 18 decimals, in 18 decimals. */
export const wad = () => quantity('a decimal number such as "135.5"', DECIMAL, (text) => parseDecimal(text, 18));

/** A figure as it is printed somewhere: its value in 18 decimals, and what one in its last place is worth. */
export interface Printed {
  readonly text: string;
  readonly value: bigint;
  readonly unit: bigint;
}

function parsePrinted(text: string, parse: (text: string) => bigint | undefined): Printed | undefined {
  const value = text.includes('/') ? undefined : parse(text);
  if (value === undefined) return undefined;
  const isPercent = text.endsWith('%');
  const places = (/\.(\d+)/.exec(text)?.[1] ?? '').length + (isPercent ? 2 : 0);
  return { text, value, unit: 10n ** BigInt(WAD_DECIMALS - places) };
}

/** An announced amount of tokens, with the precision in which it is printed. */
export const printedAmount = () =>
  quantity('an amount of tokens such as "16500000000"', DECIMAL, (text) =>
    parsePrinted(text, (plain) => parseDecimal(plain, WAD_DECIMALS)),
  );

/** An announced ratio, with the precision in which it is printed. */
export const printedShare = () =>
  quantity('a ratio such as "0.95" or "12%"', RATIO, (text) => parsePrinted(text, parseRatio));

/** A length of time, in seconds. */
export const duration = () =>
  quantity('a length of time such as "7 days"', DURATION, parseDuration, 'at most 9 digits, and below 2^40 seconds');

/** A whole number below 2^53 (ids, counts). */
export const count = () =>
  quantity(
    'a whole number such as "4"',
    COUNT,
    (text) => {
      const value = parseDecimal(text, 0);
      return value === undefined || value > BigInt(Number.MAX_SAFE_INTEGER) ? undefined : Number(value); // integer: bounded on this line
    },
    `at most ${Number.MAX_SAFE_INTEGER}`,
  );
