import { parseRatio } from '../../settlement/preset/decimals.ts';
import { optionFault } from '../errors.ts';

/**
 * Reads a rate for an estimate, as a float: `0.8`, `80%` or `-5%`, within bounds, both included.
 *
 * @throws {InputError} `OPTION_INVALID`
 */
export function rateOption(option: string, min: number, max: number): (text: string) => number {
  return (text) => {
    const [, sign = '', size = ''] = /^(-?)(.*)$/s.exec(text) ?? [];
    const ratio = parseRatio(size);
    const value = ratio === undefined ? NaN : (Number(ratio) / 1e18) * (sign === '-' ? -1 : 1);
    if (!(value >= min && value <= max))
      throw optionFault(option, text, `a part such as 0.8 or 80%, from ${min} to ${max}`);
    // Not −0, which would be told.
    return value === 0 ? 0 : value;
  };
}
