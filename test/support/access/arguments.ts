import type { ParamType } from 'ethers';
import { AbiCoder } from 'ethers';

/** Values worth trying, by type: of this very deployment, so that they lead past the first checks. */
export interface Pool {
  readonly addresses: readonly string[];
  readonly epochs: readonly number[];
  readonly times: readonly number[];
  readonly roles: readonly bigint[];
  readonly words: readonly string[];
  readonly amounts: readonly bigint[];
  readonly selectors: readonly string[];
  /** Calls of other contracts' functions, as bytes. */
  readonly payloads: readonly string[];
  /** Whole tuples and lists that the chain itself has taken or given, by their canonical type. */
  readonly known: ReadonlyMap<string, readonly unknown[]>;
}

/** The `round`-th set of arguments for these types: zeros first, then the largest, then what is drawn from the pool. */
export function argumentsFor(inputs: readonly ParamType[], round: number, pool: Pool, draw: (below: number) => number) {
  if (round === 0) return inputs.map((type) => edge(type, false));
  if (round === 1) return inputs.map((type) => edge(type, true));
  return inputs.map((type) => plausible(type, pool, draw));
}

function edge(type: ParamType, isMost: boolean): unknown {
  const { arrayChildren, components } = type;
  if (arrayChildren !== null) {
    const fixed = Math.max(type.arrayLength ?? -1, 0);
    return Array.from({ length: fixed === 0 && isMost ? 1 : fixed }, () => edge(arrayChildren, isMost));
  }
  if (components !== null) return components.map((component) => edge(component, isMost));
  const number = /^(u?)int(\d+)$/.exec(type.type);
  if (number !== null) {
    const bits = BigInt(number[2] ?? 256);
    return isMost ? (1n << (number[1] === 'u' ? bits : bits - 1n)) - 1n : 0n;
  }
  const fixed = /^bytes(\d+)$/.exec(type.type);
  if (fixed !== null) return `0x${(isMost ? 'ff' : '00').repeat(Number(fixed[1]))}`;
  switch (type.type) {
    case 'address':
      return `0x${(isMost ? 'ff' : '00').repeat(20)}`;
    case 'bool':
      return isMost;
    case 'string':
      return isMost ? 'x'.repeat(64) : '';
    case 'bytes':
      return isMost ? `0x${'ff'.repeat(68)}` : '0x';
    default:
      throw new TypeError(`no values are known for the type ${type.type}: add it here`);
  }
}

function plausible(type: ParamType, pool: Pool, draw: (below: number) => number): unknown {
  const pick = <T>(values: readonly T[]): T => values[draw(values.length)]!;
  const known = pool.known.get(type.format('sighash'));
  if (known !== undefined && draw(3) !== 0) return pick(known);
  const { arrayChildren, components } = type;
  if (arrayChildren !== null) {
    const length = type.arrayLength !== null && type.arrayLength >= 0 ? type.arrayLength : draw(3);
    return Array.from({ length }, () => plausible(arrayChildren, pool, draw));
  }
  if (components !== null) return components.map((component) => plausible(component, pool, draw));
  const number = /^uint(\d+)$/.exec(type.type);
  if (number !== null) {
    const most = (1n << BigInt(number[1]!)) - 1n;
    const numbers = [
      ...[0n, 1n, 2n, most],
      ...[...pool.epochs, ...pool.times].map(BigInt),
      ...[...pool.roles, ...pool.amounts],
    ];
    const fitting = numbers.filter((value) => value <= most);
    return pick(fitting);
  }
  switch (type.type) {
    case 'address':
      return pick(pool.addresses);
    case 'bool':
      return draw(2) === 1;
    case 'string':
      return pick(['', 'why not', 'x'.repeat(65)]);
    case 'bytes':
      return pick(['0x', ...pool.payloads]);
    case 'bytes32':
      return pick(pool.words);
    case 'bytes4':
      return pick(pool.selectors);
    default:
      return edge(type, draw(2) === 1);
  }
}

/** Words and tuples that given calls were made with, by their types. */
export function knownValues(
  calls: readonly { readonly inputs: readonly ParamType[]; readonly values: readonly unknown[] }[],
): ReadonlyMap<string, readonly unknown[]> {
  const known = new Map<string, unknown[]>();
  const note = (type: ParamType, value: unknown): void => {
    const key = type.format('sighash');
    const isWhole = type.arrayChildren !== null || type.components !== null;
    if (isWhole) known.set(key, [...(known.get(key) ?? []), value]);
    const { arrayChildren, components } = type;
    if (arrayChildren !== null) for (const inner of value as unknown[]) note(arrayChildren, inner);
    if (components !== null) components.forEach((component, index) => note(component, (value as unknown[])[index]));
  };
  for (const { inputs, values } of calls) inputs.forEach((type, index) => note(type, values[index]));
  return known;
}

export const encode = (inputs: readonly ParamType[], values: readonly unknown[]): string =>
  AbiCoder.defaultAbiCoder().encode(inputs, values);
