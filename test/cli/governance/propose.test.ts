import { readFile } from 'node:fs/promises';

import { expect } from 'chai';

import type { SafeFile } from '../../../src/chain/governance/safe-file.ts';
import { safeChecksum } from '../../../src/chain/governance/safe-file.ts';
import type { Proposal } from '../../../src/chain/governance/propose.ts';
import { sendCall } from '../../../src/chain/send.ts';
import type { Submission } from '../../../src/cli/governance/submit.ts';
import { parseAddress } from '../../../src/protocol/brands.ts';
import { parsePolicy } from '../../../src/settlement/policy/parse-policy.ts';
import { rising } from '../../support/governance-fixture.ts';
import type { RemoteWorld } from '../../support/remote-world.ts';
import { startRemoteWorld } from '../../support/remote-world.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { storyPreset } from '../../support/world.ts';
import type { ErrorDocument } from '../run-lode.ts';
import { lode } from '../run-lode.ts';

const START = 2_000_000_000;
const WAD = 10n ** 18n;
const DAY = 86_400;
/** The fifth to seventh account of every node of Hardhat: alice, bob and carol. */
const HOLDERS = [
  '0x15d34aaf54267db7d7c367839aaf71a00a2c6a65',
  '0x9965507d1a55bcc2695c58ba16fb37d819b0a4dc',
  '0x976ea74026e726554db657fa54763abd0c3a0aa9',
];

type Json<T> = T extends bigint ? string : T extends object ? { readonly [K in keyof T]: Json<T[K]> } : T;
type Document = Json<Proposal & Submission & { readonly short: string }> & { readonly error: ErrorDocument };
type Who = { readonly address: string };

