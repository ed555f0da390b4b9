/**
 * exp and ln to 80 digits and more, by the plainest series there are: the reference that the protocol's own routines are
 * measured against. Nothing of the protocol is used here.
 */

/** Fixed point with 100 decimals. */
export const ONE = 10n ** 100n;

/** A wad as a number to 100 decimals. */
export function fromWad(wad: bigint): bigint {
  return wad * (ONE / 10n ** 18n);
}

/** A ratio to 100 decimals. */
export function ratio(numerator: bigint, denominator: bigint): bigint {
  return (numerator * ONE) / denominator;
}

/** A number to 100 decimals as a wad, rounded down (towards minus infinity). */
export function toWadDown(value: bigint): bigint {
  const unit = ONE / 10n ** 18n;
  const quotient = value / unit;
  return value < 0n && quotient * unit !== value ? quotient - 1n : quotient;
}

/** A number to 100 decimals as a wad, rounded up (towards plus infinity). */
export function toWadUp(value: bigint): bigint {
  return -toWadDown(-value);
}

/** e^x by Taylor's series after halving x until it is small. */
export function exp(x: bigint): bigint {
  let small = x;
  let halvings = 0;
  while (small > ONE / 1024n || small < -ONE / 1024n) {
    small /= 2n;
    halvings++;
  }
  let term = ONE;
  let sum = ONE;
  for (let n = 1n; term !== 0n; n++) {
    term = (term * small) / ONE / n;
    sum += term;
  }
  for (let n = 0; n < halvings; n++) sum = (sum * sum) / ONE;
  return sum;
}

/** ln(x) for x > 0, by 2 artanh((x - 1) / (x + 1)) after dividing by powers of two. */
export function ln(x: bigint): bigint {
  let rest = x;
  let twos = 0n;
  while (rest >= 2n * ONE) {
    rest /= 2n;
    twos++;
  }
  while (rest < ONE) {
    rest *= 2n;
    twos--;
  }
  return twos * twiceArtanh(ONE / 3n) + twiceArtanh(((rest - ONE) * ONE) / (rest + ONE));
}

function twiceArtanh(z: bigint): bigint {
  const square = (z * z) / ONE;
  let power = z;
  let sum = z;
  for (let n = 3n; power !== 0n; n += 2n) {
    power = (power * square) / ONE;
    sum += power / n;
  }
  return 2n * sum;
}
