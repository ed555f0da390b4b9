import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect } from 'chai';
import type { InterfaceAbi } from 'ethers';
import { Interface } from 'ethers';

import { proposeSettlement, readBasis } from '../../../src/chain/epoch-steps.ts';
import type { ClosedEvent } from '../../../src/chain/events.ts';
import { journalPath, reportPath } from '../../../src/operator/data-folder.ts';
import { Keeper } from '../../../src/operator/keeper.ts';
import type { KeeperEvent } from '../../../src/operator/keeper-event.ts';
import { openJournal } from '../../../src/operator/journal.ts';
import { operatorSteps } from '../../../src/operator/steps/all-steps.ts';
import { closeStep } from '../../../src/operator/steps/close.ts';
import { finaliseStep } from '../../../src/operator/steps/finalise.ts';
import { proposeStep } from '../../../src/operator/steps/propose.ts';
import { withdrawStep } from '../../../src/operator/steps/withdraw.ts';
import { expectCode } from '../../support/expect-code.ts';
import { closedByOthers, CONFIRMATIONS, endOf, mine, stepWorld } from '../../support/step-world.ts';
import type { Actors, Settled } from '../../support/world.ts';

const again = (actor: Parameters<typeof proposeStep>[0]) => proposeStep(actor, { again: true });

