/** Random numbers that depend on the seed alone. */
export interface RandomSource {
  /** 64 bits, every one as likely set as not. */
  word(): bigint;
}

/** splitmix64: whole numbers only, so that every machine and language tells the same story. */
export function randomSource(seed: number): RandomSource {
  let state = BigInt.asUintN(64, BigInt(seed) * 0xd1342543de82ef95n + 1n);
  return {
    word: () => {
      state = BigInt.asUintN(64, state + 0x9e3779b97f4a7c15n);
      let z = state;
      z = BigInt.asUintN(64, (z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n);
      z = BigInt.asUintN(64, (z ^ (z >> 27n)) * 0x94d049bb133111ebn);
      return z ^ (z >> 31n);
    },
  };
}

/** How many of 64 bits are set. */
export function bitsSet(word: bigint): number {
  let count = 0;
  for (let rest = word; rest !== 0n; rest &= rest - 1n) count++;
  return count;
}
