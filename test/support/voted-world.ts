import { expect } from 'chai';
import type { Interface, TransactionReceipt } from 'ethers';
import type { NetworkConnection } from 'hardhat/types/network';

import { WAD } from '../../src/protocol/fixed-point.ts';
import type { EconomyParameters } from '../../src/settlement/economy-parameters.ts';
import { rising, SUPPORT } from './governance-fixture.ts';
import type { World } from './world.ts';
import { accountOf, deployWorld, storyPreset, travelTo } from './world.ts';

/** When epoch 0 begins; votes are held before it. */
export const START = 2_000_000_000;
const DAY = 86_400;

type Contracts = World['chain']['contracts'];
export type ContractKey = keyof Contracts;

/** A governed call in words: contract, function, arguments. */
export type Governed = readonly [contract: ContractKey, name: string, args: readonly unknown[]];

/** Deploys the story's economy with three holders, who delegate to themselves and take over from the council. */
export async function deployHandedOver(hardhat: NetworkConnection): Promise<World> {
  const preset = storyPreset();
  const signers = await hardhat.ethers.getSigners();
  const genesis = signers.slice(4, 7).map((signer) => ({ to: accountOf(signer), amount: 1000n * WAD, label: 'voter' }));
  const handover = { ...preset.governance.handover!, minimumVotes: 100n * WAD };
  const governance = { ...preset.governance, proposalThreshold: WAD, handover };
  const token = { ...preset.token, genesis };
  const world = await deployWorld(hardhat, { start: START, preset: { ...preset, governance, token } });
  const { alice, bob, carol, council } = world.actors;
  const { token: votes, handover: way } = world.chain.contracts;
  await travelTo(world, START - 60 * DAY);
  for (const holder of [alice, bob, carol]) await votes.connect(holder).delegate(holder);
  await hardhat.networkHelpers.time.increase(8 * DAY);
  await way.connect(council).handover(rising(alice, bob, carol));
  return world;
}

/** The interface of one of the protocol's contracts. */
export function interfaceOf({ chain }: World, key: ContractKey): Interface {
  return (chain.contracts[key] as { interface: Interface }).interface;
}

/** A proposal that was carried and waited out: what is left is to execute it. */
export interface Passed {
  readonly id: bigint;
  readonly execute: () => Promise<TransactionReceipt>;
}

/** Proposes each list of calls, has the holders vote for all of them, queues them and waits the timelock out. */
export async function pass(world: World, proposals: readonly (readonly Governed[])[]): Promise<Passed[]> {
  const { alice, bob, carol, mallory } = world.actors;
  const { governor } = world.chain.contracts;
  const { ethers, networkHelpers } = world.hardhat;
  const made: { id: bigint; args: readonly [string[], bigint[], string[], string] }[] = [];
  for (const [index, calls] of proposals.entries()) {
    const targets = calls.map(([key]) => world.chain.addresses[key]! as string);
    const data = calls.map(([key, name, args]) => interfaceOf(world, key).encodeFunctionData(name, [...args]));
    const values = calls.map(() => 0n);
    const reason = `change ${index}`;
    await governor.connect(alice).propose(targets, values, data, reason);
    const args = [targets, values, data, ethers.id(reason)] as const;
    made.push({ id: await governor.hashProposal(...args), args });
  }
  await networkHelpers.time.increaseTo((await governor.proposalSnapshot(made.at(-1)!.id)) + 1n);
  for (const { id } of made) {
    await governor.connect(bob).castVote(id, SUPPORT.for);
    await governor.connect(carol).castVote(id, SUPPORT.for);
  }
  await networkHelpers.time.increaseTo((await governor.proposalDeadline(made.at(-1)!.id)) + 1n);
  for (const { args } of made) await governor.connect(mallory).queue(...args);
  await networkHelpers.time.increaseTo(await governor.proposalEta(made.at(-1)!.id));
  return made.map(({ id, args }) => ({
    id,
    execute: async () => (await (await governor.connect(mallory).execute(...args)).wait())!,
  }));
}

/** One proposal of the holders, from its text to its execution. */
export async function enact(world: World, calls: readonly Governed[]): Promise<TransactionReceipt> {
  const [passed] = await pass(world, [calls]);
  return await passed!.execute();
}

/** The arguments of every event of a contract in a receipt, by name, in their order. */
export function eventsOf(world: World, receipt: TransactionReceipt, key: ContractKey, name: string): unknown[][] {
  const abi = interfaceOf(world, key);
  const address = world.chain.addresses[key]!.toLowerCase();
  return receipt.logs
    .filter((log) => log.address.toLowerCase() === address)
    .flatMap((log) => {
      const parsed = abi.parseLog(log);
      return parsed?.name === name ? [plain(parsed.args)] : [];
    });
}

/** Results as plain lists, which compare by what they hold. */
function plain(values: readonly unknown[]): unknown[] {
  return Array.from(values, (value): unknown => (Array.isArray(value) ? plain(value) : value));
}

/** Expects a carried proposal to fail when it is executed, with exactly this error of a contract. */
export async function expectBound(
  world: World,
  passed: Passed,
  key: ContractKey,
  [error, ...args]: readonly [string, ...unknown[]],
): Promise<void> {
  const contract = world.chain.contracts[key] as unknown as { interface: Interface };
  await expect(passed.execute())
    .to.be.revertedWithCustomError(contract, error)
    .withArgs(...args);
}

/** A table of weights in hundredths. */
export function weightTable(...entries: readonly (readonly [task: number, hundredths: bigint])[]) {
  return entries.map(([task, hundredths]) => ({ task, weight: (hundredths * WAD) / 100n }));
}

/** The world as people off chain see it once they are told of a change. */
export function informed(world: World, changes: Partial<EconomyParameters>): World {
  const { economy } = world.parameters;
  return { ...world, parameters: { ...world.parameters, economy: { ...economy, ...changes } } };
}
