import type { NetworkConnection } from 'hardhat/types/network';
import type { FunctionFragment, Interface } from 'ethers';
import { id } from 'ethers';

import type { Office } from '../../../deploy/holders.ts';
import { TIMELOCK_ROLES } from '../../../deploy/roles.ts';
import type { Call } from '../../../src/chain/calls.ts';
import { claimCall } from '../../../src/chain/calls.ts';
import type { Claim } from '../../../src/chain/convert.ts';
import { claimToChain } from '../../../src/chain/convert.ts';
import { WAD } from '../../../src/protocol/fixed-point.ts';
import type { State } from '../../../src/settlement/state.ts';
import { rising } from '../governance-fixture.ts';
import type { Settled, Work, World } from '../world.ts';
import {
  accountOf,
  BEFORE,
  claimOf,
  closeNext,
  deployWorld,
  runEpoch,
  settleOffChain,
  storyPreset,
  travelTo,
  withUnitPool,
} from '../world.ts';
import type { Pool } from './arguments.ts';
import { knownValues } from './arguments.ts';
import type { DeployedContract, Writable } from './deployed-contracts.ts';
import { deployedContracts, writables } from './deployed-contracts.ts';
import type { Stage } from './dispute.ts';
import { disputeOver } from './dispute.ts';
import type { Watched } from './promises.ts';
import { everybody } from './walk.ts';

export const START = 2_000_000_000;
const DAY = 86_400;
const WEEK = 7 * DAY;
const NOTHING = `0x${'00'.repeat(32)}`;
const LEFT_UNDONE = `0x${'11'.repeat(32)}`;
/** Epochs that are final when the walk begins. */
const FINAL = 2;

/** A protocol in the middle of its life, and everything that a walk through its functions needs. */
export interface AccessWorld extends Watched {
  readonly office: Office;
  readonly pool: Pool;
  readonly earlier: ReadonlyMap<string, readonly string[]>;
}

/** A governed call in words. */
type Words = readonly [contract: keyof World['chain']['contracts'], name: string, values: readonly unknown[]];

/**
 * Deploys by the real modules, has the council govern for a while, and runs epochs: two are final and partly claimed, the third was
 * proposed and vetoed, and stands as the stage says, the fourth is over. With `handedOver` the holders, who were given tokens at the
 * start, have taken over by their delegated votes before all that, and proposed something.
 */
