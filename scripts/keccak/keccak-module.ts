import type { Code, FunctionCode } from './assembler.ts';
import * as wasm from './assembler.ts';
import { BUFFER, BUFFER_AT, OUTPUT_AT, RATE } from '../../src/protocol/keccak/layout.ts';

/** The address 0, from which everything that has its place is reached. */
const none = wasm.i32(0);

/** Keccak-f[1600] has 24 rounds over 25 lanes of 64 bits. */
const ROUNDS = 24;
const LANES = 25;
/** Bytes of a lane. */
const LANE = 8;

/* Where things stand in memory: round constants from 0, then the states, then the last blocks of two messages. */
const STATE = ROUNDS * LANE;
const STATE_OF_TWO = STATE + LANES * LANE + 8;
const LAST_BLOCK = STATE_OF_TWO + 2 * LANES * LANE;
const END = LAST_BLOCK + 2 * RATE;
if (END > BUFFER_AT) throw new RangeError('the memory’s first part is too small');

/** What the permutation needs of a kind of lane: one message's 64 bits, or those of two messages side by side. */
interface LaneKind {
  readonly type: number;
  /** Bytes of a lane in the state. */
  readonly size: number;
  readonly state: number;
  readonly load: (address: Code, offset: number) => Code;
  readonly store: (address: Code, offset: number, value: Code) => Code;
  readonly constant: (address: Code) => Code;
  readonly xor: (left: Code, right: Code) => Code;
  /** `right` where `left` is 0. */
  readonly notAnd: (left: Code, right: Code) => Code;
  readonly rotate: (value: Code, bits: number) => Code;
}

const ONE: LaneKind = {
  type: wasm.I64,
  size: LANE,
  state: STATE,
  load: wasm.load64,
  store: wasm.store64,
  constant: (address) => wasm.load64(address, 0),
  xor: wasm.xor64,
  notAnd: (left, right) => wasm.and64(wasm.not64(left), right),
  rotate: wasm.rotate64,
};

const TWO: LaneKind = {
  type: wasm.V128,
  size: 2 * LANE,
  state: STATE_OF_TWO,
  load: wasm.load128,
  store: wasm.store128,
  constant: (address) => wasm.loadTwice(address, 0),
  xor: wasm.xor128,
  notAnd: (left, right) => wasm.andNot128(right, left),
  // `value` is always a local, so to write it twice costs nothing.
  rotate: (value, bits) => wasm.or128(wasm.shiftLeft64x2(value, bits), wasm.shiftRight64x2(value, 64 - bits)),
};

/** The round constants, from the register that the standard defines them by. */
function roundConstants(): Code {
  const bytes: number[] = [];
  let register = 1;
  const bit = (): number => {
    const low = register & 1;
    register = (register << 1) ^ (register & 0x80 ? 0x171 : 0);
    return low;
  };
  for (let round = 0; round < ROUNDS; round++) {
    let constant = 0n;
    for (let power = 0; power < 7; power++) if (bit() === 1) constant |= 1n << BigInt(2 ** power - 1);
    for (let byte = 0; byte < LANE; byte++) bytes.push(Number((constant >> BigInt(8 * byte)) & 0xffn));
  }
  return bytes;
}

/** By how much each lane is turned (ρ), at x + 5y. */
function rotations(): readonly number[] {
  const result = new Array<number>(LANES).fill(0);
  let [x, y] = [1, 0];
  for (let step = 0; step < ROUNDS; step++) {
    result[x + 5 * y] = (((step + 1) * (step + 2)) / 2) % 64;
    [x, y] = [y, (2 * x + 3 * y) % 5];
  }
  return result;
}

/** Locals that a round works in: sums of columns, what they change, a row, and one lane. */
const SCRATCH = 16;

/** One round: reads the lanes `from`, writes the lanes `to`; both are numbers of first locals. */
function round(kind: LaneKind, from: number, to: number, scratch: number, constant: Code): Code {
  const { xor, rotate, notAnd } = kind;
  const turns = rotations();
  const lane = (x: number, y: number): Code => wasm.get(from + (x % 5) + 5 * y);
  const column = (x: number): number => scratch + (x % 5);
  const change = (x: number): number => scratch + 5 + (x % 5);
  const row = (x: number): number => scratch + 10 + (x % 5);
  const turned = scratch + 15;
  const code: number[] = [];
  for (let x = 0; x < 5; x++) {
    const sum = [1, 2, 3, 4].reduce((left, y) => xor(left, lane(x, y)), lane(x, 0));
    code.push(...wasm.set(column(x), sum));
  }
  for (let x = 0; x < 5; x++) {
    code.push(...wasm.set(change(x), xor(wasm.get(column(x + 4)), rotate(wasm.get(column(x + 1)), 1))));
  }
  for (let y = 0; y < 5; y++) {
    for (let x = 0; x < 5; x++) {
      // What ρ and π bring to (x, y).
      const [atX, atY] = [(x + 3 * y) % 5, x];
      const bits = turns[atX + 5 * atY] ?? 0;
      const value = xor(lane(atX, atY), wasm.get(change(atX)));
      code.push(...wasm.set(turned, value));
      code.push(...wasm.set(row(x), bits === 0 ? wasm.get(turned) : rotate(wasm.get(turned), bits)));
    }
    for (let x = 0; x < 5; x++) {
      let value = xor(wasm.get(row(x)), notAnd(wasm.get(row(x + 1)), wasm.get(row(x + 2))));
      if (x + y === 0) value = xor(value, constant);
      code.push(...wasm.set(to + x + 5 * y, value));
    }
  }
  return code;
}

