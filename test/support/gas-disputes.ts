import { readFileSync } from 'node:fs';

import type { ContractTransactionResponse, TransactionReceipt } from 'ethers';
import { expect } from 'chai';
import type { NetworkConnection } from 'hardhat/types/network';

import { parseAddress } from '../../src/protocol/brands.ts';
import { WAD } from '../../src/protocol/fixed-point.ts';
import type { Curve } from '../../src/protocol/vesting-curve.ts';
import { checkEvidence } from '../../src/settlement/faults/check-evidence.ts';
import type { Evidence, FaultContext } from '../../src/settlement/faults/evidence.ts';
import { encodeProof, faultNumber, faultOf } from '../../src/settlement/prover/encode-proof.ts';
import { MAX_PROOF } from '../../src/settlement/prover/prove.ts';
import { START } from './contract-values.ts';
import { proofOf } from './disputes.ts';
import { epochSteps, STATE } from './epoch-steps.ts';
import type { DisputeSize, Tree } from './large-dispute.ts';
import { malformedCurve } from './large-dispute.ts';
import { curveWords } from './leaves.ts';
import type { Protocol } from './protocol-fixture.ts';
import { deployProtocol, economyOf, QUIET, recordStruct, settlementStruct, twinOf, WEEK } from './protocol-fixture.ts';

/** A deployment in which epoch 0 is final and epoch 1 closed. */
export interface DisputeWorld {
  readonly hardhat: NetworkConnection;
  readonly protocol: Protocol;
  readonly context: Pick<FaultContext, 'record' | 'forbidden'> & { readonly reserve: bigint };
}

/** The economy of the large disputes: so many tasks, a cohort of half a year, released over thirty weeks. */
export async function disputeWorld(hardhat: NetworkConnection, { tasks }: DisputeSize): Promise<DisputeWorld> {
  const { ethers, networkHelpers } = hardhat;
  const start = Number(START); // A time.
  const names = Array.from({ length: tasks }, (_, i) => i + 1);
  const economy = economyOf({
    curve: [{ end: start + 52 * WEEK, cumulative: 52n * 10n ** 25n }],
    tasks: [{ from: 0, value: names.map((task) => ({ task, weight: WAD / BigInt(tasks) })) }],
    policy: [{ from: 0, value: { hash: `0x${'ab'.repeat(32)}`, minScores: names.map(() => 10n ** 6n) } }],
    terms: [{ from: 0, value: { cohortEpochs: 26, duration: 30 * WEEK } }],
  });
  const protocol = await deployProtocol(ethers, economy);
  const { distributor, token, vault, reserve } = protocol;
  const first = twinOf(economy, QUIET);
  await networkHelpers.time.increaseTo(start + WEEK);
  await distributor.closeEpoch();
  await epochSteps(hardhat).settle(protocol, first);
  await networkHelpers.time.increaseTo(start + 2 * WEEK);
  await distributor.closeEpoch();
  const { record } = twinOf(economy, QUIET, first.next);
  const contracts = [token, vault, reserve, distributor];
  const forbidden = await Promise.all(
    contracts.map(async (one) => parseAddress((await one.getAddress()).toLowerCase())),
  );
  return { hardhat, protocol, context: { record, forbidden, reserve: await reserve.reserve() } };
}

/** The dispute as this deployment has it: its own record, reserve and contracts. */
export function inWorld({ context: own }: DisputeWorld, given: FaultContext): FaultContext {
  const { record, forbidden, reserve } = own;
  return { ...given, record, forbidden, parent: { ...given.parent, reserve } };
}

/**
 * Proposes the settlement of a dispute as oscar. The tree and the total curve before it take half a year and a million accounts to
 * come about, so they are written where the vault keeps them.
 */
export async function proposeDisputed(world: DisputeWorld, context: FaultContext) {
  const { distributor, oscar } = world.protocol;
  const { parent } = context;
  await putParent(world, parent, parent.totalCurve);
  const record = recordStruct(context.record);
  const settlement = settlementStruct(context.settlement);
  const basis = await distributor.basisOf(1);
  await distributor.connect(oscar).propose(record, settlement, basis, { value: record.bond });
  const proposalId = await distributor.pendingProposal();
  return { record, settlement, proposalId };
}

/** Disproves the settlement of a dispute as mallory. */
export async function disproveDisputed(world: DisputeWorld, context: FaultContext, evidence: Evidence) {
  const { distributor, mallory } = world.protocol;
  expect(checkEvidence(context, evidence), 'off chain').to.equal(true);
  const { record, settlement } = await proposeDisputed(world, context);
  const sent = distributor
    .connect(mallory)
    .disprove(record, settlement, faultNumber(faultOf(evidence)), encodeProof(evidence));
  const receipt = await included(sent);
  expect(await distributor.stateOf(1)).to.equal(STATE.closed);
  return { receipt, bytes: proofOf(evidence).bytes.length / 2 - 1 };
}

/** A curve of so many bytes that its proof is just not too dear to be sent, none of them zero. */
export function asLargeAsSent(size: DisputeSize): readonly [FaultContext, Evidence] {
  const empty = malformedCurve(size, new Uint8Array());
  // A whole number of words: so is every part of a proof.
  const room = MAX_PROOF - encodeProof(empty[1]).length;
  const [context, evidence] = malformedCurve(size, new Uint8Array(room).fill(0xff));
  expect(encodeProof(evidence).length).to.equal(MAX_PROOF);
  return [context, evidence];
}

/** Its receipt. */
export async function included(sent: Promise<ContractTransactionResponse>): Promise<TransactionReceipt> {
  return (await (await sent).wait())!;
}

async function putParent({ hardhat, protocol }: DisputeWorld, tree: Tree, curve: Curve): Promise<void> {
  const { ethers, networkHelpers } = hardhat;
  const { vault } = protocol;
  const address = await vault.getAddress();
  const put = async (slot: bigint, value: bigint): Promise<void> =>
    await networkHelpers.setStorageAt(address, ethers.toBeHex(slot), ethers.toBeHex(value, 32));
  const { unlocked, cohorts } = curveWords(curve);
  const total = slotOf('_total');
  const words = BigInt(ethers.keccak256(ethers.toBeHex(total + 1n, 32)));
  await put(total, unlocked);
  await put(total + 1n, BigInt(cohorts.length));
  for (const [at, word] of cohorts.entries()) await put(words + BigInt(at), word);
  const coder = ethers.AbiCoder.defaultAbiCoder();
  const final = BigInt(ethers.keccak256(coder.encode(['uint32', 'uint256'], [0, slotOf('_finals')])));
  const root = BigInt(tree.root);
  const tail = root & ((1n << 40n) - 1n);
  await put(final, (root - tail) | (BigInt(tree.leafCount) << 8n));
  await put(final + 1n, tail << 128n);
  expect(await vault.totalCurve()).to.deep.equal([unlocked, cohorts]);
  expect(await vault.rootOf(0)).to.deep.equal([tree.root, BigInt(tree.leafCount)]);
}

const LAYOUT = new URL('../../snapshots/storage/VestingVault.json', import.meta.url);

function slotOf(variable: string): bigint {
  const layout = JSON.parse(readFileSync(LAYOUT, 'utf8')) as Record<string, string>;
  const key = Object.keys(layout).find((one) => one.startsWith('slot ') && one.endsWith(`, byte 00: ${variable}`));
  if (key === undefined) throw new Error(`the vault has no ${variable}`);
  return BigInt(key.slice('slot '.length, key.indexOf(',')));
}
