/** The few instructions and sections of WebAssembly that the hash functions need, as bytes. */

/** A piece of code or of a module: bytes in their order. */
export type Code = readonly number[];

/** An unsigned number in LEB128. */
export function unsigned(value: number): Code {
  const bytes: number[] = [];
  let rest = value;
  do {
    bytes.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
    rest >>>= 7;
  } while (rest > 0);
  return bytes;
}

/** A signed number in LEB128. */
function signed(value: number): Code {
  const bytes: number[] = [];
  let rest = value;
  for (;;) {
    const byte = rest & 0x7f;
    rest >>= 7;
    if ((rest === 0 && (byte & 0x40) === 0) || (rest === -1 && (byte & 0x40) !== 0)) return [...bytes, byte];
    bytes.push(byte | 0x80);
  }
}

export const I32 = 0x7f;
export const I64 = 0x7e;
export const V128 = 0x7b;

const VOID = 0x40;

/* Plain instructions; each takes the code that makes its arguments. */

export const get = (local: number): Code => [0x20, ...unsigned(local)];
export const set = (local: number, value: Code): Code => [...value, 0x21, ...unsigned(local)];
export const i32 = (value: number): Code => [0x41, ...signed(value)];
/** The 64-bit constant 0. */
export const ZERO64: Code = [0x42, 0];
export const call = (index: number, ...args: Code[]): Code => [...args.flat(), 0x10, ...unsigned(index)];

const binary =
  (...opcode: number[]) =>
  (left: Code, right: Code): Code => [...left, ...right, ...opcode];

export const add = binary(0x6a);
export const subtract = binary(0x6b);
export const atLeast = binary(0x4f); // i32.ge_u
export const xor64 = binary(0x85);
export const and64 = binary(0x83);
export const rotate64 = (value: Code, bits: number): Code => [...value, 0x42, ...signed(bits), 0x89];
/** All bits turned over. */
export const not64 = (value: Code): Code => [...value, 0x42, 0x7f, 0x85];

const simd = (opcode: number): Code => [0xfd, ...unsigned(opcode)];

export const xor128 = binary(...simd(0x51));
export const or128 = binary(...simd(0x50));
/** `left` and not `right`. */
export const andNot128 = binary(...simd(0x4f));
export const shiftLeft64x2 = (value: Code, bits: number): Code => [...value, ...i32(bits), ...simd(0xcb)];
export const shiftRight64x2 = (value: Code, bits: number): Code => [...value, ...i32(bits), ...simd(0xcd)];
/* Memory: an address, a fixed distance from it, and hints that no byte need be aligned. */

const memory =
  (...opcode: number[]) =>
  (address: Code, offset: number): Code => [...address, ...opcode, 0, ...unsigned(offset)];
const memoryOf =
  (...opcode: number[]) =>
  (address: Code, offset: number, value: Code): Code => [...address, ...value, ...opcode, 0, ...unsigned(offset)];

export const load8 = memory(0x2d);
export const load64 = memory(0x29);
export const load128 = memory(...simd(0x00));
/** The same 64 bits in both lanes. */
export const loadTwice = memory(...simd(0x0a));
/** 64 bits in the low lane, the other 0. */
export const loadLow = memory(...simd(0x5d));
export const store8 = memoryOf(0x3a);
export const store64 = memoryOf(0x37);
export const store128 = memoryOf(...simd(0x0b));
/** Replaces the high lane of a vector by 64 bits from memory. */
export const loadHigh = (address: Code, offset: number, vector: Code): Code => [
  ...address,
  ...vector,
  ...simd(0x57),
  0,
  ...unsigned(offset),
  1,
];
/** Stores one lane of a vector. */
export const storeLane = (lane: 0 | 1, address: Code, offset: number, vector: Code): Code => [
  ...address,
  ...vector,
  ...simd(0x5b),
  0,
  ...unsigned(offset),
  lane,
];

/* Control. */

/** Repeats `body` as long as `condition` holds, asked before each turn. */
export const whileDo = (condition: Code, ...body: Code[]): Code => [
  ...[0x02, VOID, 0x03, VOID],
  ...[...condition, 0x45, 0x0d, 1],
  ...body.flat(),
  ...[0x0c, 0, 0x0b, 0x0b],
];

/* Modules. */

/** A function: its types, whether it is seen from outside, and its code. Parameters are the first locals. */
export interface FunctionCode {
  readonly name?: string;
  readonly parameters: Code;
  readonly locals: Code;
  readonly code: Code;
}

/** A module of functions without results over one memory, exported as `memory`, with bytes at its start. */
export function moduleOf(functions: readonly FunctionCode[], pages: number, data: Code): Uint8Array {
  const section = (id: number, items: readonly Code[]): Code => {
    const content = [...unsigned(items.length), ...items.flat()];
    return [id, ...unsigned(content.length), ...content];
  };
  const text = (value: string): Code => [...unsigned(value.length), ...Buffer.from(value, 'latin1')];
  const sized = (code: Code): Code => [...unsigned(code.length), ...code];
  const exported = functions.flatMap(({ name }, index): Code[] =>
    name === undefined ? [] : [[...text(name), 0x00, ...unsigned(index)]],
  );
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(
      1,
      functions.map(({ parameters }) => [0x60, ...sized(parameters), 0]),
    ),
    ...section(
      3,
      functions.map((_, index) => unsigned(index)),
    ),
    ...section(5, [[0x01, ...unsigned(pages), ...unsigned(pages)]]),
    ...section(7, [[...text('memory'), 0x02, 0], ...exported]),
    ...section(
      10,
      functions.map(({ locals, code }) => sized([...groupsOf(locals), ...code, 0x0b])),
    ),
    ...section(11, [[0x00, ...i32(0), 0x0b, ...sized(data)]]),
  ]);
}

/** Locals as runs of one type. */
function groupsOf(locals: Code): Code {
  const groups: [count: number, type: number][] = [];
  for (const type of locals) {
    const last = groups.at(-1);
    if (last?.[1] === type) last[0]++;
    else groups.push([1, type]);
  }
  return [...unsigned(groups.length), ...groups.flatMap(([count, type]) => [...unsigned(count), type])];
}
