import { expect } from 'chai';

import { claimCall, scheduleTasksCall } from '../../../src/chain/calls.ts';
import type { Call } from '../../../src/chain/calls.ts';
import { sendCall } from '../../../src/chain/send.ts';
import { scheduleCall } from '../../../src/chain/timelock.ts';
import type { GovernanceStatus } from '../../../src/chain/governance/status.ts';
import type { Submission } from '../../../src/cli/governance/submit.ts';
import type { State } from '../../../src/settlement/state.ts';
import type { RemoteWorld } from '../../support/remote-world.ts';
import { startRemoteWorld } from '../../support/remote-world.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import type { Settled } from '../../support/world.ts';
import {
  accountOf,
  BEFORE,
  claimOf,
  closeNext,
  propose,
  runEpoch,
  settleOffChain,
  storyPreset,
} from '../../support/world.ts';
import type { ErrorDocument } from '../run-lode.ts';
import { lode } from '../run-lode.ts';

const START = 2_000_000_000;
const WAD = 10n ** 18n;
const DAY = 86_400;
const NEW_TABLE = [25n, 20n, 35n, 20n].map((percent, at) => ({ task: at + 1, weight: (percent * WAD) / 100n }));

/** A document as it stands on stdout: amounts are strings. */
type Json<T> = T extends bigint ? string : T extends object ? { readonly [K in keyof T]: Json<T[K]> } : T;
type Document = Json<Submission & GovernanceStatus> & { readonly error: ErrorDocument };
type Who = { readonly address: string };

