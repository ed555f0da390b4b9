/** Whether the tests run at full counts (`npm run test:deep`). */
export const isDeep = process.env['LODE_DEEP'] === '1';

/** How often a property is tried: a little by default, much with `LODE_DEEP=1`. */
export function runs(quick: number, deep: number): number {
  return isDeep ? deep : quick;
}

const DEFAULT_SEED = '0x10de';
let announced = false;

/** The seed of random tests, a whole number below 2^31: LODE_SEED, or always the same. It is printed once, so that a run can be repeated. */
export function seed(): number {
  const text = process.env['LODE_SEED'] ?? DEFAULT_SEED;
  const value = Number(BigInt(text) & 0x7fffffffn);
  if (!announced) {
    announced = true;
    console.log(`    random tests with LODE_SEED=${text}`);
  }
  return value;
}

/** A source of random numbers that gives the same ones for the same seed. */
export interface Random {
  /** A whole number in [0, 2^bits), where small and large sizes are equally likely: the edges are where faults live. */
  bits(bits: number): bigint;
  /** A whole number in [0, 2^bits), every one equally likely. */
  uniform(bits: number): bigint;
  /** A whole number in [0, below). */
  index(below: number): number;
}

/** Starts a source of random numbers (splitmix64) from the seed and a name, so that tests do not share their numbers. */
export function random(name: string): Random {
  let state = BigInt(seed());
  for (const character of name)
    state = BigInt.asUintN(64, state * 1_099_511_628_211n + BigInt(character.charCodeAt(0)));
  const word = (): bigint => {
    state = BigInt.asUintN(64, state + 0x9e3779b97f4a7c15n);
    let z = state;
    z = BigInt.asUintN(64, (z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n);
    z = BigInt.asUintN(64, (z ^ (z >> 27n)) * 0x94d049bb133111ebn);
    return z ^ (z >> 31n);
  };
  const uniform = (bits: number): bigint => {
    let value = 0n;
    for (let done = 0; done < bits; done += 64) value = (value << 64n) | word();
    return BigInt.asUintN(bits, value);
  };
  const index = (below: number): number => Number(word() % BigInt(below));
  return {
    uniform,
    index,
    bits: (bits) => {
      const kind = index(16);
      if (kind === 0) return 0n;
      if (kind === 1) return (1n << BigInt(bits)) - 1n;
      return uniform(kind < 4 ? bits : 1 + index(bits));
    },
  };
}
