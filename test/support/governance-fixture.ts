import type { HardhatEthers } from '@nomicfoundation/hardhat-ethers/types';
import type { NetworkConnection } from 'hardhat/types/network';

import { DAY, START, WAD } from './contract-values.ts';
import { fixtureLoader } from './fixture-loader.ts';

export const MIN_DELAY = 2 * 86_400;
export const VOTING_DELAY = 86_400;
export const VOTING_PERIOD = 5 * 86_400;
/** The least votes that have to take part. */
export const FLOOR = 10_000n * WAD;
/** The votes without which nothing is handed over, whatever the supply. */
export const MINIMUM_VOTES = 30_000n * WAD;
/** What alice, bob and carol hold: half of all that exists; dave holds the other half and never votes. */
export const HOLDINGS = {
  alice: 50_000n * WAD,
  bob: 30_000n * WAD,
  carol: 20_000n * WAD,
  dave: 100_000n * WAD,
} as const;
export const CAP = 1_000_000n * WAD;
export const OPEN_AFTER = START + 365n * DAY;

/** The numbers of the governor's states, by name. */
export const VOTE = {
  ...{ pending: 0n, active: 1n, canceled: 2n, defeated: 3n, succeeded: 4n, queued: 5n, expired: 6n, executed: 7n },
} as const;
export const SUPPORT = { against: 0, for: 1, abstain: 2 } as const;
export const ROLE = { admin: 0n, operator: 1n, guardian: 2n, governance: 3n } as const;
export const NO_PREDECESSOR = `0x${'0'.repeat(64)}`;

/** How the holders vote in these tests. */
export const TERMS = {
  votingDelay: VOTING_DELAY,
  votingPeriod: VOTING_PERIOD,
  proposalThreshold: 1_000n * WAD,
  quorum: WAD / 10n,
  lateQuorum: 86_400,
  quorumFloor: FLOOR,
};

/** Governance as a deployment sets it up, over a token that some hold already and a registry of two tasks. */
export async function deployGovernance(ethers: HardhatEthers) {
  const [deployer, council, gwen, alice, bob, carol, dave, oscar, mallory] = await ethers.getSigners();
  const people = { deployer: deployer!, council: council!, gwen: gwen!, alice: alice!, bob: bob!, carol: carol! };
  const others = { dave: dave!, oscar: oscar!, mallory: mallory! };
  const authority = await ethers.deployContract('MiningAuthority', [deployer!.address]);
  const manager = await authority.getAddress();
  const timelock = await ethers.deployContract('MiningTimelock', [MIN_DELAY, council!.address, deployer!.address]);
  const holders = { alice: alice!, bob: bob!, carol: carol!, dave: dave! };
  const genesis = Object.entries(HOLDINGS).map(([name, amount]) => ({
    account: holders[name as keyof typeof holders].address, // the same names
    amount,
  }));
  const token = await ethers.deployContract('MiningToken', ['Lode', 'LODE', manager, genesis, CAP - 200_000n * WAD]);
  const periods = [{ end: START + 1000n * DAY, cumulative: CAP - 200_000n * WAD }];
  const curve = await ethers.deployContract('EmissionCurve', [START, DAY, periods]);
  const tasks = [1, 2].map((task) => ({ task, name: `task ${task}`, weight: WAD / 2n, minScore: 1n }));
  const policy = `0x${'ab'.repeat(32)}`;
  const registry = await ethers.deployContract('TaskRegistry', [manager, await curve.getAddress(), tasks, policy, '']);
  const locked = await ethers.deployContract('SettableLockedSupply');
  const governor = await ethers.deployContract('MiningGovernor', [
    await token.getAddress(),
    await timelock.getAddress(),
    [await locked.getAddress()],
    TERMS,
  ]);
  const handover = await ethers.deployContract('Handover', [
    await governor.getAddress(),
    council!.address,
    MINIMUM_VOTES,
    OPEN_AFTER,
  ]);
  const canceller = await ethers.deployContract('GuardianCanceller', [manager, await timelock.getAddress()]);

  const { interface: registryAbi } = registry;
  const governed = (['addTask', 'scheduleTasks', 'schedulePolicy'] as const).map(
    (name) => registryAbi.getFunction(name).selector,
  );
  const cancels = (['cancel', 'cancelBatch'] as const).map((name) => canceller.interface.getFunction(name).selector);
  await authority.setTargetFunctionRole(await registry.getAddress(), governed, ROLE.governance);
  await authority.setTargetFunctionRole(await canceller.getAddress(), cancels, ROLE.guardian);
  await authority.grantRole(ROLE.operator, oscar!.address, 0);
  await authority.grantRole(ROLE.guardian, gwen!.address, 0);
  await authority.seal(await timelock.getAddress());
  const admin = await timelock.DEFAULT_ADMIN_ROLE();
  await timelock.grantRole(await timelock.CANCELLER_ROLE(), await canceller.getAddress());
  await timelock.grantRole(admin, await handover.getAddress());
  await timelock.renounceRole(admin, deployer!.address);
  return {
    ...{ authority, timelock, token, curve, registry, locked, governor, handover, canceller },
    ...{ ...people, ...others },
  };
}

