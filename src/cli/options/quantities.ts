import { parseDecimal, parseDuration, parseRatio } from '../../settlement/preset/decimals.ts';
import { optionFault } from '../errors.ts';

const WAD_DECIMALS = 18;

/**
 * Reads a length of time as people say it, in seconds.
 *
 * @throws {InputError} `OPTION_INVALID`
 */
export function durationOption(option: string): (text: string) => number {
  return orFault(option, parseDuration, "a length of time such as '26 hours' or '1 day'");
}

/**
 * Reads a ratio (wad): `0.2`, `20%` or `1/5`.
 *
 * @throws {InputError} `OPTION_INVALID`
 */
export function ratioOption(option: string): (text: string) => bigint {
  return orFault(option, parseRatio, 'a ratio such as 0.2, 20% or 1/5');
}

/**
 * Reads a decimal (wad).
 *
 * @throws {InputError} `OPTION_INVALID` also for more than 18 places
 */
export function decimalOption(option: string): (text: string) => bigint {
  return orFault(option, (text) => parseDecimal(text, WAD_DECIMALS), 'a decimal of at most 18 places such as 1.25');
}

function orFault<Value>(option: string, parse: (text: string) => Value | undefined, expected: string) {
  return (text: string): Value => {
    const value = parse(text);
    if (value === undefined) throw optionFault(option, text, expected);
    return value;
  };
}
