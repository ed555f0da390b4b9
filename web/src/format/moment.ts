/**
 * A time of the chain (unix seconds) in UTC, the same for every visitor and on the command line.
 *
 * @example
 * utc(1_700_006_400) // '2023-11-15 00:00 UTC'
 */
export function utc(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** The day of a time of the chain, in UTC. */
export function utcDay(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 10);
}

const UNITS = [
  [86_400, 'day'],
  [3_600, 'hour'],
  [60, 'minute'],
] as const;

/**
 * A length of time in its two largest units.
 *
 * @example
 * lasting(93_780) // '1 day 2 hours'
 */
export function lasting(seconds: number): string {
  let left = Math.max(0, Math.floor(seconds));
  const parts: string[] = [];
  for (const [length, name] of UNITS) {
    const count = Math.floor(left / length);
    left -= count * length;
    if (count > 0) parts.push(`${count} ${name}${count === 1 ? '' : 's'}`);
  }
  return parts.length === 0 ? `${left} second${left === 1 ? '' : 's'}` : parts.slice(0, 2).join(' ');
}
