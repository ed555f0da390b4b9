/** How finely points are counted inside: whole millionths of a point; every step of a rule is a whole number. */
export const POINT_DECIMALS = 6;
export const POINT = 10n ** 6n;
/** A factor of one, in millionths. */
export const ONE = 10n ** 6n;

/**
 * Bounds that keep every product and sum within 127 bits, since engines do not reliably notice when one leaves them (a
 * grouped sum in DuckDB can wrap around without a word).
 *
 * - Fewer than 2^26 rows and uses are scored at a time; a row has at most 10^15 units of at most 10^15 millionths of a
 *   point, so `counted · points` ≤ 10^30 < 2^100. What a row earns is then held at `rowPoints` = 10^21 < 2^70.
 * - The largest factors of a task's multipliers, none counted below 1, have a product of at most `product` = 1000 < 2^10:
 *   whatever the factors make of x, it stays below 2^10 · x.
 * - Rows: a factor is applied as `x · numerator // 10^6`, the numerator being 10^6 · factor. With P the product of the
 *   factors before it, `x · numerator` ≤ 2^70 · P · factor · 10^6 < 2^70 · 2^10 · 2^20 = 2^100. What a row leaves is below
 *   2^80, and a sum of rows below 2^26 · 2^80 = 2^106.
 * - Days: the sum is held at `dayPoints` = 10^21. All factors are applied at once, as `x · Πn // Πd`. The largest numerators
 *   and the denominators, none of them below 1, each have a product of at most `dayProduct` = 10^17, so that `x · Πn`, and
 *   every product on the way to it, is at most 10^38 < 2^127 = 1.7… · 10^38, and Πd < 2^57.
 * - Epochs: there are no more days than rows, so a sum of days is below 2^26 · 2^70 · P, P being the product of the factors
 *   of the day. A factor is applied as `x · numerator // 10^6`, so `x · numerator` < 2^26 · 2^70 · 2^10 · 2^20 = 2^126.
 * - Uses add at most 2^26 · 10^15 < 2^76 before the factors of the epoch, 2^76 · 2^10 · 2^20 = 2^106 with them: the total
 *   stays below 2^126 + 2^106 < 2^127.
 *
 * Rows and epochs round down after each factor: as one fraction, three factors of a row would come to 10^21 · 10^18 ·
 * 1000 > 2^127, and two of an epoch to 2^106 · 2^40. Their factors are decimals in millionths, which round points no finer
 * than a millionth; those of a day are counts by anything, and what a third leaves over would be multiplied again.
 */
export const POLICY_BOUNDS = {
  decimals: 6n,
  points: 10n ** 9n * POINT,
  taskCap: 10n ** 18n * POINT,
  measureCap: 10n ** 15n,
  minimumScore: 1n << 96n,
  epoch: 1n << 32n,
  /** Millionths of a point that one row earns at most before its factors. */
  rowPoints: 10n ** 15n * POINT,
  /** Millionths of a point that a day of a task comes to at most before its factors. */
  dayPoints: 10n ** 15n * POINT,
  /** A single factor, and the product of a task's largest factors; in millionths. */
  factor: 1000n * ONE,
  product: 1000n * ONE,
  /** The product of the largest numerators of a day's factors, and that of their denominators; badges count in millionths. */
  dayProduct: 10n ** 17n,
  /** What `per` divides by. */
  per: 10n ** 6n,
  /** The cap on the units of a day that a measure needs to be a multiplier. */
  measuredCap: 10n ** 6n,
  /** Days of a streak that count. */
  streak: 10n ** 4n,
  /** Epochs that a window reaches back. */
  window: 1000n,
  /** Days of membership that can be asked for. */
  age: 36_500n,
  allowed: 10_000,
  badges: 100,
  levels: 1000,
  /** Values of an attribute that can be rare. */
  values: 1000,
  /** Attributes and measures that one task's multipliers look at. */
  names: 8,
  /** Attributes, and measures, that the multipliers of the whole policy look at. */
  distinctNames: 32,
  text: 64,
} as const;
