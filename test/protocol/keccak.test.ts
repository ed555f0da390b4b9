import { readFileSync } from 'node:fs';

import { expect } from 'chai';
import { keccak256 as ofEthers } from 'ethers';
import { createKeccak } from 'hash-wasm';

import { modulesFile } from '../../scripts/keccak/modules-file.ts';
import { keccak256, keccak256Many, keccak256Twice } from '../../src/protocol/keccak.ts';
import { fromBase64 } from '../../src/protocol/keccak/base64.ts';
import { canRun, Hasher } from '../../src/protocol/keccak/hasher.ts';
import { SCALAR_MODULE, VECTOR_MODULE } from '../../src/protocol/keccak/modules.ts';
import { bytesToHex } from '../../src/protocol/words.ts';
import type { Random } from '../support/effort.ts';
import { random, runs } from '../support/effort.ts';

/** Published hashes, of texts and of one byte from the authors' own known answers. */
const PUBLISHED: readonly (readonly [message: string, hash: string])[] = [
  ['', 'c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470'],
  ['\xcc', 'eead6dbfc7340a56caedc044696a168870549a6a7f6f56961e84a54bd9970b8a'],
  ['abc', '4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45'],
  ['The quick brown fox jumps over the lazy dog', '4d741b6f1eb29cb2a9b9911c82f56fa8d73b04959d3d9d222895df6c0b28aa15'],
  ['The quick brown fox jumps over the lazy dog.', '578951e24efd62a3d63a86f7cd19aaa53c898fe287d2552133220370240b572d'],
];
const RATE = 136;
const BUFFER = 65_536;
const hashWasm = await createKeccak(256);

function randomBytes(source: Random, length: number): Uint8Array {
  const words = BigUint64Array.from({ length: Math.ceil(length / 8) }, () => source.uniform(64));
  return new Uint8Array(words.buffer, 0, length);
}

/** The hash by two others, which have to agree. */
function expected(message: Uint8Array): string {
  const hash = ofEthers(message);
  hashWasm.init();
  hashWasm.update(message);
  expect(`0x${hashWasm.digest('hex')}`).to.equal(hash);
  return hash;
}

/** All lengths over two blocks and a little, those around later ends of blocks, and those around what fits a buffer. */
function lengths(source: Random): readonly number[] {
  const around = (edge: number): number[] => [-9, -8, -7, -2, -1, 0, 1, 2, 7, 8, 9].map((by) => edge + by);
  return [
    ...Array.from({ length: 2 * RATE + 10 }, (_, length) => length),
    ...[3, 4, 10, 120].flatMap((blocks) => around(blocks * RATE)),
    ...[BUFFER, BUFFER - (BUFFER % RATE), 2 * BUFFER, 4 * (BUFFER - (BUFFER % RATE))].flatMap(around),
    ...Array.from({ length: runs(10, 1_000) }, () => source.index(3 * BUFFER)),
  ];
}

describe('keccak modules', () => {
  it('are what their source gives, byte for byte', () => {
    const file = readFileSync(new URL('../../src/protocol/keccak/modules.ts', import.meta.url), 'utf8');
    expect(modulesFile()).to.equal(file);
  });

  it('are tried before they are run', () => {
    expect([SCALAR_MODULE, VECTOR_MODULE].map((module) => canRun(fromBase64(module)))).to.deep.equal([true, true]);
    const unknown = fromBase64(VECTOR_MODULE);
    // The first opcode of a vector, with a number that is not taken.
    const at = unknown.findIndex((byte, index) => byte === 0xfd && unknown[index + 1] === 0x00);
    unknown[at + 1] = 0x9a;
    expect(canRun(unknown)).to.equal(false);
  });
});

