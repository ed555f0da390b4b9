import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect } from 'chai';

import { readClosed } from '../../src/chain/epoch-state.ts';
import { finaliseEpoch, proposeSettlement, readBasis } from '../../src/chain/epoch-steps.ts';
import { run } from '../../src/cli/run.ts';
import { lockData, reportPath } from '../../src/operator/data-folder.ts';
import { openJournal } from '../../src/operator/journal.ts';
import { readReport } from '../../src/store/report-folder.ts';
import { SteppedOperator } from '../support/operator-steps.ts';
import type { RemoteWorld } from '../support/remote-world.ts';
import { startRemoteWorld } from '../support/remote-world.ts';
import { BEFORE, closeNext, settleOffChain, storyPreset, travelTo } from '../support/world.ts';

describe('lode epoch: from rows to a report', function () {
  this.timeout(120_000);
  let folder = '';
  let remote: RemoteWorld;
  let operator: SteppedOperator;

  async function lode(...given: readonly string[]) {
    const said = { stdout: '', stderr: '' };
    const code = await run(given, {
      out: (text) => (said.stdout += text),
      err: (text) => (said.stderr += text),
      ...{ isTerminal: false, columns: 80, cwd: operator.data },
    });
    return { code, ...said };
  }

  const json = ({ stdout }: { readonly stdout: string }) => JSON.parse(stdout) as Readonly<Record<string, unknown>>;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lode-epoch-'));
    const start = Math.floor(Date.now() / 1000) + 7_200;
    remote = await startRemoteWorld(join(folder, 'addresses.json'), { start, preset: storyPreset() });
    operator = new SteppedOperator(join(folder, 'data'), remote.world);
    await operator.write([operator.line('a', 0), operator.line('b', 0, 1), operator.line('c', 1, 2)]);
  });

  after(async () => {
    await remote.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('goes from settings to a settled epoch, each step when it is due, and tells where it stands', async () => {
    const { world } = remote;
    expect((await lode('epoch', 'status')).code).to.equal(6);
    const given = ['--addresses', remote.book, '--rpc', remote.node.url, '--confirmations', '0'];
    expect((await lode('init', ...given, '--contributions', 'rows.csv', '--yes')).code).to.equal(0);
    expect((await lode('epoch', 'status')).stdout).to.contain('no epoch has begun');

    await travelTo(world, world.parameters.economy.start);
    const running = json(await lode('epoch', 'status', '--json'));
    expect(running).to.deep.include({ nextToClose: 0, nextToFinalise: 0 });
    expect(running['epochs']).to.have.lengthOf(1);
    const early = await lode('epoch', 'ingest');
    expect(early.code).to.equal(4);
    expect(early.stdout).to.match(/^epoch 0: rows of epoch 0 are taken until .*Z\n {2}until: .*Z\n$/);
    expect((await lode('epoch', 'score')).stdout).to.contain('epoch 0 is not cut');
    expect((await lode('epoch', 'settle')).code).to.equal(4);

    await operator.passGrace(0);
    expect((await lode('epoch', 'ingest', '--dry-run')).stdout).to.contain('epoch 0: ingest would be done');
    const ingest = await lode('epoch', 'ingest');
    expect(ingest.stdout).to.match(/^epoch 0: ingest is done\n {2}read: 3\n {2}cut: 2\n/);
    await closeNext(world);
    expect(json(await lode('epoch', 'score', '--json'))).to.deep.include({ epoch: 0, step: 'score', state: 'done' });
    const settle = json(await lode('epoch', 'settle', '--json'));
    expect(settle).to.deep.include({ epoch: 0, state: 'done', dryRun: false, reason: null });
    expect((await lode('epoch', 'settle')).stdout).to.contain('epoch 0: settle was done before');

    const status = (await lode('epoch', 'status')).stdout;
    expect(status).to.contain('next to close 1, next to become final 0');
    expect(status).to.match(/ 0 {2}\S+Z {2}closed {4}· +done {4}done {3}done {4}· /);
    // The next of each step is another epoch by now.
    expect((await lode('epoch', 'ingest')).stdout).to.contain('epoch 1: rows of epoch 1');
  });

  it('leaves a folder alone in which somebody works, and can be asked about it all the same', async () => {
    const lock = await lockData(operator.data);
    const busy = await lode('epoch', 'ingest');
    expect(busy.code).to.equal(5);
    expect(busy.stderr).to.contain('another operator works in').and.contain('lock: ');
    expect((await lode('epoch', 'status')).code).to.equal(0);
    expect((await lode('epoch', 'settle', '--dry-run')).code).to.equal(0);
    await lock.release();
  });

  it('does not settle in another way what may have been proposed', async () => {
    await lode('epoch', 'settle', '--again');
    const files = await readReport(reportPath(operator.data, 0));
    await (await openJournal(operator.data, 0)).begin('propose', {});
    expect((await lode('epoch', 'settle', '--again')).code).to.equal(0);
    expect(await readReport(reportPath(operator.data, 0))).to.deep.equal(files);
  });

  it('tells when another root became final than the one that was settled here', async () => {
    const { world } = remote;
    const { chain, actors } = world;
    const closed = await readClosed(chain, 0);
    if (closed === null) return expect.fail('epoch 0 is closed');
    const settled = await settleOffChain(world, BEFORE, closed, { scores: [] });
    const { record, declared: settlement } = settled;
    const basis = await readBasis(chain, record);
    const { until } = await proposeSettlement(chain, actors.oscar, { record, settlement, basis });
    expect((await lode('epoch', 'status')).stdout).to.contain('proposed');
    await travelTo(world, until);
    await finaliseEpoch(chain, actors.alice, { record, settlement });
    const status = await lode('epoch', 'status');
    expect(status.code).to.equal(3);
    expect(status.stdout).to.contain('≠ final').and.contain('which is not what was settled here');
    const [first] = json(await lode('epoch', 'status', '--json'))['epochs'] as Record<string, unknown>[];
    expect(first).to.include({ chain: 'final', differs: true, finalRoot: settlement.root });
    expect((await lode('epoch', 'settle', '--epoch', '0', '--again')).stdout).to.contain('epoch 0: epoch 0 is final');
  });
});
