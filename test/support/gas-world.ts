import type { TransactionReceipt } from 'ethers';
import { expect } from 'chai';
import type { NetworkConnection } from 'hardhat/types/network';

import type { Claim } from '../../src/chain/convert.ts';
import { closeEpoch, finaliseEpoch, proposeSettlement, readBasis } from '../../src/chain/epoch-steps.ts';
import type { Address, Hash32 } from '../../src/protocol/brands.ts';
import { parseAddress, parseHash32 } from '../../src/protocol/brands.ts';
import type { EpochRecord, Settlement } from '../../src/protocol/epoch-record.ts';
import { keccak256 } from '../../src/protocol/keccak.ts';
import { proofOf, rootFrom, rootOf } from '../../src/protocol/positional-merkle.ts';
import { bytesToHex } from '../../src/protocol/words.ts';
import { valueAt } from '../../src/settlement/economy-parameters.ts';
import type { Preset } from '../../src/settlement/preset/load-preset.ts';
import type { EpochSettlement } from '../../src/settlement/settle-epoch.ts';
import { settleEpoch } from '../../src/settlement/settle-epoch.ts';
import type { State } from '../../src/settlement/state.ts';
import { GENESIS } from '../../src/settlement/state.ts';
import type { Work, World } from './world.ts';
import { accountOf, deployWorld, storyPreset, travelTo } from './world.ts';
import { auditAt } from '../../src/settlement/audit-writer.ts';

/** Everything here is fixed, keys, addresses and times, so that a figure changes only when the code does. */
export const START = 2_000_000_000;
export const WEEK = 7 * 86_400;
export const PRICE_REF = 10n ** 16n;

/** Leaves of an ordinary epoch. */
export const LEAVES = 1000;
/** Height of the large tree, and of the part of it that is real. */
export const DEPTH = 20;
const REAL_DEPTH = 10;
/** Which of the large tree's subtrees is the real one: ones and zeros in turn, so that both sides occur. */
const SUBTREE = 0b01_0101_0101;

const REPORT = seeded('report');

/** How many cohorts of a week are open when each is released over as many weeks. */
export const COHORTS = 7;

/** The story's economy with a cohort for each week and seven of them open; a law, a price, a foundation, acceleration. */
export function vestingPreset(): Preset {
  return { ...storyPreset(), release: { cohortEpochs: 1, over: COHORTS * WEEK } };
}

/** The same without release terms and without a law: granted tokens are free at once, and nobody asks for a price. */
export function freePreset(): Preset {
  const preset = storyPreset();
  return { ...preset, release: { cohortEpochs: 1, over: 0 }, reserve: { ...preset.reserve, law: null } };
}

/** A deployment of its own whose clock stands a day before the first epoch. */
export async function gasWorld(hardhat: NetworkConnection, preset: Preset): Promise<World> {
  const world = await deployWorld(hardhat, { start: START, preset });
  await world.setPrice(START, 2n * PRICE_REF);
  return world;
}

/** The start of the simulated chains' clock. */
export const INITIAL_DATE = new Date((START - 86_400) * 1000).toISOString();

/** The accounts that mine: `count` of them, those with keys first. */
export function minersOf({ actors }: World, count: number): readonly Address[] {
  const known = [actors.alice, actors.bob, actors.carol, actors.dave].map(accountOf);
  const strangers = Array.from({ length: count }, (_, n) => parseAddress(`0x${seeded(`miner ${n}`).slice(26)}`));
  return [...known, ...strangers].slice(0, count);
}

/** What `count` accounts do in an epoch: each a little of every task, dave twenty times as much as all others; some is used. */
export function workOf(world: World, count: number): Work {
  const miners = minersOf(world, count);
  const scores = miners.flatMap((account, n) =>
    [1, 2, 3, 4].map((task) => ({
      account,
      task,
      score: n === 3 ? BigInt(1000 * count) : BigInt(1 + ((n * 7 + task * 3) % 100)),
    })),
  );
  const uses = miners.filter((_, n) => n % 10 === 0).map((account) => ({ account, uses: 3n }));
  return { scores, uses };
}

/** A settlement that is about to be proposed. */
export interface Ready {
  readonly record: EpochRecord;
  readonly settlement: Settlement;
  readonly basis: Hash32;
}

/** An epoch after its settlement, and what each step used. */
export interface Done {
  readonly settled: EpochSettlement;
  readonly claimOf: (account: Address) => Claim;
  readonly close: TransactionReceipt;
  readonly propose: TransactionReceipt;
  readonly finalise: TransactionReceipt;
}