export async function accessWorld(
  hardhat: NetworkConnection,
  handedOver: boolean,
  stage: Stage = handedOver ? 'false' : 'honest',
): Promise<AccessWorld> {
  const world = await deployWorld(hardhat, { start: START, preset: await presetOf(hardhat) });
  const { ethers, networkHelpers } = hardhat;
  const { actors, chain } = world;
  const { contracts: at } = chain;
  const rules = [chain.addresses.authority, 1, DAY, 3600, WAD];
  const median = await ethers.deployContract('MedianPriceSource', rules);
  const feed = await ethers.deployContract('FeedProxy', [8]);
  const aggregator = await ethers.deployContract('FeedAggregator');
  await aggregator.push(1, await networkHelpers.time.latest());
  await feed.addPhase(await aggregator.getAddress());
  const chainlink = await ethers.deployContract('AggregatorV3PriceSource', [await feed.getAddress(), DAY]);
  const others = [await median.getAddress(), await chainlink.getAddress()];

  await travelTo(world, START - 60 * DAY);
  await schedule(world, goodCalls(world), undoneCalls(world), median);
  for (const holder of [actors.alice, actors.bob, actors.carol]) await at.token.connect(holder).delegate(holder);
  if (handedOver) {
    await networkHelpers.time.increase(8 * DAY);
    await at.handover.connect(actors.council).handover(rising(actors.alice, actors.bob, actors.carol));
  }
  let state: State = BEFORE;
  const all: Settled[] = [];
  for (let epoch = 0; epoch < FINAL; epoch++) {
    const { settled } = await runEpoch(world, state, workOf(world));
    all.push(settled);
    state = settled.next;
  }
  const closed = await closeNext(world);
  const third = await settleOffChain(world, state, closed, workOf(world));
  const ready = await disputeOver(world, [all.at(-1)!, third], stage, START + (FINAL + 2) * WEEK + DAY);
  const claims = [actors.alice, actors.bob, actors.dave].flatMap((miner) =>
    all.map((settled) => claimOf(settled, accountOf(miner))),
  );
  await actors.mallory.sendTransaction(claimCall(chain.addresses, claims[0]!));
  const proposalId = handedOver ? await proposeSomething(world) : 0n;

  const contracts = await deployedContracts(world, others);
  const functions = writables(contracts);
  const callers = everybody(world, contracts);
  const taken = await takenCalls(world, contracts, [...ready, ...cancellations(world)]);
  const time = await networkHelpers.time.latest();
  const { people } = world.deployment.inputs;
  return {
    ...{ world, contracts, writables: functions, everybody: callers, claims },
    ...{ final: FINAL, closed: FINAL + 1, begun: FINAL + 3 },
    proposals: Number(await at.distributor.proposalCount()),
    office: {
      contracts: world.deployment.addressBook.contracts,
      people: { ...people, operators: [...people.operators, actors.fiona.address] },
      handedOver,
      pools: [actors.dave.address],
      reporters: [actors.carol.address],
    },
    pool: poolOf({
      writables: functions,
      callers: callers.map(({ address }) => address),
      taken,
      claims,
      time,
      proposalId,
      bond: third.record.bond,
    }),
    earlier: new Map([...taken].map(([key, calls]) => [key, calls.map(({ data }) => data)])),
    moment: time + 1,
  };
}

async function presetOf({ ethers }: NetworkConnection) {
  const preset = withUnitPool(storyPreset());
  const voters = (await ethers.getSigners()).slice(4, 7).map((signer) => accountOf(signer));
  const genesis = voters.map((to) => ({ to, amount: 1000n * WAD, label: 'voter' }));
  const handover = { ...preset.governance.handover!, minimumVotes: 100n * WAD };
  const governance = { ...preset.governance, proposalThreshold: WAD, handover };
  return { ...preset, governance, token: { ...preset.token, genesis: [...preset.token.genesis, ...genesis] } };
}

/** Three of the four tasks are worked on, by a miner each. */
function workOf({ actors }: World): Work {
  const miners = [actors.alice, actors.bob, actors.dave];
  return { scores: miners.map((miner, index) => ({ account: accountOf(miner), task: index + 1, score: 10n })) };
}

/** Calls of governance that are within every bound, for the epoch after all that this story runs through. */
function goodCalls({ actors, chain, deployment }: World): Words[] {
  const from = 8;
  const rows = deployment.inputs.tasks.map(({ task, weight, minScore }) => ({ task, weight, minScore }));
  const { reserve } = deployment.inputs;
  const me = actors.dave.address;
  return [
    ['registry', 'addTask', [77, 'golf']],
    ['registry', 'scheduleTasks', [from, rows.map(({ task, weight }) => ({ task, weight }))]],
    [
      'registry',
      'schedulePolicy',
      [from, `0x${'77'.repeat(32)}`, 'ipfs://p', rows.map(({ task, minScore }) => ({ task, minScore }))],
    ],
    ['parameters', 'scheduleFoundation', [from, me, WAD / 10n]],
    ['parameters', 'scheduleAccountCap', [from, WAD / 2n]],
    ['parameters', 'scheduleAccelerationBound', [from, WAD / 100n]],
    ['parameters', 'scheduleChallenge', [from, DAY, WAD / 10n]],
    ['reserve', 'scheduleParameters', [from, reserve]],
    ['reserve', 'registerPool', [me]],
    ['vault', 'scheduleTerms', [2 * deployment.inputs.terms.cohortEpochs, 4, 4 * WEEK]],
    [
      'unitPool',
      'allot',
      [
        [me, actors.alice.address],
        [10n, 20n],
      ],
    ],
    ['authority', 'grantRole', [1, actors.fiona.address, 0]],
    ['authority', 'grantRole', [1, me, 0]],
    ['authority', 'revokeRole', [1, me]],
    ['authority', 'grantRole', [7, me, 0]],
    ['authority', 'labelRole', [7, 'later']],
    ['distributor', 'scheduleVerifier', [chain.addresses.verifier]],
    ['timelock', 'updateDelay', [deployment.inputs.minDelay]],
  ];
}

