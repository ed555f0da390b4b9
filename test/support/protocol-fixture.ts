import type { HardhatEthers } from '@nomicfoundation/hardhat-ethers/types';

import { checksumAddress, parseAddress, parseHash32 } from '../../src/protocol/brands.ts';
import type { EpochRecord, Settlement } from '../../src/protocol/epoch-record.ts';
import { proofOf } from '../../src/protocol/positional-merkle.ts';
import { bytesToHex } from '../../src/protocol/words.ts';
import type { EconomyParameters } from '../../src/settlement/economy-parameters.ts';
import type { EpochEvents } from '../../src/settlement/economy.ts';
import { advance } from '../../src/settlement/economy.ts';
import type { EpochSettlement } from '../../src/settlement/settle-epoch.ts';
import type { State } from '../../src/settlement/state.ts';
import { GENESIS } from '../../src/settlement/state.ts';
import { START, WAD, ZERO_ADDRESS } from './contract-values.ts';
import type { ClaimInput } from './leaves.ts';
import { curveWords } from './leaves.ts';
import { auditAt } from '../../src/settlement/audit-writer.ts';

export const WEEK = 604_800;
export const BOND = WAD / 10n;
export const WINDOW = 86_400;
/** What an epoch may emit. */
export const BUDGET = 1000n * WAD;

const OPERATOR = 1n;
const GUARDIAN = 2n;
const POLICY_HASH = `0x${'ab'.repeat(32)}`;

/** A weekly economy of two tasks with a law, a foundation, a cap and acceleration; give what should differ. */
export function economyOf(differing: Partial<EconomyParameters> = {}): EconomyParameters {
  const start = Number(START); // A time.
  return {
    start,
    epochLength: WEEK,
    curve: [{ end: start + 52 * WEEK, cumulative: 52n * BUDGET }],
    genesis: 0n,
    tasks: [
      {
        from: 0,
        value: [
          { task: 1, weight: (6n * WAD) / 10n },
          { task: 2, weight: (4n * WAD) / 10n },
        ],
      },
    ],
    policy: [{ from: 0, value: { hash: POLICY_HASH, minScores: [1n, 5n] } }],
    reserve: [
      {
        from: 0,
        value: {
          hasLaw: true,
          a: WAD,
          b: 2n * WAD,
          c: 2n * WAD,
          alpha: WAD / 10n,
          priceRef: WAD,
          smoothing: 10,
          rho: WAD / 20n,
          priceSource: ZERO_ADDRESS,
        },
      },
    ],
    foundation: [{ from: 0, value: { account: `0x${'f0'.repeat(20)}`, share: WAD / 10n } }],
    accountCap: [{ from: 0, value: WAD / 2n }],
    accelerationBound: [{ from: 0, value: WAD / 4n }],
    terms: [{ from: 0, value: { cohortEpochs: 4, duration: 8 * WEEK } }],
    challenge: [{ from: 0, value: { window: WINDOW, bond: BOND } }],
    unlockPerUse: [{ from: 0, value: WAD / 20n }],
    ...differing,
  };
}

/** Who judges proofs: the real one, or one that finds what a test tells it to find. */
export type Verifier = 'SettlementVerifier' | 'ScriptedVerifier';

