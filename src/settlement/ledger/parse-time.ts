import { Fault } from './fault.ts';
import type { Parsed } from './fault.ts';
import { quote } from './fault.ts';

/** After every time that a ledger can hold, in seconds since 1970: the year 10000 begins. */
export const AFTER_ALL_TIMES = 253_402_300_800;

const FORM = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)Z$/;
const OFFSET = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(\.\d+)? ?[+-]\d\d(:?\d\d)?$/;
const DAYS_BEFORE_MONTH = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334] as const;
const DAYS_UNTIL_1970 = 719_162;

/**
 * Reads a time of the one accepted form, `YYYY-MM-DDTHH:MM:SSZ`, as seconds since 1970.
 *
 * UTC only, whole seconds, from 1970 to 9999, a date that exists. Leap seconds (`:60`), 24:00, offsets (`+00:00` too),
 * fractions and small letters are refused: each moment has one spelling, and no time zone enters.
 *
 * @example
 * parseTime('2014-03-04T12:28:29Z') // 1393936109
 */
export function parseTime(text: string): Parsed<number> {
  const match = FORM.exec(text);
  if (match === null) {
    return OFFSET.test(text)
      ? new Fault('time-offset', `${quote(text)} has an offset; times are in UTC, YYYY-MM-DDTHH:MM:SSZ`)
      : new Fault('time-malformed', `${quote(text)} is not of the form YYYY-MM-DDTHH:MM:SSZ`);
  }
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1).map(Number);
  if (second === 60 && minute === 59 && hour === 23) {
    return new Fault('time-leap-second', `${quote(text)} is a leap second, which the ledger's clock does not have`);
  }
  const possible =
    year >= 1970 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month) && hour < 24 && minute < 60;
  if (!possible || second > 59) return new Fault('time-impossible', `${quote(text)} is no time between 1970 and 9999`);
  return ((daysBefore(year, month) + day - 1) * 24 + hour) * 3600 + minute * 60 + second;
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

function daysIn(year: number, month: number): number {
  if (month === 2) return isLeap(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Days from 1970-01-01 to the first of a month. */
function daysBefore(year: number, month: number): number {
  const y = year - 1;
  const leapDays = quotient(y, 4) - quotient(y, 100) + quotient(y, 400);
  const inYear = (DAYS_BEFORE_MONTH[month - 1] ?? 0) + (month > 2 && isLeap(year) ? 1 : 0);
  return y * 365 + leapDays - DAYS_UNTIL_1970 + inYear;
}

function quotient(a: number, b: number): number {
  return (a - (a % b)) / b;
}
