import { Fault, isFault, quote } from './fault.ts';
import type { Parsed } from './fault.ts';

/** The largest `units` of one row: with the policy's own bounds no sum of a ledger can leave 128 bits. */
export const MAX_UNITS = 10n ** 15n;

const WHOLE = /^(?:0|[1-9][0-9]*)$/;
const DECIMAL = /^(?:0|[1-9][0-9]*)(?:\.([0-9]+))?$/;

/**
 * Reads a whole number of plain digits, at most `max`.
 *
 * No sign, no separator, no exponent, no fraction (`5.0` neither), no leading zero, no white space, no other base:
 * each number has one spelling, and nothing is coerced.
 *
 * @example
 * parseWhole('1934', 10n ** 15n) // 1934n
 */
export function parseWhole(text: string, max: bigint): Parsed<bigint> {
  if (!WHOLE.test(text)) {
    if (DECIMAL.test(text)) return new Fault('number-decimals', `${quote(text)} has decimals; whole numbers only`);
    return malformed(text);
  }
  return bounded(text, text.length > 80 ? max + 1n : BigInt(text), max);
}

/**
 * Reads a plain decimal number exactly, in units of 10^-`places`; more places than that are refused, never rounded.
 *
 * @example
 * parseDecimal('1.25', 18, 2n ** 128n) // 1250000000000000000n
 */
export function parseDecimal(text: string, places: number, max: bigint): Parsed<bigint> {
  const match = DECIMAL.exec(text);
  if (match === null) return malformed(text);
  const fraction = match[1] ?? '';
  if (fraction.length > places) {
    return new Fault('number-decimals', `${quote(text)} has ${fraction.length} decimals, more than ${places}`);
  }
  if (text.length > 120) return bounded(text, max + 1n, max);
  const whole = match[1] === undefined ? text : text.slice(0, text.indexOf('.'));
  return bounded(text, BigInt(whole + fraction.padEnd(places, '0')), max);
}

/** Like {@link parseDecimal}, and above zero. */
export function parsePositiveDecimal(text: string, places: number, max: bigint): Parsed<bigint> {
  const value = parseDecimal(text, places, max);
  return !isFault(value) && value === 0n ? new Fault('number-zero', `${quote(text)} is not above zero`) : value;
}

function bounded(text: string, value: bigint, max: bigint): Parsed<bigint> {
  return value > max ? new Fault('number-too-large', `${quote(text)} is above the largest value allowed`) : value;
}

function malformed(text: string): Fault {
  if (text === '') return new Fault('number-empty', 'the number is missing');
  if (/^-/.test(text)) return new Fault('number-negative', `${quote(text)} has a minus sign`);
  if (/^\d{1,3}([,_ '’]\d{3})+$/.test(text)) {
    return new Fault('number-separator', `${quote(text)} has separators; plain digits only`);
  }
  if (/^\d+(\.\d*)?[eE][+-]?\d+$/.test(text)) {
    return new Fault('number-exponent', `${quote(text)} has an exponent; plain digits only`);
  }
  return new Fault('number-malformed', `${quote(text)} is not a plain number`);
}
