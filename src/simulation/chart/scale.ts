// floats: where things stand in a picture; no amount is computed from them

/** A vertical scale from 0 with round steps. */
export interface Scale {
  readonly max: number;
  readonly ticks: readonly number[];
}

const STEPS = [1, 2, 2.5, 5, 10];

/**
 * The scale that shows `highest` with about `wanted` steps of a round size, starting at 0.
 *
 * @example
 * scaleFor(87, 4) // { max: 100, ticks: [0, 25, 50, 75, 100] }
 */
export function scaleFor(highest: number, wanted: number): Scale {
  if (!(highest > 0)) return { max: 1, ticks: [0, 1] };
  const rough = highest / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * (STEPS.find((size) => size * power >= rough * 0.999) ?? 10);
  const count = Math.ceil((highest / step) * 0.999);
  return { max: count * step, ticks: Array.from({ length: count + 1 }, (_, at) => at * step) };
}

const NAMES = [
  [1e9, ' B'],
  [1e6, ' M'],
  [1e3, ' k'],
] as const;

/**
 * A number as an axis shows it: at most three digits that count, and the size as a letter.
 *
 * @example
 * short(97_500_000) // '97.5 M'
 */
export function short(value: number): string {
  for (const [size, name] of NAMES) {
    if (Math.abs(value) >= size) return `${trimmed(value / size)}${name}`;
  }
  return trimmed(value);
}

function trimmed(value: number): string {
  if (value !== 0 && Math.abs(value) < 0.1) return String(Number(value.toPrecision(3)));
  return value.toFixed(Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2).replace(/\.0+$|(\.\d*?)0+$/, '$1');
}