/**
 * The permutation of the state in memory. The loop's body is two rounds, there and back between two sets of locals: with one round the
 * copying back costs up to a third of the speed; all of them one after the other cost a third, and are seven times as large.
 */
function permutation(kind: LaneKind): FunctionCode {
  const [at, first] = [0, 1];
  const second = first + LANES;
  const scratch = second + LANES;
  const lanes = Array.from({ length: LANES }, (_, lane) => lane);
  const next = wasm.set(at, wasm.add(wasm.get(at), wasm.i32(LANE)));
  const constant = kind.constant(wasm.get(at));
  const code = [
    ...lanes.map((lane) => wasm.set(first + lane, kind.load(none, kind.state + lane * kind.size))),
    wasm.whileDo(
      wasm.subtract(wasm.i32(ROUNDS * LANE), wasm.get(at)),
      round(kind, first, second, scratch, constant),
      next,
      round(kind, second, first, scratch, constant),
      next,
    ),
    ...lanes.map((lane) => kind.store(none, kind.state + lane * kind.size, wasm.get(first + lane))),
  ];
  return {
    parameters: [],
    locals: [wasm.I32, ...new Array<number>(2 * LANES + SCRATCH).fill(kind.type)],
    code: code.flat(),
  };
}

/** Parameters: addresses, lengths and counts. */
const numbers = (count: number): Code => new Array<number>(count).fill(wasm.I32);

/** pad(from, left, to): writes the last block of a message, of which `left` bytes from `from` on are not absorbed yet. */
function padding(): FunctionCode {
  const [from, left, to, end] = [0, 1, 2, 3];
  const step = (bytes: number): Code[] => [
    wasm.set(from, wasm.add(wasm.get(from), wasm.i32(bytes))),
    wasm.set(to, wasm.add(wasm.get(to), wasm.i32(bytes))),
    wasm.set(left, wasm.subtract(wasm.get(left), wasm.i32(bytes))),
  ];
  const code: Code[] = [wasm.set(end, wasm.get(to))];
  for (let at = 0; at < RATE; at += LANE) code.push(wasm.store64(wasm.get(to), at, wasm.ZERO64));
  code.push(
    wasm.whileDo(
      wasm.atLeast(wasm.get(left), wasm.i32(LANE)),
      wasm.store64(wasm.get(to), 0, wasm.load64(wasm.get(from), 0)),
      ...step(LANE),
    ),
    wasm.whileDo(wasm.get(left), wasm.store8(wasm.get(to), 0, wasm.load8(wasm.get(from), 0)), ...step(1)),
    wasm.store8(wasm.get(to), 0, wasm.i32(0x01)),
    // A block with room for one byte alone ends with both marks in it.
    wasm.store8(wasm.get(end), RATE - 1, wasm.add(wasm.load8(wasm.get(end), RATE - 1), wasm.i32(0x80))),
  );
  return { parameters: numbers(3), locals: numbers(1), code: code.flat() };
}

/** The functions of one message at a time, the first of them at index 0. */
function functionsOfOne(): readonly FunctionCode[] {
  const [pad, permute, clear, absorb, finish] = [0, 1, 2, 3, 4];
  const state = (lane: number): number => STATE + lane * LANE;
  const lanes = Array.from({ length: LANES }, (_, lane) => lane);
  const clearing = lanes.flatMap((lane) => wasm.store64(none, state(lane), wasm.ZERO64));
  const absorbing = lanes
    .slice(0, RATE / LANE)
    .flatMap((lane) =>
      wasm.store64(
        none,
        state(lane),
        wasm.xor64(wasm.load64(none, state(lane)), wasm.load64(wasm.get(0), lane * LANE)),
      ),
    );
  const finishing = [
    wasm.call(pad, wasm.get(0), wasm.get(1), wasm.i32(LAST_BLOCK)),
    wasm.call(absorb, wasm.i32(LAST_BLOCK)),
    ...lanes.slice(0, 4).map((lane) => wasm.store64(wasm.get(2), lane * LANE, wasm.load64(none, state(lane)))),
  ].flat();
  const [from, length, to, count, at, left] = [0, 1, 2, 3, 4, 5];
  const hashing = wasm.whileDo(
    wasm.get(count),
    wasm.call(clear),
    wasm.set(at, wasm.get(from)),
    wasm.set(left, wasm.get(length)),
    wasm.whileDo(
      wasm.atLeast(wasm.get(left), wasm.i32(RATE)),
      wasm.call(absorb, wasm.get(at)),
      wasm.set(at, wasm.add(wasm.get(at), wasm.i32(RATE))),
      wasm.set(left, wasm.subtract(wasm.get(left), wasm.i32(RATE))),
    ),
    wasm.call(finish, wasm.get(at), wasm.get(left), wasm.get(to)),
    wasm.set(from, wasm.add(wasm.get(from), wasm.get(length))),
    wasm.set(to, wasm.add(wasm.get(to), wasm.i32(32))),
    wasm.set(count, wasm.subtract(wasm.get(count), wasm.i32(1))),
  );
  return [
    padding(),
    permutation(ONE),
    { name: 'clear', parameters: [], locals: [], code: clearing },
    { name: 'absorb', parameters: [wasm.I32], locals: [], code: [...absorbing, ...wasm.call(permute)] },
    { name: 'finish', parameters: numbers(3), locals: [], code: finishing },
    { name: 'hash', parameters: numbers(4), locals: numbers(2), code: hashing },
  ];
}

