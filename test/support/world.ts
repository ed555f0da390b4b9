import { readFileSync } from 'node:fs';

import { expect } from 'chai';
import type { NetworkConnection } from 'hardhat/types/network';

import { deployProtocol } from '../../deploy/deploy.ts';
import type { Deployment } from '../../deploy/deploy.ts';
import type { Connection } from '../../src/chain/connect.ts';
import { connect } from '../../src/chain/connect.ts';
import type { Claim } from '../../src/chain/convert.ts';
import { claimFromProof } from '../../src/chain/convert.ts';
import { closeEpoch, finaliseEpoch, proposeSettlement, readBasis } from '../../src/chain/epoch-steps.ts';
import type { ClosedEvent, FinalisedEvent } from '../../src/chain/events.ts';
import type { Address, Hash32 } from '../../src/protocol/brands.ts';
import { parseAddress, parseHash32 } from '../../src/protocol/brands.ts';
import { emittedBy } from '../../src/protocol/emission-curve.ts';
import { WAD } from '../../src/protocol/fixed-point.ts';
import { basisOf } from '../../src/settlement/basis.ts';
import { valueAt } from '../../src/settlement/economy-parameters.ts';
import { closeEpoch as recordOffChain } from '../../src/settlement/economy.ts';
import type { AccountUses, TaskScore } from '../../src/settlement/epoch-scores.ts';
import { claimProof, shardPathOf } from '../../src/settlement/proof.ts';
import type { Preset } from '../../src/settlement/preset/load-preset.ts';
import { loadPreset } from '../../src/settlement/preset/load-preset.ts';
import type { PresetParameters } from '../../src/settlement/preset/preset-parameters.ts';
import { presetParameters } from '../../src/settlement/preset/preset-parameters.ts';
import { UNIT_POOL } from '../../src/settlement/preset/unit-pool-schema.ts';
import type { EpochExplanations } from '../../src/settlement/policy/score-steps.ts';
import type { ReportFiles } from '../../src/settlement/report/report-file.ts';
import { buildReport } from '../../src/settlement/report/build-report.ts';
import { contentIdOf } from '../../src/settlement/report/content-id.ts';
import { manifestSchema, parseReportFile, shardSchema } from '../../src/settlement/report/report-schema.ts';
import type { EpochSettlement } from '../../src/settlement/settle-epoch.ts';
import { settleEpoch } from '../../src/settlement/settle-epoch.ts';
import type { State } from '../../src/settlement/state.ts';
import { GENESIS } from '../../src/settlement/state.ts';
import { bytesToHex } from '../../src/protocol/words.ts';

type HardhatConnection = NetworkConnection;
type Signer = Awaited<ReturnType<HardhatConnection['ethers']['getSigners']>>[number];

export const LINGOAI = readFileSync(new URL('../../presets/lingoai/preset.jsonc', import.meta.url), 'utf8');
export const LINGOPOD = readFileSync(new URL('../../presets/lingopod/preset.jsonc', import.meta.url), 'utf8');

/** The people of the stories. */
export interface Actors {
  readonly deployer: Signer;
  readonly council: Signer;
  readonly oscar: Signer;
  readonly gina: Signer;
  readonly alice: Signer;
  readonly bob: Signer;
  readonly carol: Signer;
  readonly dave: Signer;
  readonly mallory: Signer;
  readonly fiona: Signer;
}

/** A deployed protocol and everything around it that a story needs. */
export interface World {
  readonly hardhat: HardhatConnection;
  readonly actors: Actors;
  readonly deployment: Deployment;
  readonly parameters: PresetParameters;
  readonly chain: Connection;
  readonly setPrice: (from: number, price: bigint) => Promise<void>;
}

export interface WorldOptions {
  readonly start: number;
  readonly preset: Preset;
}

/** The LingoAI demo with a foundation of a tenth, so that everything moves: reserve law, acceleration, foundation. */
export function storyPreset(): Preset {
  const preset = loadPreset(LINGOAI, { variant: 'demo' });
  return { ...preset, foundation: { share: 10n ** 17n, account: null } };
}

/** A preset that sells 10,000 units of 10,000 tokens in its first four weeks, released over a year from then on. */
export function withUnitPool(preset: Preset): Preset {
  const allocation = 100_000_000n * WAD;
  return {
    ...preset,
    unitPool: { allocation, units: 10_000, saleLasts: 28 * 86_400, releaseOver: 365 * 86_400 },
    token: { ...preset.token, genesis: [{ to: UNIT_POOL, amount: allocation, label: 'units sold in advance' }] },
  };
}

/** Deploys through the real modules, with a price that can be set; the foundation is fiona. */
export async function deployWorld(hardhat: HardhatConnection, { start, preset }: WorldOptions): Promise<World> {
  const { ethers } = hardhat;
  const signers = await ethers.getSigners();
  const names = ['deployer', 'council', 'oscar', 'gina', 'alice', 'bob', 'carol', 'dave', 'mallory', 'fiona'];
  const actors = Object.fromEntries(names.map((name, index) => [name, signers[index]])) as unknown as Actors; // twenty signers
  const source = await ethers.deployContract('SettablePriceSource', actors.deployer);
  const parameters = presetParameters(preset, start, {
    priceSource: parseAddress(await source.getAddress()),
    foundation: parseAddress(actors.fiona.address),
  });
  const people = {
    council: actors.council.address,
    operators: [actors.oscar.address],
    guardians: [actors.gina.address],
  };
  const deployment = await deployProtocol(hardhat, parameters, people);
  const chain = await connect(deployment.addressBook, ethers.provider);
  const setPrice = async (from: number, price: bigint) => {
    await (await source.getFunction('setPrice')(from, price)).wait();
  };
  return { hardhat, actors, deployment, parameters, chain, setPrice };
}

