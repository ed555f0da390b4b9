import { keccak256 } from '../../src/protocol/keccak.ts';
import { bytesToHex } from '../../src/protocol/words.ts';

/** Whole numbers that only depend on the seed: no float, so every machine writes the same ledger. */
export interface Random {
  /** 0 up to `limit` - 1. */
  readonly below: (limit: number) => number;
  /** `from` up to `to`, both included. */
  readonly between: (from: number, to: number) => number;
  readonly chance: (perMille: number) => boolean;
  /** One of the entries, each as often as its weight says. */
  readonly pick: <T>(entries: readonly (readonly [T, number])[]) => T;
}

/** A linear congruential generator; its upper bits are good enough to look alive. */
export function random(seed: number): Random {
  let state = BigInt(seed) + 0x9e3779b97f4a7c15n;
  const below = (limit: number): number => {
    state = (state * 6364136223846793005n + 1442695040888963407n) % 2n ** 64n;
    return Number((state >> 33n) % BigInt(limit));
  };
  return {
    below,
    between: (from, to) => from + below(to - from + 1),
    chance: (perMille) => below(1000) < perMille,
    pick: (entries) => {
      let left = below(entries.reduce((sum, [, weight]) => sum + weight, 0));
      for (const [value, weight] of entries) {
        if (left < weight) return value;
        left -= weight;
      }
      throw new RangeError('there is nothing to pick from');
    },
  };
}

/** The account of a made-up person: a hash of a label, so that nobody has its key. */
export function accountOf(ledger: string, person: number): string {
  const hash = keccak256(new TextEncoder().encode(`lode example ${ledger} ${person}`));
  return bytesToHex(hash.subarray(12));
}
