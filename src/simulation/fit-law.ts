// floats: solves for the figures of a law, which are then written down as decimals; no amount is computed from them

import { InputError } from '../protocol/errors.ts';
import { WAD } from '../protocol/fixed-point.ts';
import { logisticDown } from '../protocol/reserve-math.ts';
import { formatWad } from '../settlement/preset/decimals.ts';

/** A benchmark: with this many effective participants, this part of an epoch is withheld (wad). */
export interface Benchmark {
  readonly participants: number;
  readonly withheld: bigint;
}

/** The law's A, B, C as wads, and what the law of the contracts makes of each benchmark. */
export interface Fit {
  readonly a: bigint;
  readonly b: bigint;
  readonly c: bigint;
  /** Three benchmarks are met as closely as 18 decimals allow, more of them by least squares. */
  readonly method: 'exact' | 'least squares';
  readonly points: readonly FittedPoint[];
}

export interface FittedPoint extends Benchmark {
  /** 1 − L with these figures, by the contracts' own arithmetic (wad). */
  readonly reached: bigint;
  /** `reached − withheld`. */
  readonly residual: bigint;
}

type Figures = readonly [a: number, b: number, c: number];
interface Point {
  readonly n: number;
  readonly level: number;
  /** 1 − level, for levels that a float cannot tell from 1. */
  readonly withheld: number;
}

const MAX_A = 1;
const MAX_B = 10;
const MAX_C = 1e12;
/** B · n at its largest, and a good deal more. */
const MAX_WIDTH = 1e18;

/**
 * Finds A, B and C of L(n) = A / (1 + exp(−B·(n − C))) such that 1 − L(n) is the part withheld at each benchmark.
 *
 * Three benchmarks determine the three figures: from any two of them B and C follow for a given A, and A is found by bisection.
 * With more, that solution for the first, a middle and the last is the start of a least-squares fit (Gauss–Newton with damping).
 *
 * @throws InputError `FIT_INVALID` for fewer than three benchmarks, two with the same number of participants, or a part that is
 * not between 0 and 1; `FIT_IMPOSSIBLE` when no law within the contracts' bounds passes through them
 */
export function fitLaw(benchmarks: readonly Benchmark[]): Fit {
  const sorted = checked(benchmarks);
  const points = sorted.map(({ participants, withheld }) => ({
    n: participants,
    level: toNumber(WAD - withheld),
    withheld: toNumber(withheld),
  }));
  const [first, middle, last] = [points[0], points[points.length >> 1], points.at(-1)];
  if (first === undefined || middle === undefined || last === undefined) throw new RangeError('checked above');
  const exact = points.length === 3;
  const start = solveThree(first, middle, last);
  if (exact && typeof start === 'string') throw impossible(start);
  const figures = exact ? (start as Figures) : leastSquares(points, typeof start === 'string' ? guess(points) : start);
  const fault = outOfBounds(figures);
  if (fault !== null) throw impossible(fault);
  const [a, b, c] = figures.map(toWad) as [bigint, bigint, bigint];
  return {
    a,
    b,
    c,
    method: exact ? 'exact' : 'least squares',
    points: sorted.map((point) => {
      const reached = WAD - logisticDown({ a, b, c }, BigInt(point.participants) * WAD);
      return { ...point, reached, residual: reached - point.withheld };
    }),
  };
}

function checked(benchmarks: readonly Benchmark[]): readonly Benchmark[] {
  if (benchmarks.length < 3) {
    throw invalid('three benchmarks are needed to determine A, B and C', { given: benchmarks.length });
  }
  const sorted = [...benchmarks].sort((x, y) => x.participants - y.participants);
  sorted.forEach(({ participants, withheld }, at) => {
    if (sorted[at - 1]?.participants === participants) {
      throw invalid('two benchmarks have the same number of participants', { participants });
    }
    if (withheld <= 0n || withheld >= WAD) {
      throw invalid('the part withheld lies between 0 and 1, both excluded: a logistic reaches neither', {
        participants,
        withheld: formatWad(withheld),
      });
    }
  });
  // Of three points each must withhold less than the one before; of more, a law may pass between them.
  const ordered = sorted.length === 3 ? sorted : [sorted[0], sorted.at(-1)];
  ordered.forEach((point, at) => {
    const before = ordered[at - 1];
    if (point === undefined || before === undefined || point.withheld < before.withheld) return;
    const words = `${point.participants} withhold no less than ${before.participants}`;
    throw impossible(`more participants must withhold less, but ${words}`);
  });
  return sorted;
}

/** The law through three points, or why there is none. */
function solveThree(p: Point, q: Point, r: Point): Figures | string {
  // With A = (1 + e^z) · L(r), bend is B from the first two points less B from the last two; it rises in z from −∞.
  const slopes = (z: number): readonly [number, number] => {
    const odds = (point: Point): number => {
      const over = (r.level - point.level) / point.level + (r.level / point.level) * Math.exp(z);
      return Math.log(over);
    };
    return [(odds(p) - odds(q)) / (q.n - p.n), (odds(q) - z) / (r.n - q.n)];
  };
  const bend = (z: number): number => slopes(z)[0] - slopes(z)[1];
  // The largest A that the contracts take: 1.
  let high = Math.log(r.withheld / r.level);
  if (bend(high) < 0) return 'the last points rise too steeply: A would have to be above 1';
  // Below, z is about −B · (n − C) of the last point, and that may be a million times what exp can show.
  let width = 1;
  while (bend(high - width) > 0 && width < MAX_WIDTH) width *= 2;
  let low = high - width;
  if (bend(low) > 0) return 'no logistic curve comes near these points';
  for (let step = 0; step < 200; step++) {
    const middle = (low + high) / 2;
    if (bend(middle) < 0) low = middle;
    else high = middle;
  }
  const z = (low + high) / 2;
  const [b] = slopes(z);
  const a = r.level + r.level * Math.exp(z);
  const c = p.n + Math.log(a / p.level - 1) / b;
  return [a, b, c];
}

