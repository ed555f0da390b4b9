import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect } from 'chai';
import { formatEther } from 'ethers';

import { ROLE_IDS } from '../../deploy/roles.ts';
import { answerCall, demandCall } from '../../src/chain/disproof.ts';
import { readDemands } from '../../src/chain/disputed-proposal.ts';
import { parseHash32 } from '../../src/protocol/brands.ts';
import { keccak256 } from '../../src/protocol/keccak.ts';
import { parentOf } from '../../src/protocol/positional-merkle.ts';
import { auditPreimage } from '../../src/protocol/settlement-leaf.ts';
import { curvePreimage } from '../../src/protocol/vesting-curve.ts';
import { bytesToHex, hexToBytes } from '../../src/protocol/words.ts';
import { revealFrom } from '../../src/settlement/faults/open-tree.ts';
import { reportPreimages } from '../../src/settlement/faults/report-preimages.ts';
import { contentIdFrom, contentIdOf } from '../../src/settlement/report/content-id.ts';
import { leafAnswer } from '../../src/settlement/prover/leaf-answer.ts';
import type { KeyFiles } from '../support/keystore.ts';
import type { WatchScene } from '../support/watch-scene.ts';
import { startWatchScene, told } from '../support/watch-scene.ts';
import type { WatchWorld } from '../support/watch-world.ts';
import { withFalseArithmetic, withFalseScores } from '../support/watch-world.ts';
import type { Settled } from '../support/world.ts';
import { accountOf, closeNext } from '../support/world.ts';

