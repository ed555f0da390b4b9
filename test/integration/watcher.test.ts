import { setTimeout as sleep } from 'node:timers/promises';

import { expect } from 'chai';

import { ROLE_IDS } from '../../deploy/roles.ts';
import { answerCall, demandCall } from '../../src/chain/disproof.ts';
import { claim } from '../../src/chain/epoch-steps.ts';
import { readState } from '../../src/chain/epoch-state.ts';
import type { ClosedEvent } from '../../src/chain/events.ts';
import { hexToBytes } from '../../src/protocol/words.ts';
import { openTree, revealFrom } from '../../src/settlement/faults/open-tree.ts';
import { reportPreimages } from '../../src/settlement/faults/report-preimages.ts';
import { contentIdFrom } from '../../src/settlement/report/content-id.ts';
import { leafAnswer } from '../../src/settlement/prover/leaf-answer.ts';
import type { KeyFiles } from '../support/keystore.ts';
import { publishAt, startReportServer } from '../support/report-server.ts';
import type { RpcCall } from '../support/rpc-proxy.ts';
import type { WatchScene } from '../support/watch-scene.ts';
import { startWatchScene, told } from '../support/watch-scene.ts';
import type { WatchWorld } from '../support/watch-world.ts';
import { startWatching, withFalseArithmetic, withFalseScores, withheldLast } from '../support/watch-world.ts';
import type { Settled } from '../support/world.ts';
import { accountOf, claimOf } from '../support/world.ts';

