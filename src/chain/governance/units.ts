import { WAD } from '../../protocol/fixed-point.ts';
import { formatWad } from '../../settlement/preset/decimals.ts';

const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;

/** More places of a percentage than anybody reads; what is cut off leaves a trace. */
const PLACES = 6;

/**
 * A part of one (wad) in per cent.
 *
 * @example
 * part(350_000_000_000_000_000n) // '35 %'
 */
export function part(wad: bigint): string {
  return `${shortened(formatWad(wad * 100n))} %`;
}

/**
 * A decimal (wad) with its digits grouped; nothing is cut off.
 *
 * @example
 * decimal(1_234_500_000_000_000_000_000n) // '1,234.5'
 */
export function decimal(wad: bigint): string {
  const [whole = '', fraction] = formatWad(wad).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** An amount of the native coin in wei, for people: nothing is cut off. */
export function coins(wei: bigint): string {
  return `${decimal(wei)} of the native coin`;
}

/**
 * A length of time in seconds as people say it.
 *
 * @example
 * span(93_600) // '1 day 2 hours'
 */
export function span(seconds: number): string {
  const words: string[] = [];
  let left = seconds;
  for (const [unit, length] of UNITS) {
    const count = Math.floor(left / length);
    left -= count * length;
    if (count > 0) words.push(`${count} ${unit}${count === 1 ? '' : 's'}`);
  }
  return words.length === 0 ? '0 seconds' : words.join(' ');
}

/** A whole of one and nothing besides: what weights have to sum to. */
export const WHOLE = part(WAD);

function shortened(text: string): string {
  const [whole = '', fraction = ''] = text.split('.');
  return fraction.length > PLACES ? `${whole}.${fraction.slice(0, PLACES)}…` : text;
}
