import { createRequire } from 'node:module';

import { fromBase64 } from '../../../src/protocol/keccak/base64.ts';
import { Hasher } from '../../../src/protocol/keccak/hasher.ts';
import { SCALAR_MODULE, VECTOR_MODULE } from '../../../src/protocol/keccak/modules.ts';

/** Hashes messages of 64 bytes that follow each other. */
type HashAll = (messages: Uint8Array, hashes: Uint8Array) => void;

/** A way to hash, by what it is called in the table. */
export interface HashWay {
  readonly name: string;
  readonly prepare: () => Promise<HashAll>;
}

/** Bytes of a message: a pair of nodes. */
export const MESSAGE = 64;

/** Hashes one message. */
type HashOne = (message: Uint8Array) => Uint8Array;

/** The one of @noble/hashes. It is no package of ours: the version inside of ethers is the one that most programs run. */
export function nobleKeccak(): HashOne {
  const require = createRequire(import.meta.resolve('ethers'));
  const { keccak_256: hash } = require('@noble/hashes/sha3') as { readonly keccak_256: HashOne };
  return hash;
}

/** The one of hash-wasm, set up once. */
export async function hashWasmKeccak(): Promise<HashOne> {
  const { createKeccak } = await import('hash-wasm');
  const hasher = await createKeccak(256);
  return (message) => hasher.init().update(message).digest('binary');
}

function oneByOne(hash: HashOne): HashAll {
  return (messages, hashes) => {
    for (let at = 0; at < messages.length; at += MESSAGE) {
      hashes.set(hash(messages.subarray(at, at + MESSAGE)), at >>> 1);
    }
  };
}

async function ofModule(module: string): Promise<HashAll> {
  const hasher = await Hasher.of(fromBase64(module));
  return (messages, hashes) => hasher.many(messages, MESSAGE, hashes);
}

/** The ways to hash pairs of nodes, the peers last. */
export const HASH_WAYS = {
  vector: { name: 'lode, two lanes (SIMD)', prepare: () => ofModule(VECTOR_MODULE) },
  scalar: { name: 'lode, scalar', prepare: () => ofModule(SCALAR_MODULE) },
  'hash-wasm': {
    name: 'hash-wasm, one hasher reused',
    prepare: async () => oneByOne(await hashWasmKeccak()),
  },
  noble: {
    name: '@noble/hashes, as ethers has it',
    prepare: () => Promise.resolve(oneByOne(nobleKeccak())),
  },
  ethers: {
    name: 'ethers',
    prepare: async () => {
      const { getBytes, keccak256 } = await import('ethers');
      return oneByOne((message) => getBytes(keccak256(message)));
    },
  },
} as const satisfies Readonly<Record<string, HashWay>>;

export type HashWayName = keyof typeof HASH_WAYS;
