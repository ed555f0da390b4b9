import { globSync, readFileSync } from 'node:fs';

import type { FunctionFragment } from 'ethers';
import { Interface } from 'ethers';
import { z } from 'zod';

import { withoutImmutables } from '../../../deploy/checks/code.ts';
import type { World } from '../world.ts';

/** A contract that stands on the chain, and the interface that the compiler gave it. */
export interface DeployedContract {
  readonly name: string;
  readonly address: string;
  readonly abi: Interface;
}

/** One function that may change something, and where. `receive` has no fragment. */
export interface Writable {
  readonly contract: DeployedContract;
  readonly name: string;
  readonly fragment: FunctionFragment | null;
}

const artifact = z.object({
  contractName: z.string(),
  abi: z.array(z.looseObject({ type: z.string() })),
  deployedBytecode: z.string(),
  immutableReferences: z.record(z.string(), z.array(z.object({ start: z.number(), length: z.number() }))).optional(),
});
type Artifact = z.output<typeof artifact>;

const ours: readonly Artifact[] = globSync('artifacts/contracts/**/*.sol/*.json')
  .filter((path) => !path.includes('/mocks/'))
  .map((path) => artifact.parse(JSON.parse(readFileSync(path, 'utf8'))))
  .filter(({ deployedBytecode }) => deployedBytecode !== '0x');

/**
 * Every contract that a deployment consists of, found by following the links: those in its address book, and whatever they name
 * in a view without arguments; also `others`, whose own links lead elsewhere. Each is recognised by its code, so that its
 * interface is that of its artifact.
 */
export async function deployedContracts(world: World, others: readonly string[] = []): Promise<DeployedContract[]> {
  const { provider } = world.hardhat.ethers;
  const found = new Map<string, DeployedContract>();
  const apart = new Set(others.map((address) => address.toLowerCase()));
  const queue = [...Object.values(world.deployment.addressBook.contracts), ...apart];
  for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
    const address = at.toLowerCase();
    const code = await provider.getCode(address);
    if (code === '0x' || found.has(address)) continue;
    const made = ours.find(({ deployedBytecode: compiled, immutableReferences = {} }) => {
      if (compiled.length !== code.length) return false;
      return withoutImmutables(code, immutableReferences) === withoutImmutables(compiled, immutableReferences);
    });
    if (made === undefined) throw new Error(`no artifact has the code at ${address}`);
    const contract = { name: made.contractName, address, abi: new Interface(made.abi) }; // what a compiler wrote
    found.set(address, contract);
    for (const view of apart.has(address) ? [] : questions(contract)) {
      const isLink = view.outputs.every(({ type }) => type === 'address' || type === 'address[]');
      if (!isLink) continue;
      const answer = await provider.call({ to: address, data: contract.abi.encodeFunctionData(view) });
      queue.push(...(contract.abi.decodeFunctionResult(view, answer).flat(1) as string[])); // addresses, by their types
    }
  }
  return [...found.values()];
}

/** The views of a contract that take no arguments. */
export function questions({ abi }: DeployedContract): FunctionFragment[] {
  return fragments(abi).filter(({ constant, inputs }) => constant && inputs.length === 0);
}

/** Every function of these contracts that may change something, payments included. */
export function writables(contracts: readonly DeployedContract[]): Writable[] {
  return contracts.flatMap((contract): Writable[] => {
    const named = fragments(contract.abi)
      .filter(({ constant }) => !constant)
      .map((fragment) => ({ contract, name: fragment.name, fragment }));
    const plain = contract.abi.receive || contract.abi.fallback !== null;
    return plain ? [...named, { contract, name: 'receive', fragment: null }] : named;
  });
}

export function fragments(abi: Interface): FunctionFragment[] {
  const all: FunctionFragment[] = [];
  abi.forEachFunction((fragment) => all.push(fragment));
  return all;
}

/** The name of every error that any contract of this repository can give, by its four bytes. */
export const ERROR_NAMES: ReadonlyMap<string, string> = new Map(
  ours.flatMap(({ abi }) => {
    const errors: [string, string][] = [];
    new Interface(abi).forEachError(({ selector, name }) => errors.push([selector, name])); // what a compiler wrote
    return errors;
  }),
);
