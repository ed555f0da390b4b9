import { randomSource } from '../random.ts';

/** Random words of 32 bits, ten times as fast as the bigints of {@link randomSource}. */
export type RandomWords = () => number;

/** The state of xoshiro128**: two words of 64 bits. */
export type RandomState = readonly [bigint, bigint];

/** What one path draws from: the words of its price and those of its crowd, which never mix. */
export interface PathStates {
  readonly price: RandomState;
  readonly crowd: RandomState;
}

/**
 * The states of the paths `from` to before `to`. A path's states follow from the seed and its number alone, so that it is the same
 * path however many there are, and whoever computes it.
 */
export function pathStates(seed: number, from: number, to: number): PathStates[] {
  const source = randomSource(seed);
  const pair = (): RandomState => [source.word(), source.word()];
  const states: PathStates[] = [];
  for (let path = 0; path < to; path++) {
    const state = { price: pair(), crowd: pair() };
    if (path >= from) states.push(state);
  }
  return states;
}

/** xoshiro128** by Blackman and Vigna: whole numbers only. A state of zeros, which would stay zero, counts as one. */
export function randomWords([first, second]: RandomState): RandomWords {
  const half = (word: bigint, shift: bigint): number => Number(BigInt.asUintN(32, word >> shift)); // integer: 32 bits
  let [a, b, c, d] = [half(first, 0n), half(first, 32n), half(second, 0n), half(second, 32n)];
  if ((a | b | c | d) === 0) a = 1;
  return () => {
    const five = Math.imul(b, 5);
    const word = Math.imul((five << 7) | (five >>> 25), 9);
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = (d << 11) | (d >>> 21);
    return word >>> 0;
  };
}

/** How many of 32 bits are set. */
export function bitsIn(word: number): number {
  let rest = word - ((word >>> 1) & 0x55555555);
  rest = (rest & 0x33333333) + ((rest >>> 2) & 0x33333333);
  return Math.imul((rest + (rest >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
