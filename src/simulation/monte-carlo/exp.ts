// floats: the exponential of a Monte Carlo simulation, whose figures are estimates; no amount is computed from it

/** ln 2 in two parts: the first has so few bits that a small multiple of it is exact. */
const LN2_HIGH = 6.9314718036912381649e-1;
const LN2_LOW = 1.90821492927058770002e-10;
const LN2_INVERSE = 1.442695040888963387;
/** Beyond this the result is 0 or does not fit; a simulation stays far inside. */
const LARGEST = 700;
const MIDDLE = 1024;
const POWERS = powersOfTwo();

/**
 * e^x, at most one unit of the last place from the exact value for |x| ≤ 700; 0 below, and the largest number's reach is never left:
 * above 700 it is e^700. Only +, −, × and ÷, which round in the same way everywhere, while `Math.exp` differs between browsers:
 * the same seed tells the same story on every machine. The method is that of fdlibm's `e_exp.c`.
 */
export function expOf(x: number): number {
  if (x < -LARGEST) return 0;
  const power = Math.round(Math.min(x, LARGEST) * LN2_INVERSE);
  const high = Math.min(x, LARGEST) - power * LN2_HIGH;
  const low = power * LN2_LOW;
  const rest = high - low;
  const square = rest * rest;
  const odd =
    rest -
    square *
      (1.66666666666666019037e-1 +
        square *
          (-2.77777777770155933842e-3 +
            square *
              (6.61375632143793436117e-5 + square * (-1.6533902205465251539e-6 + square * 4.13813679705723846039e-8))));
  const scaled = 1 - (low - (rest * odd) / (2 - odd) - high);
  return scaled * (POWERS[power + MIDDLE] as number); // |power| ≤ 1010
}

/** 2^-1024 … 2^1023, each by doubling or halving, which is exact. */
function powersOfTwo(): Float64Array {
  const powers = new Float64Array(2 * MIDDLE);
  powers[MIDDLE] = 1;
  for (let at = 1; at < MIDDLE; at++) {
    powers[MIDDLE + at] = (powers[MIDDLE + at - 1] as number) * 2;
    powers[MIDDLE - at] = (powers[MIDDLE - at + 1] as number) / 2;
  }
  return powers;
}
