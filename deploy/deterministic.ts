import type { Future, IgnitionModule } from '@nomicfoundation/ignition-core';
import { isFuture } from '@nomicfoundation/ignition-core';
import { concat, dataSlice, getAddress, getCreate2Address, id, Interface, keccak256, zeroPadValue } from 'ethers';

import { InvariantError } from '../src/protocol/errors.ts';

/** CreateX, the factory that makes the contracts in place of the deployer: at the same address on every chain that has it. */
export const FACTORY = '0xba5Ed099633D3B313e4D5F7bdc1305d3c28ba5Ed';
/** What its code must hash to; another contract at its address could make anything. */
export const FACTORY_CODE = '0xbd8a7ea8cfca7b4e5f5041d7d4b17bc317c5ce42cfbc42066a00cf26b43eb53f';

/** The byte by which the factory is told that the same salt shall give the same address on every chain. */
const ON_EVERY_CHAIN = '0x00';

/**
 * The factory's salt for words of one's own. It begins with the deployer, so that the factory takes it from nobody else: who
 * sees a deployment begin cannot make one of its later contracts first, by which it would stop.
 */
export function factorySalt(deployer: string, words: string): string {
  return concat([deployer, ON_EVERY_CHAIN, dataSlice(id(words), 0, 11)]).toLowerCase();
}

/** Where the factory puts a contract with this salt and code for this deployer. */
export function factoryAddress(deployer: string, salt: string, code: string): string {
  return getCreate2Address(FACTORY, keccak256(concat([zeroPadValue(deployer, 32), salt])), keccak256(code));
}

/** What of a compiled contract its address depends on. */
export interface Compiled {
  readonly abi: ConstructorParameters<typeof Interface>[0];
  readonly bytecode: string;
}

/**
 * The addresses that the contracts of a module will have, by their names in its results: they follow from deployer, words and
 * code with its constructor's values, and from nothing that was sent before.
 *
 * @throws {InvariantError} `ADDRESS_UNFORESEEN` for a constructor's value that only the chain knows
 */
export async function foreseeAddresses(
  { futures, results }: IgnitionModule,
  { deployer, words, compiled }: ForeseeAddresses,
): Promise<Readonly<Record<string, string>>> {
  const salt = factorySalt(deployer, words);
  const known = new Map<Future, string>();
  const resolve = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(resolve);
    if (!isFuture(value)) return isRecord(value) ? mapValues(value, resolve) : value;
    const address = known.get(value);
    if (address !== undefined) return address;
    throw new InvariantError({
      code: 'ADDRESS_UNFORESEEN',
      shortMessage: `the address of ${value.id} is not foreseen`,
    });
  };
  // A module lists its steps after those that they depend on.
  for (const future of futures) {
    if (!('constructorArgs' in future) || !('contractName' in future)) continue;
    const { abi, bytecode } = await compiled(future.contractName);
    const values = Interface.from(abi).encodeDeploy(future.constructorArgs.map(resolve));
    known.set(future, getAddress(factoryAddress(deployer, salt, concat([bytecode, values]))));
  }
  return mapValues(results, (future) => String(resolve(future)));
}

export interface ForeseeAddresses {
  readonly deployer: string;
  /** Two deployments with the same words, deployer and inputs get the same addresses. */
  readonly words: string;
  readonly compiled: (contract: string) => Promise<Compiled>;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function mapValues<Value, Result>(
  record: Readonly<Record<string, Value>>,
  change: (value: Value) => Result,
): Record<string, Result> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