describe('lode governance', function () {
  this.timeout(600_000);
  const files = temporaryFolder();
  let remote: RemoteWorld;
  let state: State = BEFORE;
  let last: Settled;

  before(async () => {
    const preset = storyPreset();
    const handover = { ...preset.governance.handover!, minimumVotes: 1_000n * WAD };
    const governance = { ...preset.governance, proposalThreshold: WAD, handover };
    remote = await startRemoteWorld(files.path('addresses.json'), { start: START, preset: { ...preset, governance } });
  });

  after(async () => {
    await remote.close();
  });

  /** Runs the command line in a process of its own. */
  async function run(words: string, args: readonly string[], as?: Who) {
    const who = as === undefined ? [] : ['--as', as.address, '--yes'];
    const all = [...words.split(' '), ...args, ...remote.reach, ...who, '--json'];
    const { code, stdout, stderr } = await lode(all, undefined, remote.environment);
    return { code, stderr, document: JSON.parse(stdout) as Document };
  }

  async function done(words: string, args: readonly string[], as: Who): Promise<Document> {
    const { code, stderr, document } = await run(words, args, as);
    expect(code, stderr).to.equal(0);
    expect(document.sent).to.equal(true);
    return document;
  }

  async function refused(words: string, args: readonly string[], as: Who): Promise<ErrorDocument> {
    const { code, stderr, document } = await run(words, args, as);
    expect(code, stderr).to.equal(5);
    return document.error;
  }

  async function status(...args: readonly string[]): Promise<Document> {
    const { code, stderr, document } = await run('governance status', args);
    expect(code, stderr).to.equal(0);
    return document;
  }

  async function wait(seconds: number): Promise<void> {
    await remote.node.request('evm_increaseTime', seconds);
    await remote.node.request('evm_mine');
  }

  /** Four equal miners, one in each task. */
  function work() {
    const { alice, bob, carol, dave } = remote.world.actors;
    return {
      scores: [alice, bob, carol, dave].map((miner, at) => ({ account: accountOf(miner), task: at + 1, score: 10n })),
    };
  }

  it('before the hand-over: the council schedules, takes back and executes; a guardian stops it', async () => {
    const { world } = remote;
    const { council, gina, mallory } = world.actors;
    const schedule = async (cap: bigint): Promise<string> => {
      const data = world.chain.contracts.parameters.interface.encodeFunctionData('scheduleAccountCap', [50, cap]);
      const call: Call = { to: world.chain.addresses.parameters, data, value: 0n };
      await sendCall(council, await scheduleCall(world.chain, call, `cap ${cap}`));
      const { operations } = await status();
      return operations.at(-1)!.short;
    };
    const first = await schedule(WAD / 10n);
    const early = await refused('governance execute', [first], council);
    expect(early.code).to.equal('STILL_WAITING');
    expect((await refused('governance cancel', [first], mallory)).code).to.equal('NOT_CANCELLABLE');
    const taken = await done('governance cancel', [first], council);
    expect(taken.transactions[0]!.target).to.equal('timelock');

    const second = await schedule(WAD / 20n);
    const stopped = await done('governance cancel', [second, '--reason', 'too low'], gina);
    expect(stopped.transactions[0]).to.deep.include({ target: 'canceller' });
    expect((await refused('governance execute', [second], council)).code).to.equal('NOT_PENDING');

    const third = await schedule(WAD / 5n);
    await wait(2 * DAY);
    await done('governance execute', [third], council);
    expect(await world.chain.contracts.parameters.accountCapAt(50)).to.equal(WAD / 5n);
    const { operations, inOffice } = await status('--all');
    expect(inOffice).to.equal('council');
    expect(operations.map((one) => one.state)).to.deep.equal(['gone', 'gone', 'done']);
    expect(operations[0]!.words.join()).to.contain('ccount');
  });

  it('the hand-over says what is missing, and happens once votes have stood for a week', async () => {
    const { world } = remote;
    const { alice, bob, carol, dave, council, mallory } = world.actors;
    expect((await refused('governance handover', [], council)).code).to.equal('VOTES_MISSING');
    for (let epoch = 0; epoch < 8; epoch++) {
      const { settled } = await runEpoch(world, state, work());
      state = settled.next;
      last = settled;
    }
    await wait(1);
    for (const miner of [alice, bob, carol, dave]) {
      await sendCall(mallory, claimCall(world.chain.addresses, claimOf(last, accountOf(miner))));
    }
    for (const miner of [alice, bob, carol]) await done('governance delegate', [], miner);
    const soon = await refused('governance handover', [], council);
    expect(soon.details).to.include({ counted: '0.00' });
    expect(soon.next).to.contain('enough is delegated now; it counts once it has stood for 7 days');
    const before = await status('--account', alice.address);
    expect(before.power).to.deep.include({ canPropose: false, roles: [] });
    expect(BigInt(before.delegated) > 0n).to.equal(true);

    await wait(8 * DAY);
    expect((await refused('governance handover', [], mallory)).code).to.equal('HANDOVER_NOT_OPEN');
    await done('governance handover', [], council);
    expect((await status('--account', alice.address)).power!.canPropose).to.equal(true);
    expect((await refused('governance handover', [], council)).code).to.equal('HANDED_OVER');
  });

  it('the holders vote, queue and execute; the weights act from the named epoch', async () => {
    const { world } = remote;
    const { alice, bob, carol, dave, mallory, gina } = world.actors;
    const { governor, registry } = world.chain.contracts;
    const from = Number(await world.chain.contracts.distributor.nextToClose()) + 6;
    const call = scheduleTasksCall(world.chain.addresses, from, NEW_TABLE);
    const put = async (words: string): Promise<string> => {
      await (await governor.connect(carol).propose([call.to], [0n], [call.data], words)).wait();
      return (await status()).proposals.find(({ description }) => description === words)!.short;
    };
    const id = await put('translation is scarce');
    const regretted = await put('regretted');
    expect((await refused('governance cancel', [regretted], alice)).code).to.equal('NOT_CANCELLABLE');
    await done('governance cancel', [regretted], carol);
    const stopped = await put('stopped by a guardian');

    expect((await refused('governance vote', [id, '--for'], alice)).code).to.equal('VOTE_NOT_OPEN');
    await wait(DAY + 1);
    expect((await refused('governance vote', [id, '--for'], dave)).code).to.equal('NO_VOTES');
    const { settings } = await status();
    for (const one of [id, stopped]) {
      await done('governance vote', [one, '--for', '--reason', 'we need it'], alice);
      await done('governance vote', [one, '--for'], bob);
    }
    await done('governance vote', [id, '--against'], carol);
    expect((await refused('governance vote', [id, '--for'], carol)).code).to.equal('VOTED_ALREADY');
    const early = await refused('governance queue', [id], mallory);
    expect([early.code, early.details['state']]).to.deep.equal(['NOT_CARRIED', 'active']);
    await wait(settings.votingPeriod + settings.lateQuorum);
    for (const one of [id, stopped]) await done('governance queue', [one], mallory);
    expect((await refused('governance execute', [id], mallory)).code).to.equal('STILL_WAITING');
    await done('governance cancel', [stopped, '--reason', 'a mistake'], gina);
    await wait(settings.timelockDelay);
    expect((await refused('governance execute', [stopped], mallory)).details['state']).to.equal('canceled');
    const executed = await done('governance execute', [id], mallory);
    expect(executed.transactions[0]!.target).to.equal('governor');

    const tableAt = async (epoch: number) => [...(await registry.tasksAt(epoch)).weights];
    expect(await tableAt(from)).to.deep.equal(NEW_TABLE.map(({ weight }) => weight));
    expect(await tableAt(from - 1)).to.deep.equal([4n, 2n, 1n, 3n].map((tenths) => (tenths * WAD) / 10n));
    const { proposals } = await status('--all', '--account', alice.address);
    expect(proposals.map((one) => [one.description, one.state, one.voted])).to.deep.equal([
      ['translation is scarce', 'executed', true],
      ['regretted', 'canceled', false],
      ['stopped by a guardian', 'canceled', true],
    ]);
  });

  it('a guardian vetoes the pending settlement and pauses the next', async () => {
    const { world } = remote;
    const { gina, oscar, mallory } = world.actors;
    const { distributor } = world.chain.contracts;
    const settled = await settleOffChain(world, state, await closeNext(world), work());
    const { proposalId } = await propose(world, settled);
    const reason = ['--reason', 'nobody can get the report'];
    const late = await refused('guardian veto', [String(proposalId + 1n), ...reason], gina);
    expect(late.code).to.equal('NOT_THE_PENDING_SETTLEMENT');
    const foreign = await run('guardian veto', [String(proposalId), ...reason], mallory);
    expect([foreign.code, foreign.document.error.code]).to.deep.equal([5, 'AccessManagedUnauthorized']);
    await done('guardian veto', [String(proposalId), ...reason], gina);
    expect(await distributor.suspended(oscar)).to.equal(true);
    await done('guardian pause', [], gina);
    expect(Number(await distributor.pausedUntil())).to.be.greaterThan(await remote.node.time());
    expect((await refused('guardian pause', [], gina)).code).to.match(/^EpochDistributor_/);
  });

  it('says which number it does not know, and what belongs together', async () => {
    const { alice } = remote.world.actors;
    const failure = async (words: string, args: readonly string[]) => {
      const { code, document } = await run(words, args, alice);
      return [code, document.error.code];
    };
    expect(await failure('governance vote', ['12', '--for'])).to.deep.equal([2, 'NUMBER_INVALID']);
    expect(await failure('governance execute', ['0xffffffffff'])).to.deep.equal([6, 'DECISION_MISSING']);
    expect(await failure('governance vote', ['1234', '--for', '--against'])).to.deep.equal([2, 'VOTE_UNCLEAR']);
  });
});