/** The whole protocol with the first values of an economy; roles are held by persons. */
export async function deployProtocol(
  ethers: HardhatEthers,
  economy: EconomyParameters = economyOf(),
  judge: Verifier = 'SettlementVerifier',
) {
  const [governor, oscar, olga, gwen, treasury, alice, bob, carol, mallory] = await ethers.getSigners();
  const manager = await ethers.deployContract('MiningAuthority', [governor!.address]);
  const authority = await manager.getAddress();
  const total = economy.curve.at(-1)!.cumulative;
  const token = await ethers.deployContract('MiningToken', ['Lode', 'LODE', authority, [], total]);
  const periods = economy.curve.map((period) => ({ ...period }));
  const curve = await ethers.deployContract('EmissionCurve', [economy.start, economy.epochLength, periods]);
  const [tasks, policy, terms] = [economy.tasks[0]!.value, economy.policy[0]!.value, economy.terms[0]!.value];
  const registry = await ethers.deployContract('TaskRegistry', [
    authority,
    await curve.getAddress(),
    tasks.map((task, i) => ({ ...task, name: `task ${task.task}`, minScore: policy.minScores[i]! })),
    policy.hash,
    '',
  ]);
  const reserve = await ethers.deployContract('StabilizationReserve', [
    authority,
    await token.getAddress(),
    await curve.getAddress(),
    { ...economy.reserve[0]!.value },
  ]);
  const vault = await ethers.deployContract('VestingVault', [
    authority,
    await token.getAddress(),
    await curve.getAddress(),
    terms.cohortEpochs,
    terms.duration,
  ]);
  const foundation = economy.foundation[0]!.value;
  const parameters = await ethers.deployContract('EpochParameters', [
    authority,
    await curve.getAddress(),
    await registry.getAddress(),
    await reserve.getAddress(),
    await vault.getAddress(),
    {
      foundation: foundation.account,
      foundationShare: foundation.share,
      accountCap: economy.accountCap[0]!.value,
      accelerationBound: economy.accelerationBound[0]!.value,
      ...economy.challenge[0]!.value,
    },
  ]);
  const verifier = await ethers.deployContract(judge);
  const distributor = await ethers.deployContract('EpochDistributor', [
    authority,
    await token.getAddress(),
    await parameters.getAddress(),
    treasury!.address,
    await verifier.getAddress(),
  ]);
  const address = await distributor.getAddress();
  await token.setMinter(address);
  await reserve.setDistributor(address);
  await vault.setDistributor(address);
  const selector = (name: 'propose' | 'veto' | 'pauseProposals') => distributor.interface.getFunction(name).selector;
  await manager.setTargetFunctionRole(address, [selector('propose')], OPERATOR);
  await manager.setTargetFunctionRole(address, [selector('veto'), selector('pauseProposals')], GUARDIAN);
  for (const operator of [oscar!, olga!]) await manager.grantRole(OPERATOR, operator.address, 0);
  await manager.grantRole(GUARDIAN, gwen!.address, 0);
  return {
    ...{ economy, manager, token, curve, registry, reserve, vault, parameters, verifier, distributor },
    ...{ governor: governor!, oscar: oscar!, olga: olga!, gwen: gwen!, treasury: treasury! },
    ...{ alice: alice!, bob: bob!, carol: carol!, mallory: mallory! },
  };
}

export type Protocol = Awaited<ReturnType<typeof deployProtocol>>;

/** An epoch in which nothing happened. */
export const QUIET: EpochEvents = { scores: [], uses: [], price: 0n };

/** The content id that tests declare: nobody looks behind it. */
export const REPORT = parseHash32(`0x${'33'.repeat(32)}`);

/** Scores of one epoch: account, task, score. */
export function scored(...rows: readonly (readonly [account: string, task: number, score: bigint])[]): EpochEvents {
  const scores = rows.map(([account, task, score]) => ({ account: parseAddress(account.toLowerCase()), task, score }));
  return { ...QUIET, scores };
}

/** What the off-chain twin makes of the next epoch. */
export function twinOf(economy: EconomyParameters, events: EpochEvents, parent: State = GENESIS): EpochSettlement {
  return advance(economy, parent, events);
}

/** A record as the contracts take it. */
export function recordStruct(record: EpochRecord) {
  const { tasks, weights, minScores, ...rest } = record;
  return { ...rest, tasks: [...tasks], weights: [...weights], minScores: [...minScores] };
}

/** A settlement as the contracts take it. */
export function settlementStruct(settlement: Omit<Settlement, 'reportCid'>) {
  const { participants, scoreTotals, accelerated, ...rest } = settlement;
  return {
    ...{ reportCid: REPORT as string, ...rest },
    ...{ participants: [...participants], scoreTotals: [...scoreTotals], accelerated: [...accelerated] },
  };
}

/** A record as an event prints it. */
export function recordValues(record: EpochRecord): unknown[] {
  const { reserve } = record;
  const head = [record.epoch, record.start, record.end, record.budget, record.tasks, record.weights, record.minScores];
  const law = [reserve.hasLaw, reserve.a, reserve.b, reserve.c, reserve.alpha, reserve.priceRef, reserve.smoothing];
  return [
    ...[...head, record.policyHash, record.price],
    [...law, reserve.rho, checksumAddress(reserve.priceSource)],
    ...[checksumAddress(record.foundation), record.foundationShare, record.accountCap, record.accelerationBound],
    ...[record.cohortEnd, record.duration, record.window, record.bond],
  ];
}

/** The claim of a leaf of a settled epoch. */
export function claimOf({ record, next, tree, audits }: EpochSettlement, index: number): ClaimInput {
  const { account, curve } = next.accounts.at(index)!;
  return {
    epoch: record.epoch,
    account,
    index,
    curve: curveWords(curve),
    auditHash: bytesToHex(auditAt(audits, index)),
    proof: proofOf(tree, index).map(bytesToHex),
  };
}
