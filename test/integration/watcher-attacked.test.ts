import { join } from 'node:path';

import { expect } from 'chai';

import { ROLE_IDS } from '../../deploy/roles.ts';
import { finaliseEpoch } from '../../src/chain/epoch-steps.ts';
import type { ClosedEvent } from '../../src/chain/events.ts';
import type { ToldEvent } from '../../src/cli/watch/watch-event.ts';
import type { KeyFiles } from '../support/keystore.ts';
import { writeKey } from '../support/keystore.ts';
import type { WatchWorld } from '../support/watch-world.ts';
import { startWatchWorld, withFalseArithmetic } from '../support/watch-world.ts';
import type { Settled } from '../support/world.ts';
import { accountOf, BEFORE, closeNext } from '../support/world.ts';

const told = (events: readonly ToldEvent[]): string[] => events.map(({ event }) => event);

/** What an operator does, or somebody who lends him a hand, against those who watch him; each was once enough. */
describe('a watcher whom an operator works against', function () {
  this.timeout(300_000);

  let watched: WatchWorld;
  let first: Settled;
  let closed: ClosedEvent;
  let honest: Settled;
  let snapshot: unknown;
  let key: KeyFiles;
  let act: readonly string[];

  const request = async (method: string, ...parameters: readonly unknown[]) =>
    await watched.remote.node.request(method, ...parameters);
  const sent = async (): Promise<number> => Number(await request('eth_getTransactionCount', key.address, 'latest'));

  before(async () => {
    watched = await startWatchWorld();
    key = await writeKey(join(watched.folder, 'watcher'));
    act = ['--act', '--keystore', key.keystore, '--password-file', key.passwordFile];
    const { world, remote } = watched;
    await (await world.actors.deployer.sendTransaction({ to: key.address, value: 10n ** 19n })).wait();
    first = await watched.honest(await closeNext(world), BEFORE);
    await watched.publish(first);
    const { until } = await watched.propose(first);
    await remote.node.travelTo(until);
    const { record, declared } = first;
    await finaliseEpoch(world.chain, world.actors.alice, { record, settlement: declared });
    closed = await closeNext(world);
    honest = await watched.honest(closed, first.next);
    await watched.publish(honest);
    snapshot = await request('evm_snapshot');
  });
  after(async () => await watched.close());

  afterEach(async () => {
    await request('evm_revert', snapshot);
    snapshot = await request('evm_snapshot');
    for (const endpoint of watched.endpoints) {
      Object.assign(endpoint, { bend: (_: unknown, answer: unknown) => answer, meet: () => Promise.resolve() });
    }
  });

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
    expect(told(blind.events)).to.deep.equal(['watching', 'alarm', 'sending', 'included', 'unavailable']);
    for (const endpoint of watched.endpoints) endpoint.bend = (_, answer) => answer;
    const seeing = await watched.look('no-events', ...act);
    const names = seeing.events.flatMap((event) => (event.event === 'chain' ? [event.name] : []));
    expect(names).to.deep.equal(['SettlementProposed', 'ProposalDisproved']);
  });

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