describe('lode governance propose', function () {
  this.timeout(600_000);
  const files = temporaryFolder();
  let remote: RemoteWorld;

  before(async () => {
    const preset = storyPreset();
    const genesis = HOLDERS.map((to) => ({ to: parseAddress(to), amount: 1_000n * WAD, label: 'a holder' }));
    const handover = { ...preset.governance.handover!, minimumVotes: 100n * WAD };
    const governance = { ...preset.governance, proposalThreshold: WAD, handover };
    const token = { ...preset.token, genesis };
    remote = await startRemoteWorld(files.path('addresses.json'), {
      start: START,
      preset: { ...preset, governance, token },
    });
    await remote.node.travelTo(START + 10);
  });

  after(async () => {
    await remote.close();
  });

  /** Runs the command line in a process of its own. */
  async function run(words: string, args: readonly string[], as: Who) {
    const all = [...words.split(' '), ...args, ...remote.reach, '--as', as.address, '--json'];
    const { code, stdout, stderr } = await lode(all, undefined, remote.environment);
    return { code, stderr, document: JSON.parse(stdout) as Document };
  }

  async function propose(args: readonly string[], as: Who): Promise<Document> {
    const { code, stderr, document } = await run('governance propose', args, as);
    expect(code, stderr).to.equal(0);
    return document;
  }

  async function done(words: string, args: readonly string[], as: Who): Promise<void> {
    const { code, stderr } = await run(`governance ${words}`, [...args, '--yes'], as);
    expect(code, stderr).to.equal(0);
  }

  async function failure(args: readonly string[], as: Who) {
    const { code, document } = await run('governance propose', args, as);
    return { ...document.error, exit: code };
  }

  async function wait(seconds: number): Promise<void> {
    await remote.node.request('evm_increaseTime', seconds);
    await remote.node.request('evm_mine');
  }

  const blocks = () => remote.node.request('eth_blockNumber');
  const REVIEW = ['--set-weight', 'validation=0.5', '--reason', 'review is scarce'];

  it('shows what would change, when, and what it is worth, and sends nothing in a dry run', async () => {
    const { council } = remote.world.actors;
    const before = await blocks();
    const args = ['governance', 'propose', ...REVIEW, ...remote.reach, '--as', council.address, '--dry-run'];
    const { code, stdout, stderr } = await lode(args, undefined, remote.environment);
    expect(code, stderr).to.equal(0);
    expect(stderr)
      .to.contain('the council is in office')
      .and.contain('validation: 30 % → 50 %')
      .and.contain('= registry.scheduleTasks(from ')
      .and.contain('rounding: 1 wei of 1e18 go to data-contribution')
      .and.match(/emission of epoch \d+, [\d,.]+ tokens; this assumes/)
      .and.match(/validation \(4\) +30 % +[\d,.]+ +50 % +[\d,.]+ +\+[\d,.]+\n/)
      .and.match(/once it is sent: lode governance execute 0x[0-9a-f]{10}, from 20\d\d-/);
    expect(stdout).to.contain('tried out: schedule in the timelock: review is scarce');
    expect(await blocks()).to.equal(before);
  });

  it('the council: scheduled as it was shown, executed after the delay, from the named epoch on', async () => {
    const { council, mallory } = remote.world.actors;
    const { registry, timelock } = remote.world.chain.contracts;
    const foreign = await failure([...REVIEW, '--yes'], mallory);
    expect([foreign.exit, foreign.code]).to.deep.equal([5, 'AccessControlUnauthorizedAccount']);
    const unconfirmed = await failure(REVIEW, council);
    expect([unconfirmed.exit, unconfirmed.code]).to.deep.equal([5, 'NOT_CONFIRMED']);

    const shown = await propose([...REVIEW, '--dry-run'], council);
    const sent = await propose([...REVIEW, '--yes'], council);
    expect({ id: sent.id, office: sent.office, sent: sent.sent }).to.deep.equal({
      id: shown.id,
      office: 'council',
      sent: true,
    });
    expect(await timelock.getOperationState(sent.id)).to.equal(1n);
    const again = await failure([...REVIEW, '--yes'], council);
    expect([again.exit, again.code]).to.deep.equal([5, 'TimelockUnexpectedOperationState']);

    const delay = Number(await timelock.getMinDelay());
    await wait(delay);
    await done('execute', [sent.short], council);
    const { epoch } = sent.from;
    const weightAt = async (at: number) => (await registry.tasksAt(at)).weights[3];
    expect([await weightAt(epoch - 1), await weightAt(epoch)]).to.deep.equal([(3n * WAD) / 10n, WAD / 2n]);
    expect(sent.emission.tasks[3]!.after!.weight).to.equal(`${WAD / 2n}`);
  });

  it('writes the same for the owners of a Safe, who need nothing else', async () => {
    const { council } = remote.world.actors;
    const before = await blocks();
    const path = files.path('safe.json');
    const args = ['--account-cap', '12.5%', '--window', '2 days', '--reason', 'by the Safe'];
    const { id, sent, safeFile } = await propose([...args, '--safe-json', path], council);
    expect({ sent, safeFile, blocks: await blocks() }).to.deep.equal({ sent: false, safeFile: path, blocks: before });
    const file = JSON.parse(await readFile(path, 'utf8')) as SafeFile;
    expect(file.meta.checksum).to.equal(safeChecksum(file));
    expect(file.meta.createdFromSafeAddress).to.equal(council.address);
    expect(file.meta.description).to.contain('cap: ').and.contain('→ 12.5 %');
    for (const { to, data, value } of file.transactions) {
      await sendCall(council, { to: parseAddress(to), data, value: BigInt(value) });
    }
    expect(await remote.world.chain.contracts.timelock.getOperationState(id)).to.equal(1n);
  });

  it('fails with the bound that would be broken, and names what it does not understand', async () => {
    const { council } = remote.world.actors;
    const before = await blocks();
    const low = await failure(['--account-cap', '0.01%', '--reason', 'a slip'], council);
    expect([low.exit, low.code]).to.deep.equal([5, 'EpochParameters_CapOutOfBounds']);
    expect(Object.values(low.details)).to.deep.equal([WAD / 10_000n, WAD / 1_000n, WAD].map(String));
    const wrong: readonly (readonly [readonly string[], number, string])[] = [
      [['--set-weight', 'typing=0.5'], 2, 'TASK_UNKNOWN'],
      [['--set-weight', 'validation'], 2, 'OPTION_INVALID'],
      [['--set-weight', 'validation=0.7', '--set-weight', '1=0.4'], 2, 'WEIGHTS_OVER'],
      [['--account-cap', '10%', '--from-epoch', '0'], 2, 'EPOCH_TOO_EARLY'],
      [['--quorum', '20%'], 2, 'HOLDERS_ONLY'],
      [['--allot', `${council.address}=1`], 2, 'NO_UNIT_POOL'],
      [['--policy', files.path('none.json'), '--policy-uri', 'ipfs://x'], 6, 'FILE_MISSING'],
      [[], 2, 'NOTHING_PROPOSED'],
    ];
    for (const [args, exit, code] of wrong) {
      const found = await failure([...args, '--reason', 'a slip'], council);
      expect([found.exit, found.code], args.join(' ')).to.deep.equal([exit, code]);
    }
    expect(await blocks()).to.equal(before);
  });

  it('proposes the policy of a file by its hash', async () => {
    const { council } = remote.world.actors;
    const rules = { minimumScore: '3', measures: { units: { points: '2' } } };
    const tasks = ['data-contribution', 'data-processing', 'cross-lingual-llm', 'validation'];
    const policy = { format: 'lode-policy-v1', tasks: Object.fromEntries(tasks.map((task) => [task, rules])) };
    const path = await files.write('policy.json', JSON.stringify(policy));
    const args = ['--policy', path, '--policy-uri', 'ipfs://next', '--reason', 'simpler', '--dry-run'];
    const { calls } = await propose(args, council);
    const { hash } = parsePolicy(policy);
    expect(calls[0]!.changes.map(({ what, new: next }) => [what, next])).to.deep.equal([
      ['policy', hash],
      ...tasks.map((task) => [`minimum score of ${task}`, '3']),
    ]);
    const preset = await failure(['--policy', remote.book, '--policy-uri', 'ipfs://x', '--reason', 'a slip'], council);
    expect([preset.exit, preset.code]).to.deep.equal([2, 'PRESET_INVALID']);
  });

  it('the holders: put to the vote, carried, executed; how they vote changes with it', async () => {
    const { world } = remote;
    const { alice, bob, carol, council, mallory } = world.actors;
    const { governor, handover, parameters, timelock } = world.chain.contracts;
    for (const holder of [alice, bob, carol]) await done('delegate', [], holder);
    await wait(8 * DAY);
    await (await handover.connect(council).handover(rising(alice, bob, carol))).wait();

    const greedy = await failure(['--quorum', '90%', '--reason', 'never again'], alice);
    expect([greedy.exit, greedy.code]).to.deep.equal([5, 'MiningGovernor_OutOfRange']);
    const args = ['--foundation-share', '20%', '--quorum', '20%', '--reason', 'more for the foundation'];
    const poor = await failure([...args, '--yes'], mallory);
    expect([poor.exit, poor.code]).to.deep.equal([5, 'GovernorInsufficientProposerVotes']);
    const sent = await propose([...args, '--yes'], alice);
    expect(sent.office).to.equal('governor');
    expect(sent.description).to.equal(`more for the foundation\n#proposer=${alice.address}`);
    expect(sent.calls.flatMap(({ changes }) => changes.map(({ old, new: next }) => [old, next]))).to.deep.equal([
      ['10 %', '20 %'],
      [`${(await governor['quorumNumerator()']()) / 10n ** 16n} %`, '20 %'],
    ]);
    expect(sent.emission.foundation.after).to.equal(`${BigInt(sent.emission.budget) / 5n}`);

    await wait(Number(await governor.votingDelay()) + 1);
    for (const holder of [alice, bob]) await done('vote', [sent.short, '--for'], holder);
    await wait(Number(await governor.votingPeriod()) + Number(await governor.lateQuorumVoteExtension()) + 1);
    await done('queue', [sent.short], mallory);
    await wait(Number(await timelock.getMinDelay()));
    await done('execute', [sent.short], mallory);
    const share = async (epoch: number) => (await parameters.foundationAt(epoch)).share;
    expect([await share(sent.from.epoch - 1), await share(sent.from.epoch)]).to.deep.equal([WAD / 10n, WAD / 5n]);
    expect(await governor['quorumNumerator()']()).to.equal(WAD / 5n);
  });
});
