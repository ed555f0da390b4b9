const WEI_DIGITS = 18;

/**
 * Writes wei as tokens for people: grouped by thousands, `digits` decimal places, cut off rather than rounded up, so that
 * nobody reads more than there is. What is cut off to nothing has no sign.
 *
 * @example
 * tokens(1_234_567_890_000_000_000_000n) // '1,234.56'
 */
export function tokens(wei: bigint, digits = 2): string {
  const text = (wei < 0n ? -wei : wei).toString().padStart(WEI_DIGITS + 1, '0');
  const whole = grouped(text.slice(0, -WEI_DIGITS));
  const part = text.slice(-WEI_DIGITS).slice(0, digits);
  const sign = wei < 0n && /[1-9]/.test(whole + part) ? '-' : '';
  return `${sign}${whole}${digits > 0 ? `.${part}` : ''}`;
}

/**
 * Groups the digits of a whole number by thousands.
 *
 * @example
 * grouped(33590) // '33,590'
 */
export function grouped(value: number | bigint | string): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** A wad ratio in per cent with one decimal place, cut off: `percent(250000000000000000n)` is `'25.0 %'`. */
export function percent(ratio: bigint): string {
  const tenths = (ratio * 1000n) / 10n ** 18n;
  return `${tenths / 10n}.${tenths % 10n} %`;
}

/**
 * A count with its noun, which takes an `s` unless there is exactly one; irregular ones bring their own plural.
 *
 * @example
 * counted(1, 'epoch') // '1 epoch'
 */
export function counted(count: number | bigint, one: string, many = `${one}s`): string {
  return `${grouped(count)} ${BigInt(count) === 1n ? one : many}`;
}