/** A start where three points alone have no solution: a little above the highest level, half of it in the middle. */
function guess(points: readonly Point[]): Figures {
  const highest = Math.max(...points.map(({ level }) => level));
  const a = Math.min(MAX_A, highest * 1.001);
  const half = points.find(({ level }) => level * 2 >= a) ?? { n: 1 };
  return [a, 4 / Math.max(1, half.n), Math.max(1, half.n)];
}

/** Gauss–Newton with Levenberg's damping over the parts withheld, A kept at 1 or below. */
function leastSquares(points: readonly Point[], start: Figures): Figures {
  let figures = start;
  let error = squares(points, figures);
  let damping = 1e-3;
  for (let step = 0; step < 500; step++) {
    const next = stepOf(points, figures, damping);
    const better = squares(points, next);
    if (better < error) {
      const gain = error - better;
      [figures, error, damping] = [next, better, damping / 4];
      if (gain <= error * 1e-15) break;
    } else {
      damping *= 4;
      if (damping > 1e12) break;
    }
  }
  return figures;
}

function levelAt([a, b, c]: Figures, n: number): number {
  return a / (1 + Math.exp(-b * (n - c)));
}

function squares(points: readonly Point[], figures: Figures): number {
  return points.reduce((sum, { n, level }) => sum + (levelAt(figures, n) - level) ** 2, 0);
}

function stepOf(points: readonly Point[], figures: Figures, damping: number): Figures {
  const [a, b, c] = figures;
  const normal = [
    [0, 0, 0, 0],
    [0, 0, 0, 0],
    [0, 0, 0, 0],
  ];
  for (const { n, level } of points) {
    const share = levelAt(figures, n) / a;
    const slope = a * share * (1 - share);
    const gradient = [share, slope * (n - c), -slope * b];
    const rest = level - a * share;
    normal.forEach((row, i) => {
      gradient.forEach((value, j) => (row[j] = (row[j] ?? 0) + (gradient[i] ?? 0) * value));
      row[3] = (row[3] ?? 0) + (gradient[i] ?? 0) * rest;
    });
  }
  normal.forEach((row, i) => (row[i] = (row[i] ?? 0) * (1 + damping) + Number.MIN_VALUE));
  const [da, db, dc] = solveLinear(normal);
  return [Math.min(MAX_A, a + da), b + db, c + dc];
}

/** Gauss elimination with the largest pivot, for three unknowns; rows of four. */
function solveLinear(rows: readonly number[][]): Figures {
  const left = rows.map((row) => [...row]);
  for (let column = 0; column < 3; column++) {
    const size = (row: number): number => Math.abs(left[row]?.[column] ?? 0);
    const pivot = [0, 1, 2].slice(column).reduce((best, row) => (size(row) > size(best) ? row : best), column);
    const [one = [], other = []] = [left[column], left[pivot]];
    [left[column], left[pivot]] = [other, one];
    const divisor = other[column] ?? 0;
    if (divisor === 0) return [0, 0, 0];
    for (let row = 0; row < 3; row++) {
      if (row === column) continue;
      const factor = (left[row]?.[column] ?? 0) / divisor;
      left[row] = (left[row] ?? []).map((value, at) => value - factor * (other[at] ?? 0));
    }
  }
  const [x = 0, y = 0, z = 0] = left.map((row, at) => (row[3] ?? 0) / (row[at] ?? 1));
  return [x, y, z];
}

/** The contracts' bounds of a law. */
function outOfBounds([a, b, c]: Figures): string | null {
  if (![a, b, c].every(Number.isFinite)) return 'no logistic curve comes near these points';
  if (!(a > 0 && a <= MAX_A)) return `A would be ${a}, and lies between 0 and 1`;
  if (!(b > 0 && b <= MAX_B)) return `B would be ${b}, and lies between 0 and 10`;
  return c >= 0 && c <= MAX_C ? null : `C would be ${c}, and lies between 0 and 10^12`;
}

function toNumber(wad: bigint): number {
  return Number(wad) / 1e18;
}

/** The shortest decimal of a number, cut after 18 places, as a wad. */
function toWad(value: number): bigint {
  const [whole = '0', fraction = ''] = value.toFixed(18).split('.');
  return BigInt(whole + fraction.padEnd(18, '0').slice(0, 18));
}

function invalid(reason: string, details: Readonly<Record<string, unknown>>): InputError {
  return new InputError({ code: 'FIT_INVALID', shortMessage: reason, details });
}

function impossible(reason: string): InputError {
  return new InputError({
    code: 'FIT_IMPOSSIBLE',
    shortMessage: `no law passes through these points: ${reason}`,
    details: { reason },
  });
}
