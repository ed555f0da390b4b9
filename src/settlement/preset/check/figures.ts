import { formatWad } from '../decimals.ts';
import type { Printed } from '../quantity.ts';

const WAD = 10n ** 18n;

/**
 * Tokens for a sentence: grouped, rounded to two decimals.
 *
 * @example
 * inTokens(12_250_000_000_000_006_220_532_222_201n) // '12,250,000,000'
 */
export function inTokens(wei: bigint): string {
  const [whole = '0', fraction] = rounded(wei, WAD / 100n).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** A ratio in per cent, rounded to four decimals: `inPercent(WAD / 8n)` is `'12.5 %'`. */
export function inPercent(ratio: bigint): string {
  return `${rounded(ratio * 100n, WAD / 10_000n)} %`;
}

/** A ratio in the form in which another is printed, rounded to two places more. */
export function likePrinted(ratio: bigint, printed: Printed): string {
  if (printed.text.endsWith('%')) return inPercent(ratio);
  return rounded(ratio, printed.unit >= 100n ? printed.unit / 100n : 1n);
}

/** A number of 18 decimals, rounded half up to a multiple of `unit`. */
function rounded(value: bigint, unit: bigint): string {
  const size = value < 0n ? -value : value;
  const near = ((size + unit / 2n) / unit) * unit;
  return `${value < 0n && near > 0n ? '-' : ''}${formatWad(near)}`;
}