/** More of the same, which stays in the timelock. */
function undoneCalls({ actors, deployment }: World): Words[] {
  return [
    ['timelock', 'updateDelay', [2 * deployment.inputs.minDelay]],
    ['authority', 'revokeRole', [7, actors.dave.address]],
    ['distributor', 'ruleVeto', [FINAL + 1, true]],
    ['distributor', 'readmit', [actors.oscar.address]],
  ];
}

type Batch = [targets: string[], values: bigint[], payloads: string[], predecessor: string, salt: string];

/** The first of that once more, as a batch of one. */
function batchOf(world: World): Batch {
  const { to, data } = encoded(world, undoneCalls(world)[0]!);
  return [[to], [0n], [data], NOTHING, LEFT_UNDONE];
}

/** What a guardian may cancel of that before the hand-over, and what the council may do with the batch. */
function cancellations(world: World): Call[] {
  const { canceller, timelock } = world.chain.contracts;
  const { addresses } = world.chain;
  const { to, data } = encoded(world, undoneCalls(world)[0]!);
  const single = canceller.interface.encodeFunctionData('cancel', [to, 0n, data, NOTHING, LEFT_UNDONE, 'no']);
  const batch = canceller.interface.encodeFunctionData('cancelBatch', [...batchOf(world), 'no']);
  return [
    { to: addresses.canceller, data: single, value: 0n },
    { to: addresses.canceller, data: batch, value: 0n },
    {
      to: addresses.timelock,
      data: timelock.interface.encodeFunctionData('executeBatch', batchOf(world)),
      value: 0n,
    },
  ];
}

function encoded(world: World, [key, name, values]: Words): { to: string; data: string } {
  const { interface: abi } = world.chain.contracts[key] as { interface: Interface };
  return { to: world.chain.addresses[key]!, data: abi.encodeFunctionData(name, values) };
}

/** The council schedules all of it, waits, and executes it. */
async function schedule(
  world: World,
  words: readonly Words[],
  undone: readonly Words[],
  median: { getAddress: () => Promise<string>; interface: Interface },
): Promise<void> {
  const { timelock } = world.chain.contracts;
  const { council, carol } = world.actors;
  const callOf = (call: Words) => encoded(world, call);
  const calls = words.map(callOf);
  calls.push({
    to: await median.getAddress(),
    data: median.interface.encodeFunctionData('setReporter', [3, carol.address]),
  });
  const delay = await timelock.getMinDelay();
  for (const { to, data } of calls) await timelock.connect(council).schedule(to, 0, data, NOTHING, NOTHING, delay);
  await world.hardhat.networkHelpers.time.increase(delay);
  for (const { to, data } of calls) await timelock.connect(council).execute(to, 0, data, NOTHING, NOTHING);
  // Left undone: ready long before the walk begins, and without effect once the council has handed over.
  for (const { to, data } of undone.map(callOf))
    await timelock.connect(council).schedule(to, 0, data, NOTHING, LEFT_UNDONE, delay);
  await timelock.connect(council).scheduleBatch(...batchOf(world), delay);
}

/** A proposal whose vote is open. */
async function proposeSomething({ actors, chain, hardhat }: World): Promise<bigint> {
  const { governor } = chain.contracts;
  const data = governor.interface.encodeFunctionData('setVotingDelay', [2 * DAY]);
  const calls = [[chain.addresses.governor], [0n], [data]] as [string[], bigint[], string[]];
  await governor.connect(actors.alice).propose(...calls, 'slower');
  await hardhat.networkHelpers.time.increase((await governor.votingDelay()) + 1n);
  return await governor.hashProposal(...calls, id('slower'));
}