describe('the steps of an operator on chain, on a node in another process', function () {
  this.timeout(120_000);
  const { stage, operator, anew } = stepWorld();

  const sentBy = async (account = operator.account): Promise<number> =>
    Number(await stage.ask('eth_getTransactionCount', account, 'latest'));
  const proposals = async (): Promise<number> => Number(await stage.world.chain.contracts.distributor.proposalCount());

  /** What another operator proposes, with a bond of his own. */
  async function proposeAs(who: Actors['oscar'], { record, declared }: Settled): Promise<void> {
    const { chain } = stage.world;
    const basis = await readBasis(chain, record);
    await proposeSettlement(chain, who, { record, settlement: declared, basis });
  }

  /** A call in the name of a contract, as only a local node allows. */
  async function callAs(from: string, to: string, abi: InterfaceAbi, name: string, values: unknown[]): Promise<void> {
    await stage.ask('hardhat_impersonateAccount', from);
    await stage.ask('hardhat_setBalance', from, '0xde0b6b3a7640000');
    const data = new Interface(abi).encodeFunctionData(name, values);
    await stage.ask('eth_sendTransaction', { from, to, data });
  }

  /** Epoch 0, closed by others and settled here. */
  async function settled(): Promise<{ closed: ClosedEvent; own: Settled }> {
    const closed = await closedByOthers(stage);
    await mine(stage, CONFIRMATIONS);
    return { closed, own: await operator.settle(closed) };
  }

  /** Travels to the end of the window. */
  async function windowOver(): Promise<void> {
    const { distributor } = stage.world.chain.contracts;
    const { until } = await distributor.proposalOf(await distributor.pendingProposal());
    await stage.remote.node.travelTo(Number(until));
  }

  it('lead an epoch from its end to the bond, each by one transaction however often they run', async () => {
    expect((await operator.run(closeStep, 0)).state).to.equal('waiting');
    expect(await sentBy()).to.equal(0);
    await endOf(stage);
    const first = await operator.run(closeStep, 0);
    expect(first).to.deep.include({ state: 'waiting' });
    expect(first.reason).to.match(/^close 0: transaction 0x[0-9a-f]{64} stands in block \d+, which is not final yet$/);
    const close = await operator.until(closeStep, 0);
    expect(close.state).to.equal('done');
    const logs = await stage.world.chain.contracts.distributor.queryFilter(
      stage.world.chain.contracts.distributor.filters.EpochClosed(0),
    );
    expect(close.facts['recordHash']).to.equal(logs[0]?.args.recordHash);
    const { parseEvents } = await import('../../../src/chain/events.ts');
    const [closed] = parseEvents(logs, stage.world.chain.addresses).closed;
    expect((await operator.run(proposeStep, 0)).reason).to.equal('epoch 0 is not settled yet');
    const own = await operator.settle(closed!);
    const propose = await operator.until(proposeStep, 0);
    expect(propose).to.deep.include({ state: 'done' });
    expect(propose.facts).to.deep.include({ root: own.settlement.root, proposalId: 1, operator: operator.account });
    const window = await operator.run(finaliseStep, 0);
    expect(window.reason).to.match(/^settlement 1 of epoch 0 can be challenged until /);
    await windowOver();
    expect((await operator.until(finaliseStep, 0)).facts).to.deep.include({ root: own.settlement.root });
    const withdraw = await operator.until(withdrawStep, 0);
    expect(withdraw.facts).to.deep.equal({ account: operator.account, amount: own.record.bond.toString() });
    expect(await sentBy()).to.equal(4);
    for (const step of [closeStep, proposeStep, finaliseStep, withdrawStep]) {
      expect((await operator.run(step, 0)).state).to.equal('skipped');
    }
    expect(await sentBy()).to.equal(4);
    expect(await proposals()).to.equal(1);
    const journal = await openJournal(operator.data, 0);
    expect(journal.last('propose', 'done')?.inputs).to.have.all.keys('settlement');
    expect(operator.said.filter(({ event }) => event === 'included').length).to.equal(4);
    expect(operator.said.filter(({ alarm }) => alarm)).to.deep.equal([]);
  });

  it('close epochs that were missed one after the other, without waiting for each to be final', async () => {
    await endOf(stage, 3);
    await mine(stage, CONFIRMATIONS);
    for (const epoch of [0, 1, 2]) expect((await operator.run(closeStep, epoch)).state).to.equal('waiting');
    expect(Number(await stage.world.chain.contracts.distributor.nextToClose())).to.equal(3);
    for (const epoch of [0, 1, 2]) expect((await operator.until(closeStep, epoch)).state).to.equal('done');
    expect(await sentBy()).to.equal(3);
    expect((await operator.run(closeStep, 3)).reason).to.match(/^epoch 3 ends on /);
  });

  it('show in a dry run what would be sent and what it costs, write nothing and send nothing', async () => {
    const { own } = await settled();
    const shown = await operator.run(proposeStep, 0, { dryRun: true });
    expect(shown.state).to.equal('done');
    const { contracts, addresses } = stage.world.chain;
    const decoded = contracts.distributor.interface.parseTransaction({ data: String(shown.facts['calldata']) });
    expect(decoded?.name).to.equal('propose');
    expect(shown.facts).to.deep.include({
      ...{ to: addresses.distributor, value: own.record.bond.toString(), from: operator.account },
      ...{ root: own.settlement.root, leaves: own.settlement.leafCount, leavesBefore: 0, participants: 3 },
      ...{ granted: own.outcome.granted.toString(), grantedBefore: null, reserveBefore: '0' },
      reserve: own.next.reserve.toString(),
    });
    const { gas, maxFeePerGas, cost } = shown.facts;
    expect(BigInt(String(cost))).to.equal(BigInt(String(gas)) * BigInt(String(maxFeePerGas)));
    const estimate = await contracts.distributor.runner!.provider!.estimateGas({
      ...{ from: operator.account, to: addresses.distributor },
      ...{ data: String(shown.facts['calldata']), value: own.record.bond },
    });
    expect(BigInt(String(gas))).to.equal((estimate * 120n) / 100n);
    expect(await sentBy()).to.equal(0);
    expect((await openJournal(operator.data, 0)).last('propose')).to.equal(null);
    await expectCode(operator.run(proposeStep, 0, { keyless: true }), 'SIGNER_MISSING');
  });

  it('count a settlement with the same root as done, whoever proposed and finalised it', async () => {
    const { own } = await settled();
    await proposeAs(stage.world.actors.oscar, {
      ...own,
      declared: { ...own.declared, reportCid: own.settlement.root },
    });
    const other = await operator.run(proposeStep, 0);
    expect(other.reason).to.equal('another settlement was proposed in a block that is not final yet');
    const done = await operator.until(proposeStep, 0);
    expect(done.facts).to.deep.include({ proposalId: 1, root: own.settlement.root });
    await windowOver();
    await operator.until(finaliseStep, 0);
    expect((await operator.run(proposeStep, 0)).state).to.equal('skipped');
    expect(await sentBy()).to.equal(2); // another report, so oscar's own hand beside the step's finalise
    expect(await proposals()).to.equal(1);
  });

  it('stop where another root waits, and where it became final: nothing is sent', async () => {
    const { own, closed } = await settled();
    const { data } = operator;
    await anew();
    expect(operator.data).to.not.equal(data);
    const again = await settled();
    expect(again.closed.epoch).to.equal(closed.epoch);
    const wrong = { ...again.own, declared: { ...again.own.declared, root: own.record.policyHash } };
    await proposeAs(stage.world.actors.oscar, wrong);
    await mine(stage, CONFIRMATIONS);
    const differing: unknown = await operator.run(proposeStep, 0).catch((error: unknown) => error);
    expect(differing).to.deep.include({ code: 'PROPOSAL_DIFFERS' });
    expect(differing).to.have.nested.property('details.pending', wrong.declared.root);
    expect(differing).to.have.nested.property('details.own', again.own.settlement.root);
    await windowOver();
    await expectCode(operator.run(finaliseStep, 0), 'PROPOSAL_DIFFERS');
    const { finaliseEpoch } = await import('../../../src/chain/epoch-steps.ts');
    await finaliseEpoch(stage.world.chain, stage.world.actors.alice, {
      record: wrong.record,
      settlement: wrong.declared,
    });
    await mine(stage, CONFIRMATIONS);
    await expectCode(operator.run(proposeStep, 0), 'ROOT_DIFFERS');
    await expectCode(operator.run(finaliseStep, 0), 'ROOT_DIFFERS');
    expect(operator.said).to.deep.equal([]);
  });

  it('say that the role is lost, that proposals are paused, and that the account cannot pay, each by its own code', async () => {
    await settled();
    const { contracts, addresses } = stage.world.chain;
    await (await contracts.distributor.connect(stage.world.actors.gina).pauseProposals()).wait();
    await mine(stage, CONFIRMATIONS);
    await expectCode(operator.run(proposeStep, 0), 'PROPOSALS_PAUSED');
    await stage.remote.node.travelTo(Number(await contracts.distributor.pausedUntil()));
    await mine(stage, CONFIRMATIONS);
    const balance = await stage.ask('eth_getBalance', operator.account, 'latest');
    await stage.ask('hardhat_setBalance', operator.account, '0x1');
    await expectCode(operator.run(proposeStep, 0), 'BALANCE_TOO_SMALL');
    await expectCode(operator.run(proposeStep, 0, { dryRun: true }), 'BALANCE_TOO_SMALL');
    await stage.ask('hardhat_setBalance', operator.account, balance);
    const { selector } = contracts.distributor.interface.getFunction('propose');
    const role = await contracts.authority.getTargetFunctionRole(addresses.distributor, selector);
    const abi = contracts.authority.interface.fragments;
    await callAs(addresses.timelock, addresses.authority, abi, 'revokeRole', [role, operator.account]);
    // Not final yet: what is simulated at the newest block says it first.
    await expectCode(operator.run(proposeStep, 0), 'ROLE_MISSING');
    await mine(stage, CONFIRMATIONS);
    await expectCode(operator.run(proposeStep, 0), 'ROLE_MISSING');
    expect(await sentBy()).to.equal(0);
  });

  it('do not propose again what was vetoed, and say that the account is suspended when they are told to', async () => {
    await settled();
    await operator.until(proposeStep, 0);
    const { distributor } = stage.world.chain.contracts;
    await (await distributor.connect(stage.world.actors.gina).veto(1, 'to see')).wait();
    await mine(stage, CONFIRMATIONS);
    const dropped: unknown = await operator.run(proposeStep, 0).catch((error: unknown) => error);
    expect(dropped).to.deep.include({ code: 'PROPOSAL_DROPPED' });
    expect(dropped).to.have.nested.property('details.state', 'vetoed');
    await expectCode(operator.run(again, 0), 'OPERATOR_SUSPENDED');
    expect((await operator.run(finaliseStep, 0)).reason).to.equal('nothing is proposed for epoch 0');
    // The veto lapses without a ruling: bond and office come back, and what was right is proposed again by itself.
    const { rulingUntil } = await distributor.proposalOf(1);
    await stage.remote.node.travelTo(Number(rulingUntil));
    await (await distributor.connect(stage.world.actors.alice).releaseBond(1)).wait();
    await mine(stage, CONFIRMATIONS);
    expect((await operator.until(proposeStep, 0)).facts).to.deep.include({ proposalId: 2 });
    expect(await proposals()).to.equal(2);
  });

  it('wait where a demanded leaf is not shown, and say what to do', async () => {
    await settled();
    await operator.until(proposeStep, 0);
    const { distributor } = stage.world.chain.contracts;
    const value = await distributor.demandDeposit(1);
    await (await distributor.connect(stage.world.actors.mallory).demand(1, 0, { value })).wait();
    await windowOver();
    await mine(stage, CONFIRMATIONS);
    await expectCode(operator.run(finaliseStep, 0), 'DEMANDS_OPEN');
  });

  it('propose no other report than the one that was settled, however whole it is', async () => {
    const { closed } = await settled();
    const folder = reportPath(operator.data, 0);
    const manifest = join(folder, 'manifest.json');
    const text = await readFile(manifest, 'utf8');
    await writeFile(manifest, `${text.trimEnd()} \n`);
    await expectCode(operator.run(proposeStep, 0), 'REPORT_CHANGED');
    await expectCode(operator.run(proposeStep, 0, { dryRun: true }), 'REPORT_CHANGED');
    expect(await sentBy()).to.equal(0);
    await writeFile(manifest, text);
    expect((await operator.run(proposeStep, 0)).reason).to.match(/^propose 0: transaction /);
    await anew();
    await endOf(stage);
    await operator.until(closeStep, 0);
    await operator.settle(closed);
    await rm(journalPath(operator.data, 0));
    expect((await operator.run(proposeStep, 0)).reason).to.equal('epoch 0 is not settled yet');
  });

  it('take for final what every node calls finalized, where the settings ask for that', async () => {
    const finalized = { ...operator.config, finality: 'finalized' as const };
    await endOf(stage);
    await operator.run(closeStep, 0);
    const { number } = (await stage.ask('eth_getBlockByNumber', 'latest', false)) as { number: string };
    const behind = `0x${(Number(number) - 1).toString(16)}`;
    const { finalBlock } = await import('../../../src/operator/chain/view.ts');
    expect((await finalBlock(stage.endpoints, finalized.finality)).number).to.equal(Number(number));
    const block = await stage.ask('eth_getBlockByNumber', behind, false);
    const [proxy] = stage.proxies;
    proxy.bend = ({ method, params }, answer) =>
      method === 'eth_getBlockByNumber' && params[0] === 'finalized' ? { ...answer, result: block } : answer;
    expect((await finalBlock(stage.endpoints, finalized.finality)).number).to.equal(Number(behind));
  });

  it('count for a keeper at final blocks alone: one that is gone is told, and nothing is decided behind what was seen', async () => {
    const { data, config } = operator;
    const actor = { account: null, sender: null };
    const said: KeeperEvent[] = [];
    const keeper = new Keeper({
      ...{ data, config, endpoints: stage.endpoints, actor, steps: operatorSteps(actor), dryRun: false },
      say: (event) => said.push(event),
    });
    const before = await stage.ask('evm_snapshot');
    // One by one: of blocks that are made at once this node does not keep the state.
    const mined = async (blocks: number): Promise<void> => {
      for (let times = 0; times < blocks; times++) await stage.ask('evm_mine');
    };
    await mined(10);
    expect((await keeper.round()).error).to.equal(null);
    await stage.ask('evm_revert', before);
    const behind = await keeper.round();
    expect({ code: behind.error?.code, isTroubled: behind.isTroubled }).to.deep.equal({
      ...{ code: 'ENDPOINTS_BEHIND', isTroubled: true },
    });
    await stage.ask('evm_increaseTime', 60);
    await mined(12);
    expect((await keeper.round()).error).to.equal(null);
    const gone = said.find(({ event }) => event === 'alarm');
    expect(gone).to.deep.include({ event: 'alarm', epoch: null, step: null, code: 'FINAL_BLOCK_GONE' });
    expect(keeper.status.alarms).to.deep.equal([{ epoch: null, step: null, code: 'FINAL_BLOCK_GONE' }]);
  });
});
