import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect } from 'chai';

import { finaliseEpoch, proposeSettlement, readBasis } from '../../src/chain/epoch-steps.ts';
import type { SenderEvent } from '../../src/operator/chain/sender-event.ts';
import { keep } from '../../src/operator/keep.ts';
import { pauseOf } from '../../src/operator/pause.ts';
import type { KeeperEvent } from '../../src/operator/keeper-event.ts';
import { levelOf } from '../../src/operator/keeper-event.ts';
import type { Keeper } from '../../src/operator/keeper.ts';
import { KeeperMetrics } from '../../src/operator/metrics.ts';
import { serveStatus } from '../../src/operator/serve-status.ts';
import { readOwnSettlement } from '../../src/operator/chain/own-settlement.ts';
import { openJournal } from '../../src/operator/journal.ts';
import type { StepName } from '../../src/operator/steps/step.ts';
import { STEPS } from '../../src/operator/steps/step.ts';
import { expectCode } from '../support/expect-code.ts';
import { CONFIRMATIONS, endOf, mine, stepWorld } from '../support/step-world.ts';

describe('the keeper, on a node in another process', function () {
  this.timeout(180_000);
  const { stage, operator, anew } = stepWorld();

  const distributor = () => stage.world.chain.contracts.distributor;
  const sentBy = async (): Promise<number> =>
    Number(await stage.ask('eth_getTransactionCount', operator.account, 'latest'));
  const rootOf = async (epoch: number): Promise<string> => (await stage.world.chain.contracts.vault.rootOf(epoch)).root;

  /** What was done, as `epoch step`. */
  const deeds = (told: readonly KeeperEvent[]): string[] =>
    told.flatMap((event) => (event.event === 'done' ? [`${event.epoch} ${event.step}`] : []));
  const codes = (told: readonly KeeperEvent[]): string[] =>
    told.flatMap((event) => (event.event === 'alarm' || event.event === 'trouble' ? [event.code] : []));

  /** Rounds of keepers that are each a new process, with blocks in between, until it is enough. */
  async function rounds(
    isEnough: () => Promise<boolean>,
    publish = operator.config.publish,
    most = 60,
  ): Promise<KeeperEvent[]> {
    const all: KeeperEvent[] = [];
    for (let round = 0; round < most; round++) {
      const { keeper, told } = await operator.keeper({ config: { ...operator.config, publish } });
      await keeper.round();
      all.push(...told);
      if (await isEnough()) return all;
      await passOn();
    }
    throw new Error(`not done: ${JSON.stringify(all.slice(-3))}`);
  }

  /** A block; where all waits for a window, its end. */
  async function passOn(): Promise<void> {
    const id = await distributor().pendingProposal();
    const now = await stage.remote.node.time();
    const until = id === 0n ? 0 : Number((await distributor().proposalOf(id)).until);
    if (until > now) await stage.remote.node.travelTo(until);
    await mine(stage, CONFIRMATIONS);
  }

  const finalFrom = (epochs: number) => async () => Number(await distributor().nextToFinalise()) >= epochs;

  it('catches missed epochs up, each step by a process of its own, and proposes none of them twice', async () => {
    await endOf(stage, 3);
    await mine(stage, 6 + CONFIRMATIONS);
    await stage.remote.node.travelTo((await stage.remote.node.time()) + 61);
    let withdrawn = 0;
    const publish = { ...operator.config.publish, keepEpochs: 1 };
    const all = await rounds(async () => {
      withdrawn = (await distributor().queryFilter(distributor().filters.BondWithdrawn())).length;
      return (await finalFrom(3)()) && withdrawn === 3;
    }, publish);
    for (let round = 0; round < 3; round++) {
      await mine(stage, CONFIRMATIONS);
      const { keeper, told } = await operator.keeper({ config: { ...operator.config, publish } });
      await keeper.round();
      all.push(...told);
    }
    const gone = all.flatMap((event) => (event.event === 'retired' ? [[event.epoch, event.state]] : []));
    expect(gone).to.deep.equal([
      [0, 'removed'],
      [1, 'removed'],
    ]);
    for (const epoch of [0, 1, 2]) {
      const journal = await openJournal(operator.data, epoch);
      expect(await rootOf(epoch)).to.equal(journal.last('settle', 'done')?.facts['root']);
      const done = deeds(all).filter((deed) => deed.startsWith(`${epoch} `));
      expect(done).to.deep.equal(STEPS.map((step) => `${epoch} ${step}`));
    }
    expect(Number(await distributor().proposalCount())).to.equal(3);
    expect(await sentBy()).to.equal(4 * 3);
    expect(all.filter(({ event }) => event === 'trouble' || event === 'alarm')).to.deep.equal([]);
    const { keeper, told } = await operator.keeper();
    expect(await keeper.round()).to.deep.equal({ progress: 0, error: null, isTroubled: false });
    expect(deeds(told)).to.deep.equal([]);
    expect(keeper.status.from).to.equal(3);
  });

  it('says in a dry run what is due next, writes nothing and sends nothing', async () => {
    await endOf(stage);
    await mine(stage, CONFIRMATIONS);
    const { keeper, told } = await operator.keeper({ dryRun: true });
    const { progress, error } = await keep(keeper, { pollSeconds: 1, rounds: 'one' });
    expect({ progress, error }).to.deep.equal({ progress: 1, error: null });
    expect(deeds(told)).to.deep.equal(['0 close']);
    const [first] = told;
    expect(first).to.have.nested.property('facts.calldata');
    expect(await sentBy()).to.equal(0);
    const { keeper: next } = await operator.keeper();
    expect((await keep(next, { pollSeconds: 1, rounds: 'until-nothing' })).error).to.equal(null);
    expect(await sentBy()).to.equal(1);
  });

  it('ends a run that did something with what went wrong in it, though that is not tried again at once', async () => {
    await endOf(stage);
    await mine(stage, CONFIRMATIONS);
    const { keeper: first } = await operator.keeper();
    expect((await keep(first, { pollSeconds: 1, rounds: 'until-nothing' })).error).to.equal(null);
    await stage.remote.node.travelTo((await stage.remote.node.time()) + 61);
    await mine(stage, CONFIRMATIONS);
    await writeFile(join(operator.data, 'rows.csv'), 'this,is,no,ledger\n1,2,3,4\n');
    const { keeper, told } = await operator.keeper();
    const { error } = await keep(keeper, { pollSeconds: 1, rounds: 'until-nothing' });
    expect(deeds(told)).to.deep.equal(['0 close']);
    expect(codes(told)).to.deep.equal(['LEDGER_DAMAGED']);
    expect(error).to.deep.include({ code: 'LEDGER_DAMAGED' });
    const lost = { ...operator.config.ledger, contributions: [join(operator.data, 'gone.csv')] };
    const { keeper: next } = await operator.keeper({ config: { ...operator.config, ledger: lost } });
    expect((await keep(next, { pollSeconds: 1, rounds: 'until-nothing' })).error).to.deep.include({
      code: 'FILE_UNREADABLE',
    });
  });

  it('raises one alarm where another root became final, and goes on from that one', async () => {
    await endOf(stage);
    await mine(stage, CONFIRMATIONS);
    await stage.remote.node.travelTo((await stage.remote.node.time()) + 61);
    // Another operator has other rows: what he proposes is as right as his ledger is.
    const { data } = operator;
    await anew();
    expect(operator.data).to.not.equal(data);
    await endOf(stage);
    await mine(stage, CONFIRMATIONS);
    const { chain, actors } = stage.world;
    const { closeEpoch } = await import('../../src/chain/epoch-steps.ts');
    const closed = await closeEpoch(chain, actors.alice);
    const elsewhere = await stage.othersReport(closed);
    await stage.remote.node.travelTo((await stage.remote.node.time()) + 61);
    const basis = await readBasis(chain, closed.record);
    const { until } = await proposeSettlement(chain, actors.oscar, {
      ...{ record: closed.record, settlement: elsewhere.declared, basis },
    });
    await elsewhere.publish(operator.data);
    await mine(stage, CONFIRMATIONS);
    const { keeper, told } = await operator.keeper();
    for (let round = 0; round < 3; round++) await keeper.round();
    expect(codes(told)).to.deep.equal(['PROPOSAL_DIFFERS']);
    expect(keeper.status.alarms).to.deep.equal([{ epoch: 0, step: 'propose', code: 'PROPOSAL_DIFFERS' }]);
    await stage.remote.node.travelTo(until);
    await finaliseEpoch(chain, actors.alice, { record: closed.record, settlement: elsewhere.declared });
    await mine(stage, CONFIRMATIONS);
    await keeper.round();
    expect(codes(told)).to.deep.equal(['PROPOSAL_DIFFERS', 'ROOT_DIFFERS']);
    expect(await sentBy()).to.equal(1); // oscar's own hand
    await endOf(stage);
    await stage.remote.node.travelTo((await stage.remote.node.time()) + 61);
    await mine(stage, CONFIRMATIONS);
    await rounds(finalFrom(2));
    const own = await readOwnSettlement(operator.data, 1);
    expect(own?.manifest.parent.root).to.equal(elsewhere.declared.root);
    expect(await rootOf(1)).to.equal(own?.settlement.root);
  });

  it('does nothing on the word of nodes that lag, lie or are busy, and says so once', async () => {
    await endOf(stage);
    await mine(stage, CONFIRMATIONS);
    const { keeper, told } = await operator.keeper();
    const [first] = stage.proxies;
    first.status = 503;
    for (let round = 0; round < 2; round++) expect((await keeper.round()).isTroubled).to.equal(true);
    expect(codes(told)).to.deep.equal(['NODE_UNAVAILABLE']);
    expect(told.map(levelOf)).to.deep.equal(['warn']);
    expect(keeper.status.isTroubled).to.equal(true);
    first.status = null;
    first.bend = ({ method }, answer) =>
      method === 'eth_getBlockByNumber' && typeof answer.result === 'object'
        ? { ...answer, result: { ...answer.result, hash: `0x${'11'.repeat(32)}` } }
        : answer;
    await keeper.round();
    first.bend = (_, answer) => answer;
    expect(codes(told)).to.deep.equal(['NODE_UNAVAILABLE', 'ENDPOINTS_DISAGREE']);
    expect(await sentBy()).to.equal(0);
    await keeper.round();
    expect(told.map(({ event }) => event)).to.include('recovered');
    expect(await sentBy()).to.equal(1);
  });

  it('waits for nodes that fell behind, and looks at everything anew when a block that counted is gone', async () => {
    const early = await operator.keeper({ config: { ...operator.config, finality: { confirmations: 10_000 } } });
    expect((await early.keeper.round()).error).to.equal(null);
    expect(early.told.map((event) => ('reason' in event ? event.reason : ''))).to.deep.equal([
      'the deployment stands in blocks that are not final yet',
    ]);
    const { keeper, told } = await operator.keeper();
    await mine(stage, CONFIRMATIONS + 6);
    const snapshot = await stage.ask('evm_snapshot');
    await mine(stage, 2);
    await keeper.round();
    await stage.ask('evm_revert', snapshot);
    expect((await keeper.round()).error).to.deep.include({ code: 'ENDPOINTS_BEHIND' });
    // Not the blocks that were there before: their times are others.
    await stage.remote.node.travelTo((await stage.remote.node.time()) + 100);
    await mine(stage, 8);
    const again = await stage.ask('evm_snapshot');
    await mine(stage, 4);
    await keeper.round();
    await stage.ask('evm_revert', again);
    await stage.remote.node.travelTo((await stage.remote.node.time()) + 1_000);
    await mine(stage, 9);
    const before = codes(told).length;
    await keeper.round();
    expect(codes(told).slice(before)).to.deep.equal(['FINAL_BLOCK_GONE']);
    await keeper.round();
    expect(keeper.status.alarms).to.deep.equal([]);
    expect(told.at(-1)).to.deep.include({ event: 'alarm-over', code: 'FINAL_BLOCK_GONE' });
  });

  it('tells an alarm again after an hour, not before', async () => {
    await endOf(stage);
    await mine(stage, CONFIRMATIONS);
    await stage.ask('hardhat_setBalance', operator.account, '0x1');
    let now = 0;
    const { keeper, told } = await operator.keeper({ clock: () => now });
    await keeper.round();
    now = 3_599_000;
    await keeper.round();
    expect(codes(told)).to.deep.equal(['BALANCE_TOO_SMALL']);
    expect(told.map(levelOf)).to.deep.equal(['error']);
    now = 3_600_001;
    await keeper.round();
    expect(codes(told)).to.deep.equal(['BALANCE_TOO_SMALL', 'BALANCE_TOO_SMALL']);
    expect((await keep(keeper, { pollSeconds: 0.05, rounds: 'until-nothing' })).error).to.deep.include({
      code: 'BALANCE_TOO_SMALL',
    });
  });

  describe('what it serves', () => {
    let keeper: Keeper;
    let server: Awaited<ReturnType<typeof serveStatus>>;
    const metrics = new KeeperMetrics();
    const get = async (path: string): Promise<{ status: number; text: string }> => {
      const response = await fetch(`http://127.0.0.1:${server.port}${path}`);
      return { status: response.status, text: await response.text() };
    };
    beforeEach(async () => {
      ({ keeper } = await operator.keeper());
      server = await serveStatus({ host: '127.0.0.1', port: 0 }, { keeper, metrics, pollSeconds: 1 });
    });
    afterEach(async () => {
      await server.close();
    });

    it('is that it lives, whether the chain answers, and figures for Prometheus', async () => {
      metrics.watch(keeper);
      expect((await get('/healthz')).status).to.equal(200);
      expect((await get('/readyz')).status).to.equal(503);
      await endOf(stage);
      await mine(stage, CONFIRMATIONS);
      await keeper.round();
      await metrics.read(stage.endpoints, operator.account as never);
      const ready = await get('/readyz');
      expect(ready.status).to.equal(200);
      expect(JSON.parse(ready.text)).to.deep.include({ ready: true, ended: 1, nextToClose: 0, from: 0, alarms: [] });
      const steps: readonly StepName[] = ['close', 'propose'];
      for (const step of steps) metrics.observe({ event: 'done', epoch: 0, step, facts: {} });
      const sending: SenderEvent = { event: 'sending', alarm: false, what: 'close 0', nonce: 0, value: '0' };
      metrics.observe(sending);
      metrics.observe({ event: 'alarm', epoch: 0, step: 'propose', code: 'ROLE_MISSING', reason: '', next: null });
      const { text } = await get('/metrics');
      expect(text).to.match(/^lode_keeper_epochs_ended 1$/m);
      expect(text).to.match(/^lode_keeper_steps_total\{step="propose"\} 1$/m);
      expect(text).to.match(/^lode_keeper_transactions_total\{outcome="sending"\} 1$/m);
      expect(text).to.match(/^lode_keeper_alarms_total\{code="ROLE_MISSING"\} 1$/m);
      expect(text).to.match(/^lode_keeper_balance_gwei \d+/m);
      expect(text).to.match(/^process_resident_memory_bytes \d+/m);
      expect((await get('/')).status).to.equal(404);
      const posted = await fetch(`http://127.0.0.1:${server.port}/healthz`, { method: 'POST' });
      expect(posted.status).to.equal(405);
      const taken = serveStatus({ host: '127.0.0.1', port: server.port }, { keeper, metrics, pollSeconds: 1 });
      await expectCode(taken, 'METRICS_UNAVAILABLE');
    });
  });
});

describe('the pause of a keeper', () => {
  it('doubles with every failure up to a bound, and is never the same for two', () => {
    expect(pauseOf(12, 0, 0.3)).to.equal(12);
    expect([1, 2, 3, 4, 5, 60].map((failures) => pauseOf(12, failures, 1))).to.deep.equal([24, 48, 96, 192, 300, 300]);
    expect(pauseOf(12, 2, 0)).to.equal(24);
    expect(pauseOf(0.05, 60, 1)).to.equal(3.2);
    expect(pauseOf(3_600, 4, 1)).to.equal(3_600);
  });
});
