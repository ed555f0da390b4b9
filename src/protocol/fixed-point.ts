import { assertInput } from './errors.ts';

/** 1 as a wad: fixed point with 18 decimals. */
export const WAD = 10n ** 18n;

/** `x * y / d`, rounded down. All must be at least 0, and `d` above 0. */
export function mulDivDown(x: bigint, y: bigint, d: bigint): bigint {
  return (x * y) / d;
}

/** `x * y / d`, rounded up. All must be at least 0, and `d` above 0. */
export function mulDivUp(x: bigint, y: bigint, d: bigint): bigint {
  return (x * y + d - 1n) / d;
}

/** The smaller of two numbers. */
export function min(x: bigint, y: bigint): bigint {
  return x < y ? x : y;
}

/** The larger of two numbers. */
export function max(x: bigint, y: bigint): bigint {
  return x > y ? x : y;
}

const LN2_96 = 54916777467707473351141471128n;

/**
 * e^x as a wad, bit for bit Solady's `expWad`, so that the chain and the engine cannot differ. Throws `ExpOverflow` from
 * 135.305999368893231589 on; 0 below -41.446531673892822313. Monotone.
 */
export function expWad(wad: bigint): bigint {
  if (wad <= -41446531673892822313n) return 0n;
  assertInput(wad < 135305999368893231589n, 'ExpOverflow', 'the exponent is too large', { wad });

  // To base 2^96, then x = x' + k ln 2 with |x'| <= ln(2) / 2. `>>` floors and `/` truncates, as SAR and SDIV do.
  let x = (wad << 78n) / 5n ** 18n;
  const k = ((x << 96n) / LN2_96 + (1n << 95n)) >> 96n;
  x -= k * LN2_96;

  // A (6, 7)-term rational approximation.
  let y = x + 1346386616545796478920950773328n;
  y = ((y * x) >> 96n) + 57155421227552351082224309758442n;
  let p = y + x - 94201549194550492254356042504812n;
  p = ((p * y) >> 96n) + 28719021644029726153956944680412240n;
  p = p * x + (4385272521454847904659076985693276n << 96n);
  let q = x - 2855989394907223263936484059900n;
  q = ((q * x) >> 96n) + 50020603652535783019961831881945n;
  q = ((q * x) >> 96n) - 533845033583426703283633433725380n;
  q = ((q * x) >> 96n) + 3604857256930695427073651918091429n;
  q = ((q * x) >> 96n) - 14423608567350463180887372962807573n;
  q = ((q * x) >> 96n) + 26449188498355588339934803723976023n;

  return ((p / q) * 3822833074963236453042738258902158003155416615667n) >> (195n - k);
}

/** ln(x) as a wad, bit for bit Solady's `lnWad`. Throws `LnWadUndefined` unless 0 < x < 2^255. Monotone. */
export function lnWad(wad: bigint): bigint {
  assertInput(wad > 0n && wad < 1n << 255n, 'LnWadUndefined', 'the logarithm of this number is not defined', { wad });

  // x = x' * 2^log2 with x' in [1, 2) to base 2^96.
  const log2 = BigInt(wad.toString(2).length - 1);
  const x = (wad << (255n - log2)) >> 159n;

  // An (8, 8)-term rational approximation.
  let p = ((x + 3273285459638523848632254066296n) * x) >> 96n;
  p = ((p + 24828157081833163892658089445524n) * x) >> 96n;
  p = ((p + 43456485725739037958740375743393n) * x) >> 96n;
  p -= 11111509109440967052023855526967n;
  p = ((p * x) >> 96n) - 45023709667254063763336534515857n;
  p = ((p * x) >> 96n) - 14706773417378608786704636184526n;
  p = p * x - (795164235651350426258249787498n << 96n);
  let q = x + 5573035233440673466300451813936n;
  q = ((q * x) >> 96n) + 71694874799317883764090561454958n;
  q = ((q * x) >> 96n) + 283447036172924575727196451306956n;
  q = ((q * x) >> 96n) + 401686690394027663651624208769553n;
  q = ((q * x) >> 96n) + 204048457590392012362485061816622n;
  q = ((q * x) >> 96n) + 31853899698501571402653359427138n;
  q = ((q * x) >> 96n) + 909429971244387300277376558375n;

  let result = 1677202110996718588342820967067443963516166n * (p / q);
  result += 16597577552685614221487285958193947469193820559219878177908093499208371n * (log2 - 96n);
  result += 600920179829731861736702779321621459595472258049074101567377883020018308n;
  return result >> 174n;
}
