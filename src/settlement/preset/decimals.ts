const WAD_DECIMALS = 18;
const WAD = 10n ** 18n;

const SECONDS_PER: Readonly<Record<string, bigint>> = {
  second: 1n,
  minute: 60n,
  hour: 3_600n,
  day: 86_400n,
  week: 604_800n,
};

/**
 * Parses a plain decimal (`"20.25"`, no sign, no exponent, no separators) exactly into `decimals` places.
 * Returns `undefined` when the text is anything else or has more places than fit: nothing is ever rounded.
 *
 * @example
 * parseDecimal('20.25', 18) // 20250000000000000000n
 */
export function parseDecimal(text: string, decimals: number): bigint | undefined {
  const match = /^(0|[1-9]\d{0,59})(?:\.(\d+))?$/.exec(text);
  if (match === null) return undefined;
  const fraction = match[2] ?? '';
  if (fraction.length > decimals) return undefined;
  return BigInt((match[1] ?? '0') + fraction.padEnd(decimals, '0'));
}

/**
 * Parses a ratio into 18 decimals: `"0.4"`, `"40%"` or `"1/52"`. Only the fraction form can be inexact; it is rounded down.
 *
 * @example
 * parseRatio('40%') // 400000000000000000n
 */
export function parseRatio(text: string): bigint | undefined {
  const fraction = /^(\d{1,18})\/([1-9]\d{0,17})$/.exec(text);
  if (fraction !== null) return (BigInt(fraction[1] ?? '0') * WAD) / BigInt(fraction[2] ?? '1');
  const percent = /^(.+?) ?%$/.exec(text);
  return percent === null ? parseDecimal(text, WAD_DECIMALS) : parseDecimal(percent[1] ?? '', WAD_DECIMALS - 2);
}

/**
 * Parses a length of time written as people say it (`"7 days"`, `"26 weeks"`, `"0 seconds"`) into seconds.
 *
 * @example
 * parseDuration('26 weeks') // 15724800
 */
export function parseDuration(text: string): number | undefined {
  const match = /^(0|[1-9]\d{0,8}) (second|minute|hour|day|week)s?$/.exec(text);
  const unit = SECONDS_PER[match?.[2] ?? ''];
  if (match === null || unit === undefined) return undefined;
  const seconds = BigInt(match[1] ?? '0') * unit;
  return seconds < 1n << 40n ? Number(seconds) : undefined; // integer: below 2^40
}

/** A wad as a decimal string, for messages. */
export function formatWad(value: bigint): string {
  const fraction = (value % WAD).toString().padStart(18, '0').replace(/0+$/, '');
  return fraction === '' ? (value / WAD).toString() : `${value / WAD}.${fraction}`;
}