interface Taken {
  readonly data: string;
  readonly fragment: FunctionFragment;
  readonly values: readonly unknown[];
}

/** Every call that the chain has taken so far, sent or scheduled in the timelock, and those `ready`, by contract and four bytes. */
async function takenCalls(
  { hardhat, chain }: World,
  contracts: readonly DeployedContract[],
  ready: readonly Call[],
): Promise<Map<string, Taken[]>> {
  const { provider } = hardhat.ethers;
  const taken = new Map<string, Taken[]>();
  const note = (to: string | null, data: string): void => {
    const contract = contracts.find(({ address }) => address === to?.toLowerCase());
    const fragment = contract?.abi.getFunction(data.slice(0, 10)) ?? null;
    if (contract === undefined || fragment === null) return;
    const key = `${contract.address}${fragment.selector}`;
    const before = taken.get(key) ?? [];
    const values = plain(contract.abi.decodeFunctionData(fragment, data));
    if (before.length < 3) taken.set(key, [...before, { data, fragment, values }]);
  };
  for (const { to, data } of ready) note(to, data);
  const { timelock } = chain.contracts;
  const scheduled = await timelock.queryFilter(timelock.filters.CallScheduled());
  for (const { args } of scheduled.toReversed()) {
    note(args.target, args.data);
    for (const salt of [LEFT_UNDONE, NOTHING]) {
      const again = [args.target, args.value, args.data, args.predecessor, salt] as const;
      if (!(await timelock.isOperationPending(await timelock.hashOperation(...again)))) continue;
      note(chain.addresses.timelock, timelock.interface.encodeFunctionData('execute', [...again]));
    }
  }
  for (let block = await provider.getBlockNumber(); block > 0; block--) {
    for (const { to, data } of (await provider.getBlock(block, true))?.prefetchedTransactions ?? []) note(to, data);
  }
  return taken;
}

interface PoolParts {
  readonly writables: readonly Writable[];
  readonly callers: readonly string[];
  readonly taken: ReadonlyMap<string, readonly Taken[]>;
  readonly claims: readonly Claim[];
  readonly time: number;
  readonly proposalId: bigint;
  readonly bond: bigint;
}

function poolOf({ writables: all, callers, taken, claims, time, proposalId, bond }: PoolParts): Pool {
  const roles = [0n, 1n, 2n, 3n, 7n, 2n ** 64n - 1n];
  const calls = [...taken.values()].flat().map(({ fragment, values }) => ({ inputs: fragment.inputs, values }));
  const known = new Map(knownValues(calls));
  const claim = all.find(({ name }) => name === 'claim')?.fragment?.inputs[0];
  if (claim !== undefined) known.set(claim.format('sighash'), claims.map(claimToChain));
  return {
    addresses: [`0x${'00'.repeat(20)}`, ...callers],
    epochs: [0, 1, 2, 3, 4, 5, 6, 8, 9, 12, 60],
    times: [time, time + DAY, time + 365 * DAY, 3600, DAY, 5 * DAY],
    roles,
    words: [`0x${'00'.repeat(32)}`, `0x${'11'.repeat(32)}`, ...Object.values(TIMELOCK_ROLES)],
    amounts: [bond, proposalId, WAD / 10n, WAD, WAD / 2n, 10_000n * WAD],
    selectors: all.flatMap(({ fragment }) => (fragment === null ? [] : [fragment.selector])),
    payloads: [...taken.values()].flat().map(({ data }) => data),
    known,
  };
}

/** Results as plain lists, which encode again. */
function plain(values: readonly unknown[]): unknown[] {
  return Array.from(values, (value): unknown => (Array.isArray(value) ? plain(value) : value));
}