/** An account of an actor as the ledger writes it. */
export function accountOf(signer: { readonly address: string }): Address {
  return parseAddress(signer.address.toLowerCase());
}

/** What happened in an epoch, beside what the chain knows. */
export interface Work {
  readonly scores?: readonly TaskScore[];
  readonly uses?: readonly AccountUses[];
  /** How the scores came about, where the report says so. */
  readonly explanations?: EpochExplanations;
}

/** A settled epoch as it was proposed, and its report. */
export interface Settled extends EpochSettlement {
  readonly files: ReportFiles;
  readonly reportCid: Hash32;
  readonly declared: EpochSettlement['settlement'] & { readonly reportCid: Hash32 };
}

/** Settles an epoch off chain on the record that the chain closed it with. */
export async function settleOffChain(world: World, parent: State, closed: ClosedEvent, work: Work): Promise<Settled> {
  const unlockPerUse = valueAt(world.parameters.economy.unlockPerUse, closed.epoch);
  const { scores = [], uses = [], explanations = null } = work;
  const settled = settleEpoch({ parent, record: closed.record, scores, uses, unlockPerUse });
  const files = buildReport(settled, { parentManifest: null, inputs: {}, unlockPerUse, rejects: [], explanations });
  const reportCid = parseHash32(bytesToHex((await contentIdOf(files)).digest));
  return { ...settled, files, reportCid, declared: { ...settled.settlement, reportCid } };
}

/** The claim of an account, made from the published report alone. */
export function claimOf({ files }: Pick<Settled, 'files'>, account: Address): Claim {
  const manifest = parseReportFile(manifestSchema, 'manifest.json', files.get('manifest.json'));
  const path = shardPathOf(manifest, account);
  const shard = parseReportFile(shardSchema, path, files.get(path));
  return claimFromProof(claimProof(shard, account, manifest.settlement.root));
}

/** Travels to a moment: the next block has exactly this time. */
export async function travelTo({ hardhat }: World, time: number): Promise<void> {
  await hardhat.networkHelpers.time.increaseTo(time);
}

/** Travels to the end of the next epoch and closes it. The record must be the one that the economy off chain has. */
export async function closeNext(world: World): Promise<ClosedEvent> {
  const { contracts } = world.chain;
  const end = Number(await contracts.curve.endOf(await contracts.distributor.nextToClose()));
  if ((await world.hardhat.networkHelpers.time.latest()) < end) await travelTo(world, end);
  const closed = await closeEpoch(world.chain, world.actors.alice);
  const twin = recordOffChain(world.parameters.economy, closed.epoch, closed.record.price);
  expect(closed.record, 'DIFF-1 record').to.deep.equal(twin);
  return closed;
}

/** Proposes as oscar. What both sides compute the settlement from must be one hash. */
export async function propose(world: World, settled: Settled): Promise<{ proposalId: bigint; until: number }> {
  const { record, parent, declared } = settled;
  const basis = await readBasis(world.chain, record);
  expect(basis, 'DIFF-1 basis').to.equal(basisOf(record, parent));
  return await proposeSettlement(world.chain, world.actors.oscar, { record, settlement: declared, basis });
}

/** Waits for the window, makes the settlement final, and compares everything that the chain says with the twin. */
export async function finalise(world: World, settled: Settled, until: number): Promise<FinalisedEvent> {
  if ((await world.hardhat.networkHelpers.time.latest()) < until) await travelTo(world, until);
  const { record, declared } = settled;
  const final = await finaliseEpoch(world.chain, world.actors.alice, { record, settlement: declared });
  await expectAgreement(world, settled, final);
  return final;
}

/** One whole epoch, from its end to its final settlement. */
export async function runEpoch(
  world: World,
  parent: State,
  work: Work,
): Promise<{ settled: Settled; final: FinalisedEvent }> {
  const closed = await closeNext(world);
  const settled = await settleOffChain(world, parent, closed, work);
  const { until } = await propose(world, settled);
  return { settled, final: await finalise(world, settled, until) };
}

/** Before the first epoch. */
export const BEFORE: State = GENESIS;

async function expectAgreement(world: World, settled: Settled, final: FinalisedEvent): Promise<void> {
  const { outcome, next, record } = settled;
  const { token, vault, reserve } = world.chain.contracts;
  const { economy } = world.parameters;
  const curve = { start: economy.start, periods: economy.curve };
  expect(await token.totalSupply(), 'EMIT-1').to.equal(economy.genesis + emittedBy(curve, record.end));
  expect(final.granted + final.withheld, 'SETL-1').to.equal(final.budget + final.injected);
  const reasons = Object.values(final.reasons) as bigint[];
  expect(
    reasons.reduce((sum, reason) => sum + reason, 0n),
    'SETL-2',
  ).to.equal(final.budget - final.granted);
  expect(final.root, 'DIFF-1').to.equal(next.root);
  expect(
    { payout: final.payout, granted: final.granted, withheld: final.withheld, injected: final.injected },
    'DIFF-1',
  ).to.deep.equal({
    payout: outcome.payout,
    granted: outcome.granted,
    withheld: outcome.withheld,
    injected: outcome.injected,
  });
  expect(final.reasons, 'DIFF-1').to.deep.equal(outcome.reasons);
  expect(await reserve.reserve(), 'RSRV-1').to.equal(next.reserve);
  expect(await token.balanceOf(world.chain.addresses.reserve), 'RSRV-1').to.equal(next.reserve + next.pending);
  expect(await vault.totalGranted(), 'DIFF-1').to.equal(next.totalGranted);
  const released = await vault.released();
  expect((await token.balanceOf(world.chain.addresses.vault)) >= next.totalGranted - released, 'VEST-3').to.equal(true);
}