for (const [name, module] of [
  ['scalar', SCALAR_MODULE],
  ['vector', VECTOR_MODULE],
] as const) {
  describe(`${name} keccak`, () => {
    let hasher: Hasher;

    before(async () => {
      hasher = await Hasher.of(fromBase64(module));
    });

    it('gives the published hashes', () => {
      for (const [message, hash] of PUBLISHED) {
        const bytes = Uint8Array.from(message, (character) => character.charCodeAt(0));
        expect(bytesToHex(hasher.one(bytes)), message).to.equal(`0x${hash}`);
        if (bytes.length === 0) continue;
        const hashes = new Uint8Array(96);
        hasher.many(Uint8Array.from([...bytes, ...bytes, ...bytes]), bytes.length, hashes);
        expect(bytesToHex(hashes), message).to.equal(`0x${hash.repeat(3)}`);
      }
    });

    it('gives what ethers and hash-wasm give for one message of any length', () => {
      const source = random(`keccak one ${name}`);
      for (const length of lengths(source)) {
        const message = randomBytes(source, length);
        expect(bytesToHex(hasher.one(message)), String(length)).to.equal(expected(message));
      }
    });

    it('gives what ethers and hash-wasm give for many messages of any length and number', () => {
      const source = random(`keccak many ${name}`);
      const counts = [0, 1, 2, 3, 511, 512, 513, 1_024, 1_025];
      for (const length of lengths(source).filter((bytes) => bytes > 0 && bytes <= BUFFER)) {
        const count = length === 64 ? 1_025 : length < 2 * RATE ? counts[source.index(counts.length)]! : 3;
        const messages = randomBytes(source, count * length);
        const once = new Uint8Array(count * 32);
        const twice = new Uint8Array(count * 32);
        hasher.many(messages, length, once);
        hasher.twice(messages, length, twice);
        const shown = [0, 1, 2, source.index(count + 1), count - 2, count - 1].filter((at) => at >= 0 && at < count);
        for (const at of shown) {
          const hash = expected(messages.subarray(at * length, (at + 1) * length));
          const place = `${at} of ${count} of ${length} bytes`;
          expect(bytesToHex(once.subarray(at * 32, (at + 1) * 32)), place).to.equal(hash);
          expect(bytesToHex(twice.subarray(at * 32, (at + 1) * 32)), place).to.equal(ofEthers(hash));
        }
      }
    });

    it('reads and writes parts of one array, and nothing beside them', () => {
      const bytes = randomBytes(random(`keccak parts ${name}`), 500);
      const before = bytes.slice();
      hasher.many(bytes.subarray(11, 11 + 192), 64, bytes.subarray(301, 301 + 96));
      for (const [index, at] of [11, 75, 139].entries()) {
        const hash = bytes.subarray(301 + 32 * index, 333 + 32 * index);
        expect(bytesToHex(hash)).to.equal(ofEthers(before.subarray(at, at + 64)));
      }
      expect([...bytes.subarray(0, 301)]).to.deep.equal([...before.subarray(0, 301)]);
      expect([...bytes.subarray(397)]).to.deep.equal([...before.subarray(397)]);
    });
  });
}

describe('keccak', () => {
  it('refuses messages that do not fit their hashes', () => {
    for (const [bytes, length, room] of [
      [63, 64, 32],
      [128, 64, 32],
      [64, 64, 64],
      [64, 64, 33],
      [0, 0, 32],
      [BUFFER + 1, BUFFER + 1, 32],
    ] as const) {
      for (const hash of [keccak256Many, keccak256Twice]) {
        const call = (): void => hash(new Uint8Array(bytes), length, new Uint8Array(room));
        expect(call, `${bytes} bytes, ${length} each, for ${room}`).to.throw('KECCAK_LENGTHS');
      }
    }
  });

  it('gives hashes of their own, which the next one leaves alone', () => {
    const first = keccak256(Uint8Array.of(1));
    const text = bytesToHex(first);
    keccak256(Uint8Array.of(2));
    expect(bytesToHex(first)).to.equal(text);
  });
});