export type Governance = Awaited<ReturnType<typeof deployGovernance>>;

/** A call that governance decides about. */
export interface GovernedCall {
  readonly target: string;
  readonly data: string;
}

/** Fixtures and steps of a vote, on one simulated chain. */
export function governanceSteps({ ethers, networkHelpers }: NetworkConnection) {
  const { time } = networkHelpers;

  async function fresh() {
    return await deployGovernance(ethers);
  }

  /** Alice, bob and carol vote for themselves, for longer than a hand-over asks for. */
  async function delegated() {
    const world = await deployGovernance(ethers);
    for (const holder of [world.alice, world.bob, world.carol]) await world.token.connect(holder).delegate(holder);
    await time.increase(8 * 86_400);
    return world;
  }

  /** The holders have taken over. */
  async function handedOver() {
    const world = await delegated();
    await world.handover.connect(world.council).handover(rising(world.alice, world.bob, world.carol));
    return world;
  }

  async function weights({ registry }: Governance, first: bigint, from = 300): Promise<GovernedCall> {
    const table = [
      { task: 1, weight: (first * WAD) / 100n },
      { task: 2, weight: ((100n - first) * WAD) / 100n },
    ];
    const { interface: abi } = registry;
    const data = abi.encodeFunctionData('scheduleTasks', [from, table]);
    return { target: await registry.getAddress(), data };
  }

  /** What a proposal consists of, and its number. */
  async function proposalOf({ governor }: Governance, calls: readonly GovernedCall[], description: string) {
    const lists = [calls.map(({ target }) => target), calls.map(() => 0n), calls.map(({ data }) => data)] as const;
    const hash = ethers.id(description);
    const id = await governor.hashProposal([...lists[0]], [...lists[1]], [...lists[2]], hash);
    const args = [[...lists[0]], [...lists[1]], [...lists[2]]] as [string[], bigint[], string[]];
    return { id, args, description, hash };
  }

  type Proposal = Awaited<ReturnType<typeof proposalOf>>;

  /** Proposes, and travels to where votes are cast. */
  async function propose(world: Governance, calls: readonly GovernedCall[], description: string, by = world.alice) {
    const proposal = await proposalOf(world, calls, description);
    await world.governor.connect(by).propose(...proposal.args, description);
    await time.increase(VOTING_DELAY + 1);
    return proposal;
  }

  /** Proposes; alice and bob vote for it; it is queued and its delay is over. */
  async function carry(world: Governance, calls: readonly GovernedCall[], description: string): Promise<Proposal> {
    const proposal = await propose(world, calls, description);
    await world.governor.connect(world.alice).castVote(proposal.id, SUPPORT.for);
    await world.governor.connect(world.bob).castVote(proposal.id, SUPPORT.for);
    await time.increase(VOTING_PERIOD + 1);
    await world.governor.queue(...proposal.args, proposal.hash);
    await time.increase(MIN_DELAY);
    return proposal;
  }

  /** The whole way, from proposal to effect. */
  async function decide(world: Governance, calls: readonly GovernedCall[], description: string) {
    const proposal = await carry(world, calls, description);
    return await world.governor.execute(...proposal.args, proposal.hash);
  }

  /** The number by which the timelock knows what a proposal queued. */
  async function operationOf({ governor, timelock }: Governance, { args, hash }: Proposal): Promise<string> {
    return await timelock.hashOperationBatch(...args, NO_PREDECESSOR, await saltOf(governor, hash));
  }

  async function saltOf(governor: Governance['governor'], hash: string): Promise<string> {
    const own = BigInt(await governor.getAddress()) << 96n;
    return ethers.toBeHex(own ^ BigInt(hash), 32);
  }

  return {
    ...{ fresh, delegated, handedOver, weights, proposalOf, propose, carry, decide, operationOf, saltOf },
    loadFixture: fixtureLoader(networkHelpers),
  };
}

/** Addresses in rising order. */
export function rising(...accounts: readonly { readonly address: string }[]): string[] {
  return accounts.map(({ address }) => address).sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
}