/** The functions of two messages at a time, the first of them at index 6, after those of one. */
function functionsOfTwo(): readonly FunctionCode[] {
  const [pad, hashOne, permute, absorb] = [0, 5, 6, 7];
  const state = (lane: number): number => STATE_OF_TWO + 2 * lane * LANE;
  const lanes = Array.from({ length: LANES }, (_, lane) => lane);
  const vector = (lane: number): Code => wasm.load128(none, state(lane));
  const clearing = lanes.flatMap((lane) => [
    ...wasm.store64(none, state(lane), wasm.ZERO64),
    ...wasm.store64(none, state(lane) + LANE, wasm.ZERO64),
  ]);
  const absorbing = lanes.slice(0, RATE / LANE).flatMap((lane) => {
    const low = wasm.loadLow(wasm.get(0), lane * LANE);
    const both = wasm.loadHigh(wasm.get(1), lane * LANE, low);
    return wasm.store128(none, state(lane), wasm.xor128(vector(lane), both));
  });
  const [from, length, to, count, at, left, other] = [0, 1, 2, 3, 4, 5, 6];
  const storing = lanes
    .slice(0, 4)
    .flatMap((lane) => [
      ...wasm.storeLane(0, wasm.get(to), lane * LANE, vector(lane)),
      ...wasm.storeLane(1, wasm.get(to), 32 + lane * LANE, vector(lane)),
    ]);
  const hashing = [
    wasm.whileDo(
      wasm.atLeast(wasm.get(count), wasm.i32(2)),
      clearing,
      wasm.set(at, wasm.get(from)),
      wasm.set(other, wasm.add(wasm.get(from), wasm.get(length))),
      wasm.set(left, wasm.get(length)),
      wasm.whileDo(
        wasm.atLeast(wasm.get(left), wasm.i32(RATE)),
        wasm.call(absorb, wasm.get(at), wasm.get(other)),
        wasm.set(at, wasm.add(wasm.get(at), wasm.i32(RATE))),
        wasm.set(other, wasm.add(wasm.get(other), wasm.i32(RATE))),
        wasm.set(left, wasm.subtract(wasm.get(left), wasm.i32(RATE))),
      ),
      wasm.call(pad, wasm.get(at), wasm.get(left), wasm.i32(LAST_BLOCK)),
      wasm.call(pad, wasm.get(other), wasm.get(left), wasm.i32(LAST_BLOCK + RATE)),
      wasm.call(absorb, wasm.i32(LAST_BLOCK), wasm.i32(LAST_BLOCK + RATE)),
      storing,
      wasm.set(from, wasm.add(wasm.add(wasm.get(from), wasm.get(length)), wasm.get(length))),
      wasm.set(to, wasm.add(wasm.get(to), wasm.i32(64))),
      wasm.set(count, wasm.subtract(wasm.get(count), wasm.i32(2))),
    ),
    wasm.call(hashOne, wasm.get(from), wasm.get(length), wasm.get(to), wasm.get(count)),
  ].flat();
  return [
    permutation(TWO),
    { parameters: numbers(2), locals: [], code: [...absorbing, ...wasm.call(permute)] },
    {
      name: 'hashTwo',
      parameters: numbers(4),
      locals: numbers(3),
      code: hashing,
    },
  ];
}

/** Pages of 64 KiB that hold everything up to the last output. */
const PAGES = Math.ceil((OUTPUT_AT + BUFFER) / 65_536);

/** The module with functions of one message at a time: it runs wherever WebAssembly does. */
export function scalarModule(): Uint8Array {
  return wasm.moduleOf(functionsOfOne(), PAGES, roundConstants());
}

/** The module with the same functions, and `hashTwo`, which hashes two messages at a time: it needs 128-bit vectors. */
export function vectorModule(): Uint8Array {
  return wasm.moduleOf([...functionsOfOne(), ...functionsOfTwo()], PAGES, roundConstants());
}
