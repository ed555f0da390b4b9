import { assertInvariant } from '../errors.ts';
import { BUFFER, BUFFER_AT, OUTPUT_AT, RATE } from './layout.ts';

/** Bytes of a hash. */
const HASH = 32;

/**
 * Messages in one call. An engine puts a function into its fast tier between calls, not within one: a million hashes in
 * calls of this size take half of the time that they take in one call.
 */
const CALL = 512;

/** What the module offers. Addresses and lengths are bytes of its memory. */
interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly clear: () => void;
  /** Takes in one block of 136 bytes. */
  readonly absorb: (at: number) => void;
  /** Takes in the last bytes, fewer than a block, and writes the hash. */
  readonly finish: (at: number, left: number, to: number) => void;
  /** Hashes messages of equal length that follow each other, one at a time. */
  readonly hash: (from: number, length: number, to: number, count: number) => void;
  /** The same, two at a time; only in the module with vectors. */
  readonly hashTwo?: Exports['hash'];
}

// The part of the standard interface that is used here: there are no types for it that fit browsers and Node alike.
declare const WebAssembly: {
  validate(module: Uint8Array): boolean;
  instantiate(module: Uint8Array): Promise<{ readonly instance: { readonly exports: unknown } }>;
};

/** Whether this engine can run a module. */
export function canRun(module: Uint8Array): boolean {
  return WebAssembly.validate(module);
}

/** Computes keccak-256 hashes in the memory of one instance of a module, which it reuses: never from two places at once. */
export class Hasher {
  readonly #exports: Exports;
  readonly #many: Exports['hash'];
  readonly #buffer: Uint8Array;
  readonly #output: Uint8Array;

  private constructor(exports: Exports) {
    const { buffer } = exports.memory;
    this.#exports = exports;
    this.#many = exports.hashTwo ?? exports.hash;
    this.#buffer = new Uint8Array(buffer, BUFFER_AT, BUFFER);
    this.#output = new Uint8Array(buffer, OUTPUT_AT, CALL * HASH);
  }

  /** Starts an instance of a module; asynchronous, since browsers compile large modules in no other way on a page's own thread. */
  static async of(module: Uint8Array): Promise<Hasher> {
    const { instance } = await WebAssembly.instantiate(module);
    return new Hasher(instance.exports as Exports); // What scripts/keccak makes.
  }

  /** The hash of one message of any length, as 32 bytes of their own. */
  one(message: Uint8Array): Uint8Array {
    const { clear, absorb, finish, hash } = this.#exports;
    if (message.length <= BUFFER) {
      this.#buffer.set(message);
      hash(BUFFER_AT, message.length, OUTPUT_AT, 1);
      return this.#output.slice(0, HASH);
    }
    const piece = BUFFER - (BUFFER % RATE);
    clear();
    let from = 0;
    while (message.length - from >= RATE) {
      const part = message.subarray(from, from + piece);
      const whole = part.length - (part.length % RATE);
      this.#buffer.set(part);
      for (let at = 0; at < whole; at += RATE) absorb(BUFFER_AT + at);
      from += whole;
    }
    this.#buffer.set(message.subarray(from));
    finish(BUFFER_AT, message.length - from, OUTPUT_AT);
    return this.#output.slice(0, HASH);
  }

  /** See `keccak256Many`. */
  many(messages: Uint8Array, length: number, hashes: Uint8Array): void {
    this.#inCalls(messages, length, hashes, (count) => {
      this.#many(BUFFER_AT, length, OUTPUT_AT, count);
      return this.#output;
    });
  }

  /** See `keccak256Twice`. */
  twice(messages: Uint8Array, length: number, hashes: Uint8Array): void {
    this.#inCalls(messages, length, hashes, (count) => {
      this.#many(BUFFER_AT, length, OUTPUT_AT, count);
      this.#many(OUTPUT_AT, HASH, BUFFER_AT, count);
      return this.#buffer;
    });
  }

  /** Puts as many messages into the buffer as a call takes, hashes them, and fetches the hashes from where `call` says. */
  #inCalls(messages: Uint8Array, length: number, hashes: Uint8Array, call: (count: number) => Uint8Array): void {
    const count = (hashes.length - (hashes.length % HASH)) / HASH;
    const fits = hashes.length % HASH === 0 && messages.length === count * length && length > 0 && length <= BUFFER;
    assertInvariant(
      fits,
      'KECCAK_LENGTHS',
      'messages of equal length, 1 to 65,536 bytes, need 32 bytes each for their hashes',
    );
    const most = Math.min(CALL, (BUFFER - (BUFFER % length)) / length);
    for (let done = 0; done < count; done += most) {
      const now = Math.min(most, count - done);
      this.#buffer.set(messages.subarray(done * length, (done + now) * length));
      hashes.set(call(now).subarray(0, now * HASH), done * HASH);
    }
  }
}