/** Closes the next epoch and settles it off chain: with a tree of its own leaves, or with that tree inside a large one. */
export async function prepare(world: World, parent: State, work: Work, size: 'real' | 'large' = 'real') {
  const { chain, actors, parameters } = world;
  await travelTo(world, START + (parent.epoch + 2) * WEEK);
  const { record, receipt } = await closeEpoch(chain, actors.alice);
  const unlockPerUse = valueAt(parameters.economy.unlockPerUse, record.epoch);
  const { scores = [], uses = [] } = work;
  const settled = settleEpoch({ parent, record, scores, uses, unlockPerUse });
  const tree = size === 'real' ? realTree(settled) : largeTree(settled);
  const { root, leafCount } = tree;
  const settlement: Settlement = { ...settled.settlement, root, leafCount, reportCid: REPORT };
  const ready: Ready = { record, settlement, basis: await readBasis(chain, record) };
  return { ready, settled, tree, close: receipt! };
}

/** Proposes, waits for the window, makes it final. */
export async function settle(world: World, ready: Ready) {
  const { chain, actors } = world;
  const proposed = await proposeSettlement(chain, actors.oscar, ready);
  await travelTo(world, proposed.until);
  const final = await finaliseEpoch(chain, actors.alice, ready);
  expect(final.root).to.equal(ready.settlement.root);
  return { propose: proposed.receipt!, finalise: final.receipt!, final };
}

/** One whole epoch after another state. */
export async function runEpoch(world: World, parent: State, size: 'real' | 'large' = 'real', count = LEAVES) {
  const { ready, settled, tree, close } = await prepare(world, parent, workOf(world, count), size);
  const { propose, finalise, final } = await settle(world, ready);
  const claimOf = (account: Address): Claim => claimIn(settled, tree, account);
  return { settled, claimOf, close, propose, finalise, final };
}

/** Epochs 0 to `count` − 1. */
export async function runEpochs(world: World, count: number): Promise<readonly Done[]> {
  const done: Done[] = [];
  while (done.length < count) done.push(await runEpoch(world, done.at(-1)?.settled.next ?? GENESIS));
  return done;
}

/** A tree as it is declared, and the way to a leaf of it. */
interface DeclaredTree {
  readonly root: Hash32;
  readonly leafCount: number;
  readonly indexOf: (place: number) => number;
  readonly proofOf: (place: number) => readonly Hash32[];
}

function realTree({ tree }: EpochSettlement): DeclaredTree {
  return {
    root: hash32(rootOf(tree)),
    leafCount: tree.leafCount,
    indexOf: (place) => place,
    proofOf: (place) => proofOf(tree, place).map(hash32),
  };
}

/**
 * A tree of 2^20 leaves of which a subtree of 2^10 is real: its claims have real neighbours in the lower half of their
 * proofs, and hashes made from a seed in the upper half.
 */
function largeTree({ tree }: EpochSettlement): DeclaredTree {
  expect(tree.depth).to.equal(REAL_DEPTH);
  const above = Array.from({ length: DEPTH - REAL_DEPTH }, (_, n) =>
    keccak256(new TextEncoder().encode(`sibling ${n}`)),
  );
  return {
    root: hash32(rootFrom(rootOf(tree), SUBTREE, above)),
    leafCount: 2 ** DEPTH,
    indexOf: (place) => (SUBTREE << REAL_DEPTH) + place,
    proofOf: (place) => [...proofOf(tree, place), ...above].map(hash32),
  };
}

function claimIn(settled: EpochSettlement, tree: DeclaredTree, account: Address): Claim {
  const place = [...settled.next.accounts].findIndex((state) => state.account === account);
  return {
    epoch: settled.record.epoch,
    account,
    index: tree.indexOf(place),
    curve: settled.next.accounts.at(place)!.curve,
    auditHash: hash32(auditAt(settled.audits, place)),
    proof: tree.proofOf(place),
  };
}

/** What a transaction pays before anything runs: 21,000, 16 for a byte of calldata, 4 for one that is zero. */
export function intrinsicGas(data: string): bigint {
  const bytes = data.slice(2).match(/../g) ?? [];
  return bytes.reduce((sum, byte) => sum + (byte === '00' ? 4n : 16n), 21_000n);
}

function seeded(name: string): Hash32 {
  return hash32(keccak256(new TextEncoder().encode(name)));
}

function hash32(bytes: Uint8Array): Hash32 {
  return parseHash32(bytesToHex(bytes));
}