describe('a settlement that nobody has to trust', function () {
  this.timeout(300_000);

  let watched: WatchWorld;
  let first: Settled;
  let closed: ClosedEvent;
  let honest: Settled;
  let key: KeyFiles;
  let act: readonly string[];
  let sent: WatchScene['sent'];
  let request: WatchScene['request'];
  let finalise: WatchScene['finalise'];
  let reset: WatchScene['reset'];

  before(async () => {
    ({ watched, first, closed, honest, key, act, sent, request, finalise, reset } = await startWatchScene());
  });
  after(async () => await watched.close());
  afterEach(async () => await reset());

  const balance = async (): Promise<bigint> =>
    BigInt((await request('eth_getBalance', key.address, 'latest')) as string);

  it('the operator lies, a watcher in another process disproves, is paid; the truth follows, and claims go on', async () => {
    const { world, remote } = watched;
    const { distributor, vault } = world.chain.contracts;
    const { alice, bob, carol, dave, oscar, council: honestOperator } = world.actors;
    const web = await startReportServer();
    // Some of what the first epoch granted is released by now, and more of it every second.
    const someReleased = first.next.totalCurve.cohorts[0]!.end + 30 * 86_400;
    await remote.node.travelTo(someReleased);
    const claims = async (of: Settled, who: typeof alice): Promise<bigint> =>
      (await claim(world.chain, who, claimOf(of, accountOf(who)))).paid;
    const watcher = startWatching(watched, 'story', ...act, '--reports', `${web.url}/ipfs`);
    try {
      const paidBefore = await claims(first, dave);
      await watcher.told(({ event }) => event === 'watching');
      const before = await readState(world.chain);
      const lie = await withFalseArithmetic(honest, accountOf(world.actors.mallory));
      publishAt(web, `ipfs/${contentIdFrom(hexToBytes(lie.reportCid)).cid}`, lie.files);
      const balanceBefore = await balance();
      const { proposalId, until } = await watched.propose(lie);
      await watcher.told(({ event }) => event === 'paid');
      await watcher.told((event) => event.event === 'chain' && event.name === 'ProposalDisproved');

      // In time, and with half of the bond, less the gas of two transactions.
      expect(await remote.node.time()).to.be.below(until);
      expect(await sent()).to.equal(2);
      const { bond } = closed.record;
      const gained = (await balance()) - balanceBefore;
      expect(gained > (bond * 49n) / 100n && gained < bond / 2n).to.equal(true);
      const paid = watcher.events().find(({ event }) => event === 'paid');
      expect(paid).to.deep.include({ amount: `${bond / 2n}`, account: key.address.toLowerCase() });
      expect(await distributor.bondCreditOf(key.address)).to.equal(0n);
      const { timelock } = world.chain.addresses;
      expect(await distributor.bondCreditOf(timelock)).to.equal(bond - bond / 2n);
      expect(await distributor.suspended(oscar.address)).to.equal(true);
      expect((await distributor.proposalOf(proposalId)).state).to.equal(6n);

      // Nobody's claim was touched, by the lie or by its end.
      const after = await readState(world.chain);
      expect({ ...after, block: 0, now: 0 }).to.deep.equal({ ...before, block: 0, now: 0 });
      const paidBetween = await claims(first, alice);

      // The operator is out; another one, whom governance appoints, proposes the truth, and it becomes final.
      await watched.propose(honest).then(
        () => expect.fail('a suspended operator proposed'),
        (error: unknown) => expect(error).to.include({ code: 'EpochDistributor_OperatorSuspended' }),
      );
      await appoint(honestOperator.address);
      const { until: honestUntil } = await watched.propose(honest, honestOperator);
      await watcher.told((event) => event.event === 'judged' && event.verdict === 'equal');
      await remote.node.travelTo(honestUntil);
      await finalise(honest);
      expect((await vault.rootOf(1)).root).to.equal(honest.declared.root);
      const paidAfter = [await claims(honest, bob), await claims(honest, dave), await claims(first, carol)];
      expect([paidBefore, paidBetween, ...paidAfter].every((paid) => paid > 0n)).to.equal(true);
      await watcher.told((event) => event.event === 'chain' && event.name === 'EpochFinalised' && !event.alarm);
      expect(await sent()).to.equal(2);
    } finally {
      await watcher.stop();
      await web.close();
    }
  });

  for (const moment of ['before', 'after'] as const) {
    it(`killed right ${moment} its proof leaves for the node, it goes on where it was and sends it once`, async () => {
      const lie = await withFalseArithmetic(honest, accountOf(watched.world.actors.mallory));
      await watched.publish(lie);
      await watched.propose(lie);
      const state = `killed-${moment}`;
      const victim = startWatching(watched, state, ...act);
      let kills = 0;
      const kill = async ({ method }: RpcCall): Promise<void> => {
        if (method !== 'eth_sendRawTransaction' || kills > 0) return;
        kills++;
        await victim.stop('SIGKILL');
        throw new Error('never answered');
      };
      for (const endpoint of watched.endpoints) {
        if (moment === 'before') {
          endpoint.meet = async ({ method, ...call }) => {
            if (method === 'eth_sendRawTransaction') {
              await kill({ method, ...call });
              throw new Error('lost');
            }
          };
        } else {
          endpoint.bend = (call, answer) => {
            void kill(call).catch(() => undefined);
            return answer;
          };
        }
      }
      while (kills === 0) await sleep(20);
      await victim.stop('SIGKILL');
      expect(await sent()).to.equal(moment === 'before' ? 0 : 1);
      for (const endpoint of watched.endpoints) {
        Object.assign(endpoint, { bend: (_: unknown, answer: unknown) => answer, meet: () => Promise.resolve() });
      }
      const looks = [];
      for (let look = 0; look < 4; look++) looks.push(await watched.look(state, ...act));
      expect(looks.at(-1)?.code).to.equal(0);
      const events = looks.flatMap(({ events: some }) => some);
      expect(events.filter(({ event }) => event === 'paid').length, JSON.stringify(events)).to.equal(1);
      expect(await sent()).to.equal(2);
      expect(await watched.world.chain.contracts.distributor.pendingProposal()).to.equal(0n);
    });
  }

  it('a hidden report: told at once, a leaf demanded at half of the window, disproved when nobody shows it', async () => {
    const { world, remote } = watched;
    const { distributor } = world.chain.contracts;
    const lie = await withFalseScores(honest, accountOf(world.actors.alice));
    const { proposalId, until } = await watched.propose(lie);
    const before = await balance();
    const early = await watched.look('hiding', ...act);
    expect(early.code).to.equal(3);
    expect(told(early.events)).to.deep.equal(['watching', 'differs', 'alarm']);
    expect(await sent()).to.equal(0);
    await remote.node.travelTo(until - closed.record.window / 2);
    const half = await watched.look('hiding', ...act);
    const round = Array<string[]>(3).fill(['sending', 'included']).flat();
    expect(told(half.events)).to.deep.equal(['watching', 'differs', 'alarm', ...round]);
    const demanded = await distributor.queryFilter(distributor.filters.LeafDemanded(proposalId));
    expect(demanded.map(({ args }) => args.demander)).to.deep.equal(Array(3).fill(key.address));
    const { deadline } = demanded[0]!.args;
    await remote.node.travelTo(Number(deadline));
    const late = await watched.look('hiding', ...act);
    expect(told(late.events)).to.include.members(['alarm', 'sending', 'included']);
    expect((await distributor.proposalOf(proposalId)).state).to.equal(6n);
    const paid = await watched.look('hiding', ...act);
    expect(paid.code).to.equal(0);
    expect(told(paid.events)).to.include('paid');
    // Half of the bond and all deposits; gas takes a little of it.
    expect((await balance()) - before > (closed.record.bond * 49n) / 100n).to.equal(true);
    expect(await sent()).to.equal(3 + 1 + 2 + 1);
  });

  it('a withheld leaf: demanded at once, and judged by the answer', async () => {
    const { world } = watched;
    const accounts = [...honest.rows].map(({ account }) => account);
    const last = accounts.at(-1)!;
    const open = await withFalseScores(honest, last);
    const hiding = await withheldLast(open);
    await watched.publish(hiding);
    const { proposalId } = await watched.propose(hiding);
    // A demand of the operator's own, of a leaf that everybody can see, is in nobody's way.
    await demandAs(world.actors.oscar, proposalId, 0);
    const { code, events } = await watched.look('withheld', ...act);
    expect(code).to.equal(3);
    expect(told(events)).to.deep.equal(['watching', 'differs', 'alarm', 'sending', 'included']);
    expect(events[2]).to.deep.include({
      verdict: 'withheld',
      reason: `its report does not open leaf ${accounts.length - 1}`,
    });
    const reveal = revealFrom(reportPreimages(open.files));
    expect(openTree(open.declared, reveal, 'curve and audit').unavailable).to.equal(undefined);
    const answer = leafAnswer(open.declared, reveal, accounts.length - 1)!;
    const call = answerCall(world.chain.addresses, hiding.declared, accounts.length - 1, answer);
    await (await world.actors.oscar.sendTransaction({ ...call })).wait();
    const shown = await watched.look('withheld', ...act);
    const alarm = shown.events.find(({ event }) => event === 'alarm');
    expect(alarm).to.deep.include({ verdict: 'false-scores' });
    expect(alarm?.event === 'alarm' && alarm.differences?.figures.map(({ account }) => account)).to.deep.equal([last]);
    // The demand, and what was sent above its price.
    expect(await sent()).to.equal(2);
  });

  it('a withheld leaf that its operator demands, and does not show: the proposal falls all the same', async () => {
    const { world, remote } = watched;
    const { distributor } = world.chain.contracts;
    const hiding = await withheldLast(await withFalseScores(honest, honest.rows.at(-1)!.account));
    await watched.publish(hiding);
    const { proposalId } = await watched.propose(hiding);
    const index = honest.rows.length - 1;
    await demandAs(world.actors.oscar, proposalId, index);
    expect(told((await watched.look('stalling', ...act)).events)).to.deep.equal(['watching', 'differs', 'alarm']);
    const { deadline } = await distributor.demandOf(proposalId, index);
    await remote.node.travelTo(Number(deadline) + 899);
    expect(told((await watched.look('stalling', ...act)).events)).not.to.include('sending');
    await remote.node.travelTo(Number(deadline) + 901);
    expect(told((await watched.look('stalling', ...act)).events)).to.include.members(['sending', 'included']);
    expect((await distributor.proposalOf(proposalId)).state).to.equal(6n);
    expect(await distributor.pendingProposal()).to.equal(0n);
  });

  it('an honest settlement of which leaves are demanded: shown, paid for, and made final', async () => {
    const { world, remote } = watched;
    const { distributor } = world.chain.contracts;
    const { proposalId } = await watched.propose(honest);
    for (const index of [2, 0]) await demandAs(world.actors.mallory, proposalId, index);
    const before = await balance();
    const { code, events } = await watched.look('defending', ...act);
    expect(code).to.equal(0);
    const shown = ['sending', 'included'];
    expect(told(events)).to.deep.equal(['watching', 'judged', ...shown, ...shown]);
    for (const index of [0, 2]) expect((await distributor.demandOf(proposalId, index)).state).to.equal(2n);
    // Nothing is left to show; a demand that comes later is seen though the judgement stands.
    expect(told((await watched.look('defending', ...act)).events))
      .to.include('paid')
      .and.not.include('judged');
    await demandAs(world.actors.mallory, proposalId, 1);
    expect(told((await watched.look('defending', ...act)).events)).to.include.members(['sending', 'included']);
    const { bond } = closed.record;
    await watched.look('defending', ...act);
    const gained = (await balance()) - before;
    expect(gained > (3n * bond) / 40n && gained < (3n * bond) / 32n).to.equal(true);
    await remote.node.travelTo(Number((await distributor.proposalOf(proposalId)).until));
    await finalise(honest);
    expect(await distributor.pendingProposal()).to.equal(0n);
  });

  it('two endpoints that disagree: nothing is sent, and it is said why', async () => {
    const lie = await withFalseArithmetic(honest, accountOf(watched.world.actors.mallory));
    await watched.publish(lie);
    const { proposalId } = await watched.propose(lie);
    const [, liar] = watched.endpoints;
    const { distributor } = watched.world.chain.contracts;
    const { selector } = distributor.interface.getFunction('proposalOf');
    liar.bend = ({ method, params }, answer) => {
      const isAsked = method === 'eth_call' && (params[0] as { data?: string }).data?.startsWith(selector) === true;
      if (!isAsked) return answer;
      // Another settlement hash.
      return { ...answer, result: `${String(answer.result).slice(0, -4)}beef` };
    };
    const { code, events } = await watched.look('disagreeing', ...act);
    expect(code).to.equal(4);
    expect(told(events)).to.deep.equal(['watching', 'disagree']);
    expect(await sent()).to.equal(0);
    expect(await distributor.pendingProposal()).to.equal(proposalId);
  });

  it('a reorg that takes the proof back: it is sent again', async () => {
    const lie = await withFalseArithmetic(honest, accountOf(watched.world.actors.mallory));
    await watched.publish(lie);
    await watched.propose(lie);
    const before = await request('evm_snapshot');
    await watched.look('reorged', ...act);
    expect(await sent()).to.equal(1);
    await request('evm_revert', before);
    expect(await sent()).to.equal(0);
    await request('evm_mine');
    await request('evm_mine');
    const again = await watched.look('reorged', ...act);
    expect(told(again.events)).to.include.members(['taken-back', 'offered-again', 'included']);
    expect(await watched.world.chain.contracts.distributor.pendingProposal()).to.equal(0n);
    expect(await sent()).to.equal(1);
  });

  it('an endpoint that answers rubbish: nothing is sent, nothing breaks, and it goes on when it is mended', async () => {
    const lie = await withFalseArithmetic(honest, accountOf(watched.world.actors.mallory));
    await watched.publish(lie);
    const [, liar] = watched.endpoints;
    const watcher = startWatching(watched, 'rubbish', ...act);
    try {
      await watcher.told(({ event }) => event === 'watching');
      const looks = async (): Promise<void> => {
        for (const enough = liar.asked.length + 2; liar.asked.length < enough;) await sleep(20);
      };
      liar.bend = (_, answer) => ({ ...answer, result: null });
      await watched.propose(lie);
      const rubbish = ['0x', 'rubbish', {}, [{}], -1, `0x${'ff'.repeat(4_000)}`, { number: '0x1', timestamp: 'never' }];
      for (const result of rubbish) {
        liar.bend = (_, answer) => ({ ...answer, result });
        await looks();
      }
      expect(await sent()).to.equal(0);
      liar.bend = (_, answer) => answer;
      await watcher.told(({ event }) => event === 'recovered');
      await watcher.told(({ event }) => event === 'paid');
      expect(await sent()).to.equal(2);
    } finally {
      await watcher.stop();
    }
  });

  async function demandAs(signer: WatchWorld['world']['actors']['oscar'], proposalId: bigint, index: number) {
    const { chain } = watched.world;
    const deposit = await chain.contracts.distributor.demandDeposit(proposalId);
    await (await signer.sendTransaction({ ...demandCall(chain.addresses, proposalId, index, deposit) })).wait();
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
