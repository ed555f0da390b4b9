import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect } from 'chai';

import type { ClosedEvent } from '../../src/chain/events.ts';
import type { ToldEvent } from '../../src/cli/watch/watch-event.ts';
import { contentIdFrom, contentIdOf } from '../../src/settlement/report/content-id.ts';
import { parseHash32 } from '../../src/protocol/brands.ts';
import { bytesToHex, hexToBytes } from '../../src/protocol/words.ts';
import type { WatchScene } from '../support/watch-scene.ts';
import { startWatchScene, told } from '../support/watch-scene.ts';
import type { WatchWorld } from '../support/watch-world.ts';
import { withFalseScores } from '../support/watch-world.ts';
import type { Settled } from '../support/world.ts';
import { accountOf } from '../support/world.ts';
import { lode, lodeError } from './run-lode.ts';

type Alarm = Extract<ToldEvent, { event: 'alarm' }>;
const ANOTHER = `0x${'5a'.repeat(32)}`;
const alarmsIn = (events: readonly ToldEvent[]): Alarm[] =>
  events.filter((event): event is Alarm => event.event === 'alarm');
/** One deployment; each test begins with an epoch that is closed and for which nothing is proposed. */
describe('lode watch, on a node in another process', function () {
  this.timeout(300_000);

  let watched: WatchWorld;
  let closed: ClosedEvent;
  let settled: WatchScene['honest'];
  let request: WatchScene['request'];
  let finalise: WatchScene['finalise'];
  let reset: WatchScene['reset'];

  before(async () => {
    ({ watched, closed, honest: settled, request, finalise, reset } = await startWatchScene());
  });
  after(async () => await watched.close());
  afterEach(async () => await reset());

  it('finds an honest settlement equal, once, and ends with 0', async () => {
    expect((await watched.look('equal')).events.map(({ event }) => event)).to.deep.equal(['watching']);
    const { until } = await watched.propose(settled);
    const { code, events, stderr } = await watched.look('equal');
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
    expect(told(events)).to.deep.equal(['watching', 'chain', 'judged']);
    expect(events.at(-1)).to.deep.include({ verdict: 'equal', epoch: 1, root: settled.declared.root, until });
    expect(told((await watched.look('equal')).events)).to.deep.equal(['watching']);
    await watched.remote.node.travelTo(until);
    await finalise(settled);
    const final = await watched.look('equal');
    expect(final.code).to.equal(0);
    expect(final.events.at(-1)).to.deep.include({
      event: 'chain',
      name: 'EpochFinalised',
      verdict: 'equal',
      alarm: false,
    });
  });

  it('raises an alarm for false scores: accounts, tasks, figures, and the guardian’s veto, which works', async () => {
    const { world } = watched;
    const alice = accountOf(world.actors.alice);
    const lie = await withFalseScores(settled, alice);
    await watched.publish(lie);
    const { proposalId } = await watched.propose(lie);
    const { code, events } = await watched.look('scores');
    expect(code).to.equal(3);
    const [alarm] = alarmsIn(events);
    expect(alarm).to.deep.include({ alarm: true, verdict: 'false-scores', when: 'at once' });
    const truth = [...settled.rows].find(({ account }) => account === alice)!;
    const task = truth.scores.findIndex((score) => score > 0n);
    const [figure, ...others] = alarm?.differences?.figures ?? [];
    expect(others).to.deep.equal([]);
    expect(figure).to.deep.equal({
      ...{ account: alice, what: 'score', of: closed.record.tasks[task] },
      declared: `${truth.scores[task]! * 3n}`,
      recomputed: `${truth.scores[task]!}`,
    });
    expect(Object.values(alarm?.tasks ?? {})).to.include('data-contribution');
    expect(alarm?.reason).to.contain(alice);
    const veto = alarm?.veto;
    const file = JSON.parse(await readFile(veto?.safeFile ?? '', 'utf8')) as { transactions: { data: string }[] };
    expect(file.transactions.map(({ data }) => data)).to.deep.equal([veto?.data]);
    // Told once for each part of the window, and again after none of the restarts between.
    expect(alarmsIn((await watched.look('scores')).events)).to.deep.equal([]);
    const alone = await lode(watched.arguments('scores', '--once'), watched.folder);
    expect(alone.code).to.equal(3);
    expect(alone.stdout.split('\n').map((line) => line.slice(0, 22))).to.deep.equal(['{"block":null,"time":n', '']);
    await (await world.actors.gina.sendTransaction({ to: veto?.to ?? '', data: veto?.data ?? '' })).wait();
    const after = await watched.look('scores');
    expect(after.code).to.equal(0);
    expect(after.events.at(-1)).to.deep.include({ event: 'chain', name: 'ProposalVetoed' });
    expect((after.events.at(-1) as { values: Record<string, string> }).values).to.include({
      proposalId: `${proposalId}`,
      reason: alarm?.reason,
    });
  });

  it('raises an alarm at once, at half and at a quarter of the window while the report is not there', async () => {
    const { until } = await watched.propose(settled);
    const { window } = closed.record;
    const hidden = contentIdFrom(hexToBytes(settled.reportCid)).cid;
    await rm(join(watched.reports, hidden), { recursive: true });
    try {
      const seen: (string | undefined)[] = [];
      const times = [until - window + 60, until - window / 2, until - window / 2 + 60, until - window / 4, until - 60];
      for (const time of times) {
        await watched.remote.node.travelTo(time);
        const { code, events } = await watched.look('hidden');
        expect(code).to.equal(3);
        const [alarm] = alarmsIn(events);
        seen.push(alarm?.when);
        if (alarm === undefined) continue;
        expect(alarm).to.deep.include({ verdict: 'hidden', left: until - time, report: null, differences: null });
        expect(alarm.reason).to.equal('its report is not available; its root is what the ledger gives');
        expect(alarm.places.map(({ outcome }) => outcome)).to.deep.equal(['unavailable']);
        expect(alarm.veto?.data).to.match(/^0x/);
      }
      const late = 'a quarter of the window left';
      expect(seen).to.deep.equal(['at once', 'half of the window left', undefined, late, undefined]);
    } finally {
      await watched.publish(settled);
    }
    const { code, events } = await watched.look('hidden');
    expect(code).to.equal(0);
    expect(events.at(-1)).to.deep.include({ event: 'judged', verdict: 'equal' });
  });

  it('does nothing while two endpoints disagree, says on what, and goes on when they agree again', async () => {
    const lie = await withFalseScores(settled, accountOf(watched.world.actors.alice));
    await watched.publish(lie);
    await watched.propose(lie);
    const [, liar] = watched.endpoints;
    liar.bend = ({ method }, answer) => (method === 'eth_getLogs' ? { ...answer, result: [] } : answer);
    const hiding = await watched.look('liar');
    expect(hiding.code).to.equal(4);
    expect(told(hiding.events)).to.deep.equal(['watching', 'unavailable']);
    liar.bend = ({ method }, answer) =>
      method === 'eth_getBlockByNumber'
        ? { ...answer, result: { ...(answer.result as object), hash: `0x${'ab'.repeat(32)}` } }
        : answer;
    const forked = await watched.look('liar');
    expect(forked.code).to.equal(4);
    const [, disagreement] = forked.events;
    expect(disagreement).to.deep.include({ event: 'disagree', alarm: true });
    expect(disagreement?.event === 'disagree' && disagreement.answers.length).to.equal(2);
    liar.bend = ({ method, params }, answer) => {
      const call = params[0] as { data?: string } | undefined;
      // pendingProposal(): nothing waits, says the liar.
      const isAsked = method === 'eth_call' && call?.data === '0x' + selectorOf(watched, 'pendingProposal');
      return isAsked ? { ...answer, result: `0x${'0'.repeat(64)}` } : answer;
    };
    const silent = await watched.look('liar');
    expect(silent.events[1]).to.deep.include({ event: 'disagree', what: 'the proposal that waits' });
    liar.bend = (_, answer) => answer;
    liar.status = 503;
    const plain = watched.arguments('liar', '--once').filter((arg) => arg !== '--json');
    expect((await lodeError(4, plain)).code).to.equal('NODE_UNAVAILABLE');
    liar.status = null;
    expect(alarmsIn((await watched.look('liar')).events).map(({ verdict }) => verdict)).to.deep.equal(['false-scores']);
  });

  it('looks anew at what a reorg put in the place of a proposal, under the same number', async () => {
    const before = await request('evm_snapshot');
    const first = await watched.propose(settled);
    expect((await watched.look('reorg')).code).to.equal(0);
    await request('evm_revert', before);
    await request('evm_mine');
    const lie = await withFalseScores(settled, accountOf(watched.world.actors.bob));
    await watched.publish(lie);
    const second = await watched.propose(lie);
    expect(second.proposalId).to.equal(first.proposalId);
    const { code, events } = await watched.look('reorg');
    expect(code).to.equal(3);
    expect(told(events)).to.include.members(['reorg', 'alarm']);
    expect(alarmsIn(events).map(({ verdict }) => verdict)).to.deep.equal(['false-scores']);
  });

  it('believes nothing of a block that is gone when it has read what it needs', async () => {
    await watched.propose(settled);
    const head = await request('eth_blockNumber');
    let isRead = false;
    for (const endpoint of watched.endpoints) {
      endpoint.bend = ({ method, params }, answer) => {
        isRead ||= method === 'eth_getLogs';
        const isHead = method === 'eth_getBlockByNumber' && params[0] === head;
        return isHead && isRead ? { ...answer, result: { ...(answer.result as object), hash: ANOTHER } } : answer;
      };
    }
    const { code, events } = await watched.look('gone');
    expect(code).to.equal(4);
    expect(events.at(-1)).to.deep.include({ event: 'unavailable', code: 'BLOCK_GONE' });
  });

  it('survives reports that are made to break their reader: each is an alarm in which nothing is believed', async () => {
    const text = (value: string): Uint8Array => new TextEncoder().encode(value);
    const accounts = new TextDecoder().decode(settled.files.get('accounts.json'));
    const everywhere = (bytes: Uint8Array): Map<string, Uint8Array> =>
      new Map([...settled.files.keys()].map((name) => [name, bytes]));
    const withAccounts = (value: string): Map<string, Uint8Array> =>
      new Map([...settled.files, ['accounts.json', text(value)]]);
    const hostile: readonly [string, ReadonlyMap<string, Uint8Array>, Partial<Settled['declared']>][] = [
      ['nothing in it', everywhere(text('{}')), {}],
      ['no text', everywhere(new Uint8Array(1_000).fill(0xff)), {}],
      ['brackets', everywhere(text(`${'['.repeat(200_000)}${']'.repeat(200_000)}`)), {}],
      ['null', withAccounts('{"accounts":null}'), {}],
      ['prototypes', withAccounts('{"accounts":[{"__proto__":{"account":"0x00"},"constructor":1}]}'), {}],
      ['numbers', withAccounts(accounts.replaceAll(/"\d+"/g, `"${'9'.repeat(400)}"`)), {}],
      ['more leaves than there can be', settled.files, { leafCount: 2 ** 32 - 1 }],
      ['another root', settled.files, { root: parseHash32(`0x${'5a'.repeat(32)}`) }],
    ];
    for (const [name, files, lie] of hostile) {
      const reportCid = parseHash32(bytesToHex((await contentIdOf(files)).digest));
      await watched.publish({ files, reportCid });
      await watched.propose({ ...settled, declared: { ...settled.declared, ...lie, reportCid } });
      const { code, events, stderr } = await watched.look(`hostile ${name}`);
      expect({ name, code, stderr }).to.deep.equal({ name, code: 3, stderr: '' });
      const [alarm] = alarmsIn(events);
      expect(alarm?.verdict, name).to.be.oneOf(['withheld', 'fault']);
      expect(alarm?.reason, name).not.to.contain('judging it failed');
      await reset();
    }
  });

  it('says what it lacks: a ledger that cannot be read, the report of the epoch before', async () => {
    await watched.propose(settled);
    const { code, events } = await watched.look('lacking', '--variant', 'verified');
    expect(code).to.equal(3);
    expect(alarmsIn(events)[0]).to.deep.include({ verdict: 'unjudged', code: 'POLICY_DIFFERS' });
    expect(alarmsIn(events)[0]?.veto?.reason).to.match(/^it cannot be held against the ledger: /);
    // A folder that cannot be written stands for whatever else may break within.
    await mkdir(join(watched.folder, 'broken'));
    await writeFile(join(watched.folder, 'broken', 'reports'), 'not a folder');
    const broken = await watched.look('broken');
    expect(broken.code).to.equal(3);
    expect(alarmsIn(broken.events)[0]).to.deep.include({ verdict: 'unjudged', code: 'JUDGE_FAILED' });
    expect(alarmsIn(broken.events)[0]?.reason).to.match(/^judging it failed: /);
    const cid = contentIdFrom(hexToBytes((await reportOf(0)) ?? '')).cid;
    const files = {
      ...(await import('../../src/store/report-folder.ts')),
      ...(await import('../../src/store/folder-writer.ts')),
    };
    const kept = await files.readReport(join(watched.reports, cid));
    await rm(join(watched.reports, cid), { recursive: true });
    const orphan = await watched.look('orphan');
    expect(alarmsIn(orphan.events)[0]).to.deep.include({ verdict: 'unjudged', code: 'PARENT_UNAVAILABLE' });
    expect(alarmsIn(orphan.events)[0]?.reason).to.contain('the final root of epoch 0');
    await files.writeFiles(join(watched.reports, cid), kept);
    expect((await watched.look('orphan')).code).to.equal(0);
  });

  it('refuses one endpoint, the same twice, and a state in use, each in words', async () => {
    const args = watched.arguments('refused', '--once');
    const at = args.indexOf(watched.endpoints[1].url);
    const alone = args.filter((_, index) => index !== at && args[index] !== '--json');
    expect((await lodeError(2, alone)).code).to.equal('ENDPOINTS_TOO_FEW');
    const twice = args
      .map((arg, index) => (index === at ? watched.endpoints[0].url : arg))
      .filter((a) => a !== '--json');
    expect((await lodeError(2, twice)).code).to.equal('ENDPOINTS_EQUAL');
    await watched.propose(settled);
    const single = await watched.look('single', '--single-endpoint');
    expect(single.code).to.equal(0);
  });

  async function reportOf(epoch: number): Promise<string | null> {
    const { readProposed } = await import('../../src/chain/epoch-state.ts');
    return (await readProposed(watched.world.chain, epoch))?.settlement.reportCid ?? null;
  }
});

function selectorOf({ world }: WatchWorld, name: 'pendingProposal'): string {
  return world.chain.contracts.distributor.interface.getFunction(name).selector.slice(2);
}
