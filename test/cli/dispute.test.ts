import { cp, mkdir, readFile } from 'node:fs/promises';

import { expect } from 'chai';

import { disproveCall } from '../../src/chain/disproof.ts';
import type { DisputedProposal } from '../../src/chain/disputed-proposal.ts';
import { readDisputedProposal, readProposalState } from '../../src/chain/disputed-proposal.ts';
import { proposeSettlement, readBasis } from '../../src/chain/epoch-steps.ts';
import type { Submission } from '../../src/cli/governance/submit.ts';
import { parseHash32 } from '../../src/protocol/brands.ts';
import { bytesToHex, hexToBytes } from '../../src/protocol/words.ts';
import { revealFrom } from '../../src/settlement/faults/open-tree.ts';
import { reportPreimages } from '../../src/settlement/faults/report-preimages.ts';
import { prove } from '../../src/settlement/prover/prove.ts';
import type { ReportFiles } from '../../src/settlement/report/report-file.ts';
import { buildReport } from '../../src/settlement/report/build-report.ts';
import { contentIdFrom, contentIdOf } from '../../src/settlement/report/content-id.ts';
import { settleEpoch } from '../../src/settlement/settle-epoch.ts';
import { writeFiles } from '../../src/store/folder-writer.ts';
import type { RemoteWorld } from '../support/remote-world.ts';
import { startRemoteWorld } from '../support/remote-world.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import type { Settled, Work } from '../support/world.ts';
import { accountOf, BEFORE, closeNext, finalise, propose, settleOffChain, storyPreset } from '../support/world.ts';
import type { ErrorDocument } from './run-lode.ts';
import { lode } from './run-lode.ts';

const START = 2_000_000_000;

/** What the commands say with `--json`, as far as it is looked at; amounts are strings. */
interface Document {
  readonly found: string | null;
  readonly leaf: number | null;
  readonly leaves: readonly number[];
  readonly cost: { readonly bytes: number; readonly gas: number } | null;
  readonly reward: string | null;
  readonly deposit: string;
  readonly deposits: string;
  readonly credited: string;
  readonly bonds: string;
  readonly deadline: number;
  readonly notes: readonly string[];
  readonly submission:
    | (Omit<Submission, 'transactions'> & { readonly transactions: readonly { data: string; gas: string | null }[] })
    | null;
  readonly error: ErrorDocument;
}

