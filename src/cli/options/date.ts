import { optionFault } from '../errors.ts';

const DATE = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2}))?Z)?$/;
const EXPECTED = 'a calendar date in UTC such as 2024-01-01, or a moment such as 2024-01-01T06:00:00Z';

/**
 * Reads a UTC date, or a moment of it, as unix seconds. A date without an hour is its midnight in UTC whatever the time
 * zone of the machine.
 *
 * @throws {InputError} `OPTION_INVALID` for anything else, 30 February included
 */
export function dateOption(option: string): (text: string) => number {
  return (text) => {
    const parts = DATE.exec(text);
    if (parts === null) throw optionFault(option, text, EXPECTED);
    const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts
      .slice(1)
      .map((part) => Number(part || 0));
    const time = new Date(0);
    time.setUTCFullYear(year, month - 1, day);
    time.setUTCHours(hour, minute, second);
    const isSame =
      time.getUTCMonth() === month - 1 &&
      time.getUTCDate() === day &&
      time.getUTCHours() === hour &&
      minute < 60 &&
      second < 60;
    if (!isSame || year < 1970) throw optionFault(option, text, EXPECTED);
    return time.getTime() / 1000;
  };
}
