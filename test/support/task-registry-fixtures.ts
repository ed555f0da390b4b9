import { id as keccakOfText } from 'ethers';
import type { network } from 'hardhat';

import { DAY, START, WAD } from './contract-values.ts';
import { fixtureLoader } from './fixture-loader.ts';

export const POLICY = keccakOfText('policy 1');
export const POLICY_2 = keccakOfText('policy 2');
export const URI = 'ipfs://policy-1';

/** A share in percent, as a wad. */
export const percent = (share: bigint): bigint => (WAD / 100n) * share;

export interface FirstTask {
  readonly task: bigint;
  readonly name: string;
  readonly weight: bigint;
  readonly minScore: bigint;
}

/** Collecting 40 %, translating 35 %, checking 25 %. */
const FIRST_TASKS: readonly FirstTask[] = [
  { task: 1n, name: 'collect', weight: percent(40n), minScore: 10n },
  { task: 4n, name: 'translate', weight: percent(35n), minScore: 20n },
  { task: 9n, name: 'check', weight: percent(25n), minScore: 1n },
];

/** What the tests of the task registry start from, on one simulated chain. */
export function taskRegistryFixtures({ ethers, networkHelpers }: Awaited<ReturnType<typeof network.create>>) {
  async function deployRegistry(table: readonly FirstTask[], policyHash = POLICY) {
    const [governor, mallory] = await ethers.getSigners();
    const manager = await ethers.deployContract('MiningAuthority', [governor!.address]);
    const periods = [{ end: START + 100n * DAY, cumulative: 1n }];
    const curve = await ethers.deployContract('EmissionCurve', [START, DAY, periods]);
    const first = table.map((task) => ({ ...task }));
    const args = [await manager.getAddress(), await curve.getAddress(), first, policyHash, URI] as const;
    const registry = await ethers.deployContract('TaskRegistry', [...args]);
    return { registry, curve, governor: governor!, mallory: mallory! };
  }

  /** Before the start: epoch 0 can still be changed. */
  async function beforeStart() {
    return deployRegistry(FIRST_TASKS);
  }

  /** In the middle of epoch 10, with task 12 added. */
  async function epochTen() {
    const actors = await deployRegistry(FIRST_TASKS);
    await actors.registry.addTask(12n, 'evaluate');
    await networkHelpers.time.increaseTo(START + 10n * DAY + DAY / 2n);
    return actors;
  }

  return { deployRegistry, beforeStart, epochTen, loadFixture: fixtureLoader(networkHelpers) };
}

type Fixtures = ReturnType<typeof taskRegistryFixtures>;
type Registry = Awaited<ReturnType<Fixtures['deployRegistry']>>['registry'];

/** What applies to an epoch, as `task: [weight in percent, minimum score]`. */
export async function tableAt(registry: Registry, epoch: bigint): Promise<Record<number, [number, number]>> {
  const { tasks, weights, minScores } = await registry.tasksAt(epoch);
  return Object.fromEntries(
    tasks.map((task, i) => [Number(task), [Number(weights[i]! / percent(1n)), Number(minScores[i])]]),
  );
}

/** A table from shares in percent. */
export function weigh(table: Record<number, bigint>): { task: bigint; weight: bigint }[] {
  return Object.entries(table).map(([task, share]) => ({ task: BigInt(task), weight: percent(share) }));
}

/** Minimum scores by task. */
export function scores(table: Record<number, bigint>): { task: bigint; minScore: bigint }[] {
  return Object.entries(table).map(([task, minScore]) => ({ task: BigInt(task), minScore }));
}