/** One deployment; each test begins with an epoch that is closed, and for which nothing is proposed. */
describe('lode disprove, demand, answer and withdraw, on a node in another process', function () {
  this.timeout(300_000);
  const files = temporaryFolder();
  let remote: RemoteWorld;
  let first: Settled;
  let settled: Settled;
  let work: Work;
  let snapshot: unknown;

  const request = async (method: string, ...parameters: readonly unknown[]) =>
    await remote.node.request(method, ...parameters);

  before(async () => {
    remote = await startRemoteWorld(files.path('addresses.json'), { start: START, preset: storyPreset() });
    const { world } = remote;
    const miners = [world.actors.alice, world.actors.bob, world.actors.carol, world.actors.dave].map(accountOf);
    work = {
      scores: miners.map((account, at) => ({ account, task: at + 1, score: BigInt(10 + at) })),
      uses: [{ account: miners[0]!, uses: 2n }],
    };
    first = await settleOffChain(world, BEFORE, await closeNext(world), work);
    const { until } = await propose(world, first);
    await finalise(world, first, until);
    await writeFiles(files.path('honest/epochs/000000'), first.files);
    settled = await settleOffChain(world, first.next, await closeNext(world), work);
    await writeFiles(files.path('honest/epochs/000001'), settled.files);
    snapshot = await request('evm_snapshot');
  });
  after(async () => {
    await remote.close();
  });
  afterEach(async () => {
    await request('evm_revert', snapshot);
    snapshot = await request('evm_snapshot');
  });

  /** Runs a command in a process of its own, beside the files of the test. */
  async function run(words: string, ...more: readonly string[]) {
    const args = [...words.split(' '), '--epoch', '1', ...remote.reach, ...more, '--json'];
    const { code, stdout, stderr } = await lode(args, files.path('.'), remote.environment);
    return { code, stderr, document: JSON.parse(stdout) as Document };
  }

  async function done(words: string, ...more: readonly string[]): Promise<Document> {
    const { code, stderr, document } = await run(words, ...more);
    expect(code, stderr).to.equal(0);
    return document;
  }

  async function fails(exitCode: number, words: string, ...more: readonly string[]): Promise<ErrorDocument> {
    const { code, stderr, document } = await run(words, ...more);
    expect(code, stderr).to.equal(exitCode);
    return document.error;
  }

  async function withdraw(...more: readonly string[]) {
    const args = ['withdraw', ...remote.reach, ...more, '--json'];
    const { code, stdout, stderr } = await lode(args, files.path('.'), remote.environment);
    return { code, stderr, document: JSON.parse(stdout) as Document };
  }

  const as = (who: { readonly address: string }) => ['--as', who.address, '--yes'];
  const creditOf = async (who: { readonly address: string }) =>
    await remote.world.chain.contracts.distributor.bondCreditOf(who.address);

  /** The epoch as a liar settles it: by other weights than the record has. */
  async function withOtherWeights(): Promise<Settled> {
    const { record, parent } = settled;
    const other = { ...record, weights: record.weights.toReversed() };
    const lie = settleEpoch({ parent, record: other, scores: work.scores ?? [], uses: [], unlockPerUse: 0n });
    const report = buildReport(lie, { parentManifest: null, inputs: {}, unlockPerUse: 0n, rejects: [] });
    const reportCid = parseHash32(bytesToHex((await contentIdOf(report)).digest));
    return { ...lie, record, files: report, reportCid, declared: { ...lie.settlement, reportCid } };
  }

  /** The honest report without the row of the last account: what stands behind its leaf cannot be known from it. */
  function withoutLast(report: ReportFiles): ReportFiles {
    const text = new TextDecoder().decode(report.get('accounts.json'));
    const document = JSON.parse(text) as { accounts: unknown[] };
    document.accounts.pop();
    return new Map([...report, ['accounts.json', new TextEncoder().encode(JSON.stringify(document))]]);
  }

  async function proposeAnyhow({ record, declared }: Settled): Promise<DisputedProposal> {
    const { chain, actors } = remote.world;
    const basis = await readBasis(chain, record);
    await proposeSettlement(chain, actors.oscar, { record, settlement: declared, basis });
    return await readDisputedProposal(chain, record.epoch);
  }

  it('says that it lacks the report of the epoch before', async () => {
    await proposeAnyhow(settled);
    await writeFiles(files.path('alone/epochs/000001'), settled.files);
    const { code } = await fails(6, 'disprove --report alone', ...as(remote.world.actors.mallory));
    expect(code).to.equal('PARENT_REPORT_MISSING');
  });

  it('finds nothing wrong with an honest settlement, and sends nothing', async () => {
    await propose(remote.world, settled);
    const { mallory } = remote.world.actors;
    const document = await done('disprove --report honest', ...as(mallory));
    expect(document).to.deep.include({ found: null, cost: null, reward: null, notes: [], submission: null });
    expect((await fails(5, 'demand --report honest', ...as(mallory))).code).to.equal('NOTHING_TO_DEMAND');
    expect((await fails(5, 'answer --report honest', ...as(mallory))).code).to.equal('NOTHING_DEMANDED');
    const { code, document: owed } = await withdraw(...as(mallory));
    expect({ code, error: owed.error.code }).to.deep.equal({ code: 5, error: 'NOTHING_OWED' });
  });

  it('drops a dishonest settlement by the cheapest proof of its report, and pays half of the bond', async () => {
    const { world } = remote;
    const { chain, actors } = world;
    const lie = await withOtherWeights();
    // Published by content id, as watchers look for it; the report before stands there too.
    const { cid } = contentIdFrom(hexToBytes(lie.reportCid));
    await writeFiles(files.path(`published/${cid}`), lie.files);
    await mkdir(files.path('published/epochs'), { recursive: true });
    await cp(files.path('honest/epochs/000000'), files.path('published/epochs/000000'), { recursive: true });
    const proposal = await proposeAnyhow(lie);
    const verdict = prove({
      context: proposal.context,
      reveal: revealFrom([...reportPreimages(lie.files)]),
      revealParent: revealFrom([...reportPreimages(first.files)]),
    });
    if (verdict.kind !== 'disproof') throw new Error(`the lie is ${verdict.kind}`);
    const expected = disproveCall(chain.addresses, proposal, verdict.disproof);

    const dry = await done('disprove --report published --dry-run', '--as', actors.mallory.address);
    const { fault, cost } = verdict.disproof;
    const reward = `${proposal.bond / 2n}`;
    expect(dry).to.deep.include({ found: fault, cost, reward, notes: [], epoch: 1 });
    expect(dry.submission).to.deep.include({ sent: false, safeFile: null });
    const [tried] = dry.submission!.transactions;
    expect(tried!.data).to.equal(expected.data);
    const gas = Number(tried!.gas);
    expect(cost.gas, `${gas} gas are needed`).to.be.within(gas * 0.8, gas * 1.2);
    expect((await fails(5, 'disprove --report published')).code).to.equal('NOT_CONFIRMED');

    await done('disprove --report published', '--safe-json', files.path('safe.json'));
    const safe = JSON.parse(await readFile(files.path('safe.json'), 'utf8')) as { transactions: { data: string }[] };
    expect(safe.transactions.map(({ data }) => data)).to.deep.equal([expected.data]);
    expect(await readProposalState(chain, proposal.proposalId)).to.equal('pending');

    const told = await lode(
      ['disprove', '--epoch', '1', '--report', `published/${cid}`, ...remote.reach, ...as(actors.mallory)],
      files.path('.'),
      remote.environment,
    );
    expect(told.code, told.stderr).to.equal(0);
    expect(told.stderr).to.contain(`proof     ${fault}, `);
    expect(told.stdout).to.contain('done: disprove proposal').and.contain('distributor.disprove');
    expect(await readProposalState(chain, proposal.proposalId)).to.equal('disproved');
    const over = await fails(5, 'disprove --report published', ...as(actors.mallory));
    expect(over).to.deep.include({
      code: 'NOT_PROPOSED',
      message: 'no proposal of epoch 1 is pending; the last one is disproved',
    });

    const owed = await creditOf(actors.mallory);
    expect(`${owed}`).to.equal(reward);
    const balance = await chain.provider.getBalance(actors.mallory.address);
    // Paid by somebody else: not a wei goes into gas.
    const { code, stderr, document } = await withdraw('--account', actors.mallory.address, ...as(actors.alice));
    expect(code, stderr).to.equal(0);
    expect(document).to.deep.include({ credited: reward, deposits: '0' });
    expect((await chain.provider.getBalance(actors.mallory.address)) - balance).to.equal(owed);
  });

  it('demands what a report withholds, and takes a settlement for sound once the leaf is shown', async () => {
    const { chain, actors } = remote.world;
    await writeFiles(files.path('partial/epochs/000001'), withoutLast(settled.files));
    await cp(files.path('honest/epochs/000000'), files.path('partial/epochs/000000'), { recursive: true });
    const { proposalId, bond } = await proposeAnyhow(settled);
    const last = settled.declared.leafCount - 1;

    const hidden = await fails(5, 'disprove --report partial', ...as(actors.mallory));
    expect(hidden).to.deep.include({ code: 'LEAF_NOT_SHOWN' });
    expect(hidden.details).to.deep.include({ leaf: last });
    expect((await fails(6, 'demand', ...as(actors.mallory))).code).to.equal('LEAF_MISSING');
    expect((await fails(5, `demand --index ${last + 1}`, ...as(actors.mallory))).code).to.equal('NO_SUCH_LEAF');
    const demanded = await done('demand --report partial', ...as(actors.mallory));
    const kept = await chain.contracts.distributor.demandOf(proposalId, last);
    expect(demanded).to.deep.include({ leaf: last, deposit: `${bond / 32n}`, deadline: Number(kept.deadline) });
    expect(kept.demander).to.equal(actors.mallory.address);
    const by = new Date(Number(kept.deadline) * 1000).toISOString().replace('.000', '');
    const again = await fails(5, `demand --index ${last}`, ...as(actors.mallory));
    expect(again.code).to.equal('ALREADY_DEMANDED');
    expect(again.message).to.contain(`it has to be shown by ${by}`);
    const waiting = await fails(5, 'disprove --report partial', ...as(actors.mallory));
    expect(waiting.code).to.equal('ANSWER_OPEN');
    expect(waiting.message).to.contain(`may be shown until ${by}`);

    expect((await fails(6, 'answer --report partial', ...as(actors.oscar))).code).to.equal('LEAF_NOT_SHOWN');
    const answered = await done('answer --report honest', ...as(actors.oscar));
    expect(answered).to.deep.include({ leaves: [last], reward: `${bond / 32n}` });
    expect(await creditOf(actors.oscar)).to.equal(bond / 32n + (await honestBond()));
    // The report is as short as before; what was shown on chain makes up for it.
    const sound = await done('disprove --report partial', ...as(actors.mallory));
    expect(sound).to.deep.include({ found: null, submission: null });
    expect(sound.notes.join()).to.contain('is not the report that the proposal of epoch 1 names');
  });

  it('drops a settlement whose leaf nobody shows, without any report, and pays the demander', async () => {
    const { world, node } = remote;
    const { chain, actors } = world;
    const { proposalId, bond, demandUntil } = await proposeAnyhow(settled);
    const unshown = await fails(5, 'disprove', ...as(actors.mallory));
    expect(unshown.code).to.equal('REPORT_NOT_GIVEN');
    expect(unshown.message).to.match(/^no report was given/);
    expect(unshown.next).to.match(/^give its report with --report; .*lode demand --epoch 1 --index 0/);
    const { deposit, deadline } = await done('demand --index 0', ...as(actors.mallory));
    await node.travelTo(deadline - 10);
    expect((await fails(5, 'disprove', ...as(actors.alice))).code).to.equal('ANSWER_OPEN');
    await node.travelTo(deadline);
    const dropped = await done('disprove', ...as(actors.alice));
    expect(dropped).to.deep.include({ found: 'unanswered', leaf: 0, cost: null, reward: null });
    expect(await readProposalState(chain, proposalId)).to.equal('disproved');
    expect(await creditOf(actors.mallory)).to.equal(BigInt(deposit) + bond / 2n);
    expect(await creditOf(actors.alice)).to.equal(0n);
    expect(deadline).to.be.lessThan(demandUntil);
  });

  it('takes the deposit back when the proposal falls otherwise, and no demand when it is too late', async () => {
    const { world, node } = remote;
    const { chain, actors } = world;
    const { proposalId, bond, demandUntil } = await proposeAnyhow(settled);
    const { deposit } = await done('demand --index 1', ...as(actors.mallory));
    await node.travelTo(demandUntil + 1);
    expect((await fails(5, 'demand --index 0', ...as(actors.mallory))).code).to.equal('DEMANDS_OVER');
    await (await chain.contracts.distributor.connect(actors.gina).veto(proposalId, 'false scores')).wait();
    const { code, stderr, document } = await withdraw(...as(actors.mallory));
    expect(code, stderr).to.equal(0);
    expect(document).to.deep.include({ credited: '0', deposits: deposit });
    expect(document.submission!.transactions.length).to.equal(2);
    expect(BigInt(deposit)).to.equal(bond / 32n);
    expect(await creditOf(actors.mallory)).to.equal(0n);

    // Nobody rules about the veto: what the operator is paid begins with the release of the bond.
    const { rulingUntil } = await chain.contracts.distributor.proposalOf(proposalId);
    await node.travelTo(Number(rulingUntil));
    const lapsed = await withdraw(...as(actors.oscar));
    expect(lapsed.code, lapsed.stderr).to.equal(0);
    expect(lapsed.document).to.deep.include({ credited: `${await honestBond()}`, deposits: '0', bonds: `${bond}` });
    expect(lapsed.stderr).to.contain(`release the bond of settlement ${proposalId}`);
    expect(await chain.contracts.distributor.suspended(actors.oscar)).to.equal(false);
  });

  /** What the first epoch's settlement, which became final, gave back to its operator. */
  async function honestBond(): Promise<bigint> {
    const { distributor } = remote.world.chain.contracts;
    return (await distributor.proposalOf(1)).bond;
  }
});
