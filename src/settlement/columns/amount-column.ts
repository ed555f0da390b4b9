const LOW = (1n << 64n) - 1n;

/**
 * Whole numbers below 2^128, 16 bytes each and little-endian: `words[2i]` is the low half of number i, `words[2i + 1]` the high one.
 * Analytical engines hold such numbers alike, so that a column of theirs becomes one of these by copying bytes.
 */
export class AmountColumn {
  readonly words: BigUint64Array;

  /** A column of so many zeros, or over words that are there already, two for each number. */
  constructor(source: number | BigUint64Array) {
    this.words = typeof source === 'number' ? new BigUint64Array(2 * source) : source;
  }

  get length(): number {
    return this.words.length / 2; // integer: two words each
  }

  /** The number at a position that the column has. */
  at(index: number): bigint {
    const low = this.words[2 * index] as bigint; // Callers stay within the length.
    const high = this.words[2 * index + 1] as bigint;
    return high === 0n ? low : (high << 64n) | low;
  }

  /** Writes a number from 0 up to 2^128 − 1. */
  set(index: number, value: bigint): void {
    // The array takes its values modulo 2^64.
    this.words[2 * index] = value;
    this.words[2 * index + 1] = value <= LOW ? 0n : value >> 64n;
  }

  /** Takes `count` numbers of another column over, from `from` on there to `to` on here. */
  copy(source: AmountColumn, from: number, to: number, count: number): void {
    this.words.set(source.words.subarray(2 * from, 2 * (from + count)), 2 * to);
  }

  /** The first `count` numbers, over the same bytes. */
  head(count: number): AmountColumn {
    return new AmountColumn(this.words.subarray(0, 2 * count));
  }
}