/** What an operator does, or somebody who lends him a hand, against those who watch him; each was once enough. */
describe('a watcher whom an operator works against', function () {
  this.timeout(300_000);

  let watched: WatchWorld;
  let first: Settled;
  let honest: Settled;
  let key: KeyFiles;
  let act: readonly string[];
  let sent: WatchScene['sent'];
  let request: WatchScene['request'];
  let finalise: WatchScene['finalise'];
  let reset: WatchScene['reset'];
  let rewind: WatchScene['rewind'];

  before(async () => {
    ({ watched, first, honest, key, act, sent, request, finalise, reset, rewind } = await startWatchScene());
  });
  after(async () => await watched.close());
  afterEach(async () => await reset());

  it('a veto whose reason is no text: told by its bytes, and the next lie is disproved', async () => {
    const { world } = watched;
    const { distributor } = world.chain.contracts;
    await watched.look('no-text', ...act);
    const { proposalId } = await watched.propose(honest);
    const data = distributor.interface.encodeFunctionData('veto', [proposalId, 'abcd']).replace('61626364', 'fffefdfc');
    await (await world.actors.gina.sendTransaction({ to: world.chain.addresses.distributor, data })).wait();
    await appoint(world.actors.council.address);
    const lie = await withFalseArithmetic(honest, accountOf(world.actors.mallory));
    await watched.publish(lie);
    await watched.propose(lie, world.actors.council);
    const { events } = await watched.look('no-text', ...act);
    const veto = events.find((event) => event.event === 'chain' && event.name === 'ProposalVetoed');
    expect(veto).to.deep.nested.include({ 'values.reason': '0xfffefdfc' });
    expect(told(events)).to.include.members(['alarm', 'included']);
    expect(await distributor.pendingProposal()).to.equal(0n);
    expect(await sent()).to.equal(1);
  });

  it('events that no node gives: what waits is judged and disproved all the same, and the events are told later', async () => {
    const { world } = watched;
    await watched.look('no-events', ...act);
    const lie = await withFalseArithmetic(honest, accountOf(world.actors.mallory));
    await watched.publish(lie);
    await watched.propose(lie);
    for (const endpoint of watched.endpoints) {
      endpoint.bend = ({ method, params }, answer) => {
        const isEverything = method === 'eth_getLogs' && (params[0] as { topics?: unknown[] }).topics === undefined;
        return isEverything ? { ...answer, result: 'no' } : answer;
      };
    }
    const blind = await watched.look('no-events', ...act);
    expect(blind.code).to.equal(3);
    expect(told(blind.events)).to.deep.equal(['watching', 'differs', 'alarm', 'sending', 'included', 'unavailable']);
    for (const endpoint of watched.endpoints) endpoint.bend = (_, answer) => answer;
    const seeing = await watched.look('no-events', ...act);
    const names = seeing.events.flatMap((event) => (event.event === 'chain' ? [event.name] : []));
    expect(names).to.deep.equal(['SettlementProposed', 'ProposalDisproved']);
  });

  it('a report that opens nothing, and demands of others without end: the false leaf is demanded all the same, and disproved', async () => {
    const { world, remote } = watched;
    const { addresses, contracts } = world.chain;
    const mallory = accountOf(world.actors.mallory);
    const lie = await withFalseArithmetic(honest, mallory);
    const broken = await hidingAll(lie);
    await watched.publish(broken);
    const { proposalId } = await watched.propose(broken);
    const leaf = [...lie.next.accounts].findIndex(({ account }) => account === mallory);
    const others = [...lie.next.accounts].map((_, index) => index).filter((index) => index !== leaf);
    const [open = 0] = others.toReversed();
    const demand = async (index: number) => {
      const deposit = await contracts.distributor.demandDeposit(proposalId);
      await (await world.actors.oscar.sendTransaction({ ...demandCall(addresses, proposalId, index, deposit) })).wait();
    };
    await demand(open);
    const looked = await watched.look('demands', ...act);
    expect(told(looked.events).filter((event) => event === 'included').length).to.equal(3);
    const own = (await readDemands(world.chain, proposalId)).filter(
      ({ demander }) => demander === accountOf({ address: key.address }),
    );
    expect(own.length).to.equal(3);
    // Of everything that may be put down at once, and of all demands together, no more.
    const again = await watched.look('demands', ...act);
    expect(told(again.events)).not.to.include('sending');
    // The operator shows them as late as he may; what he shows is enough.
    const reveal = revealFrom(reportPreimages(lie.files));
    await remote.node.travelTo(Math.min(...own.map(({ deadline }) => deadline)) - 60);
    for (const { index } of own) {
      const answer = leafAnswer(lie.declared, reveal, index)!;
      await (
        await world.actors.oscar.sendTransaction({ ...answerCall(addresses, broken.declared, index, answer) })
      ).wait();
    }
    const { events } = await watched.look('demands', ...act);
    expect(events.findLast(({ event }) => event === 'alarm')).to.deep.include({ verdict: 'fault' });
    expect(await contracts.distributor.pendingProposal()).to.equal(0n);
  });

  it('puts no more down for demands than it was told, and says so', async () => {
    const { world } = watched;
    const lie = await withFalseArithmetic(honest, accountOf(world.actors.mallory));
    await watched.publish(await hidingAll(lie));
    const { proposalId } = await watched.propose(await hidingAll(lie));
    const price = await world.chain.contracts.distributor.demandDeposit(proposalId);
    const looked = await watched.look('limit', ...act, '--deposits', formatEther(2n * price + 1n));
    expect(told(looked.events).filter((event) => event === 'included').length).to.equal(2);
    expect(looked.events.at(-1)).to.deep.include({ event: 'not-sent', code: 'DEPOSIT_TOO_DEAR' });
    expect((await readDemands(world.chain, proposalId)).length).to.equal(2);
  });

  it('an honest settlement of which a leaf is demanded: an alarm where nobody acts, an answer where somebody does', async () => {
    const { world } = watched;
    const { proposalId } = await watched.propose(honest);
    expect((await watched.look('onlooker')).code).to.equal(0);
    const { distributor } = world.chain.contracts;
    const demand = demandCall(world.chain.addresses, proposalId, 0, await distributor.demandDeposit(proposalId));
    await (await world.actors.mallory.sendTransaction({ ...demand })).wait();
    const { code, events } = await watched.look('onlooker');
    expect(code).to.equal(3);
    expect(events.at(-1)).to.deep.include({ event: 'demanded', alarm: true, leaves: [0] });
    const again = await watched.look('onlooker');
    expect([again.code, told(again.events)]).to.deep.equal([3, ['watching']]);
    expect((await watched.look('defender', ...act)).code).to.equal(0);
    expect((await watched.look('onlooker')).code).to.equal(0);
  });

  it('a report that is withdrawn once the fault is found, and a restart: the proof is not lost with it', async () => {
    const lie = await withFalseArithmetic(honest, accountOf(watched.world.actors.mallory));
    await watched.publish(lie);
    await watched.propose(lie);
    await request('hardhat_setBalance', key.address, '0x1');
    const poor = await watched.look('withdrawn', ...act);
    expect(told(poor.events)).to.include.members(['alarm', 'not-sent']);
    await rm(join(watched.reports, contentIdFrom(hexToBytes(lie.reportCid)).cid), { recursive: true });
    await request('hardhat_setBalance', key.address, '0x8ac7230489e80000');
    const { events } = await watched.look('withdrawn', ...act, '--demands', '0');
    expect(told(events)).to.include('included');
    expect(await watched.world.chain.contracts.distributor.pendingProposal()).to.equal(0n);
  });

  it('a tree that ends whoever looks into it: the alarm came before, with the veto, and the next process stays alive', async () => {
    const lie = await withFalseScores(honest, accountOf(watched.world.actors.alice));
    await watched.publish(lie);
    const { proposalId } = await watched.propose(lie);
    const { events } = await watched.look('deadly');
    expect(told(events)).to.deep.equal(['watching', 'differs', 'alarm']);
    const [, early] = events;
    expect(early?.event === 'differs' && early.veto.data).to.match(/^0x/);
    expect(early?.event === 'differs' && early.declaration[0]).to.deep.equal({
      ...{ figure: 'root', declared: lie.declared.root, recomputed: honest.declared.root },
    });
    // What a process leaves behind that was ended twice while it looked into the trees.
    const path = join(watched.folder, 'deadly', 'state.json');
    const state = JSON.parse(await readFile(path, 'utf8')) as { proposals: Record<string, object> };
    const left = { ...state.proposals[`${proposalId}`], begun: 2, verdict: null, alarms: { differs: 0 } };
    await writeFile(path, JSON.stringify({ ...state, proposals: { [`${proposalId}`]: left } }));
    const survivor = await watched.look('deadly', ...act);
    const alarm = survivor.events.find(({ event }) => event === 'alarm');
    expect(alarm).to.deep.include({ verdict: 'false-scores', report: '' });
    expect(alarm?.event === 'alarm' && alarm.reason).to.contain(`root is ${lie.declared.root}`);
    expect(await sent()).to.equal(0);
  });

  it('a chain that has grown, and nodes that look through few blocks at a time: the lie is found and disproved', async () => {
    await request('hardhat_mine', '0x30d40', '0x0'); // 200,000
    const lie = await withFalseArithmetic(honest, accountOf(watched.world.actors.mallory));
    await watched.publish(lie);
    await watched.propose(lie);
    let widest = 0;
    for (const endpoint of watched.endpoints) {
      endpoint.bend = ({ method, params }, answer) => {
        if (method !== 'eth_getLogs') return answer;
        const { fromBlock, toBlock } = params[0] as { fromBlock: string; toBlock: string };
        const blocks = Number(toBlock) - Number(fromBlock) + 1;
        if (blocks > 800) return { ...answer, result: undefined, error: { code: -32_005, message: 'too many blocks' } };
        widest = Math.max(widest, blocks);
        return answer;
      };
    }
    const { events, code } = await watched.look('grown', ...act);
    expect([code, told(events)]).to.deep.equal([3, ['watching', 'differs', 'alarm', 'sending', 'included']]);
    expect(widest).to.be.within(300, 800);
    expect(await watched.world.chain.contracts.distributor.pendingProposal()).to.equal(0n);
  });

  it('a tree of 2^32 - 1 equal leaves, one of which its operator shows: disproved like any other', async () => {
    const { world } = watched;
    const { addresses, contracts } = world.chain;
    const { oscar, mallory } = world.actors;
    const tasks = honest.record.tasks.map(() => 0n);
    const cohorts = honest.declared.accelerated.map(() => 0n);
    const sums = { runScores: tasks, runParticipants: tasks.map(() => 0), runGranted: 0n, runAccelerated: cohorts };
    const audit = auditPreimage({ scores: tasks, accelerated: cohorts, ...sums });
    const curve = curvePreimage({ unlocked: 10n ** 24n, cohorts: [] });
    const leaf = new Uint8Array(96);
    leaf.set(hexToBytes(accountOf(mallory)), 12);
    leaf.set(keccak256(curve), 32);
    leaf.set(keccak256(audit), 64);
    const siblings: Uint8Array[] = [];
    let node = keccak256(keccak256(leaf));
    for (let level = 0; level < 32; level++) {
      siblings.push(node);
      node = parentOf(node, node);
    }
    const declared = { ...honest.declared, root: parseHash32(bytesToHex(node)), leafCount: 2 ** 32 - 1 };
    const { proposalId } = await watched.propose({ ...honest, declared });
    const demand = demandCall(addresses, proposalId, 0, await contracts.distributor.demandDeposit(proposalId));
    await (await oscar.sendTransaction({ ...demand })).wait();
    const answer = answerCall(addresses, declared, 0, { siblings, leaf, curve, audit });
    await (await oscar.sendTransaction({ ...answer })).wait();
    const { events } = await watched.look('bomb', ...act);
    expect(told(events)).to.deep.equal(['watching', 'differs', 'alarm', 'sending', 'included']);
    expect(events[2]).to.deep.include({ verdict: 'fault' });
    expect(await contracts.distributor.pendingProposal()).to.equal(0n);
  });

  // The last, because it goes back to before the first epoch.
  it('a poisoned report of an honest root: nothing of it but its leaves is believed, not in the next epoch either', async () => {
    const { world, remote } = watched;
    await rewind();
    const curve = { unlocked: '0', cohorts: [[2 ** 39, 1, '1']] };
    const foundations = [{ account: accountOf(world.actors.fiona), curve }];
    const poisoned = await bent(first, 'manifest.json', (data) => ({
      ...data,
      next: { ...(data['next'] as object), foundations, reserve: '1' },
    }));
    await watched.publish(poisoned);
    const { until } = await watched.propose(poisoned);
    expect((await watched.look('poisoned')).code).to.equal(0);
    await remote.node.travelTo(until);
    await finalise(poisoned);
    const second = await closeNext(world);
    const lie = await withFalseScores(await watched.honest(second, first.next), accountOf(world.actors.alice));
    await watched.publish(lie);
    await watched.propose(lie);
    for (const state of ['poisoned', 'poisoned-fresh']) {
      const { events } = await watched.look(state);
      expect(
        events.findLast(({ event }) => event === 'alarm'),
        state,
      ).to.deep.include({ verdict: 'false-scores' });
    }
  });

  /** The same settlement with a report that opens none of its leaves. */
  async function hidingAll(settled: Settled): Promise<Settled> {
    let hiding = await bent(settled, 'accounts.json', () => ({}));
    for (const name of settled.files.keys()) {
      if (name.startsWith('shards/')) hiding = await bent(hiding, name, () => ({}));
    }
    return hiding;
  }

  /** The same settlement with another report, of which a file says something else. */
  async function bent(
    settled: Settled,
    name: string,
    bend: (data: Record<string, unknown>) => object,
  ): Promise<Settled> {
    const data = JSON.parse(new TextDecoder().decode(settled.files.get(name))) as Record<string, unknown>;
    const files = new Map([...settled.files, [name, new TextEncoder().encode(JSON.stringify(bend(data)))]]);
    const reportCid = parseHash32(bytesToHex((await contentIdOf(files)).digest));
    return { ...settled, files, reportCid, declared: { ...settled.declared, reportCid } };
  }

  /** What governance does, in the name of the timelock: another operator. */
  async function appoint(operator: string): Promise<void> {
    const { timelock, authority: to } = watched.world.chain.addresses;
    await request('hardhat_impersonateAccount', timelock);
    await request('hardhat_setBalance', timelock, '0x56bc75e2d63100000');
    const { authority } = watched.world.chain.contracts;
    const data = authority.interface.encodeFunctionData('grantRole', [ROLE_IDS.OPERATOR, operator, 0]);
    await request('eth_sendTransaction', { from: timelock, to, data });
  }
});
