import { optionFault } from '../errors.ts';

/**
 * Reads a whole number within bounds, both included.
 *
 * @throws {InputError} `OPTION_INVALID` for signs, fractions, exponents and what lies outside
 */
export function wholeNumberOption(option: string, min: number, max: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
    if (!(value >= min && value <= max)) throw optionFault(option, text, `a whole number from ${min} to ${max}`);
    return value;
  };
}

/** Epochs are 32-bit numbers on chain. */
export const MAX_EPOCH = 4_294_967_295;
