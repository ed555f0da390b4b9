import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect } from 'chai';

import { readOwnSettlement } from '../../../src/operator/chain/own-settlement.ts';
import { epochPath, journalPath, ledgerPath, reportPath } from '../../../src/operator/data-folder.ts';
import { openJournal } from '../../../src/operator/journal.ts';
import { publishStep, unpublishedTargets } from '../../../src/operator/steps/publish.ts';
import { contentIdOf } from '../../../src/settlement/report/content-id.ts';
import { readReport } from '../../../src/store/report-folder.ts';
import { expectCode } from '../../support/expect-code.ts';
import type { KuboServer } from '../../support/kubo-server.ts';
import { startKuboServer } from '../../support/kubo-server.ts';
import { QUICK } from '../../support/publication.ts';
import { configWith, publishingContext, settledEpoch } from '../../support/publishing-data.ts';
import type { PutServer } from '../../support/put-server.ts';
import { startPutServer } from '../../support/put-server.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const EPOCH = 4;

describe('the publish step', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();
  let server: PutServer;
  let node: KuboServer;
  let [data, at] = ['', 0];

  before(async () => {
    [server, node] = [await startPutServer(), await startKuboServer()];
  });
  after(async () => {
    await Promise.all([server.close(), node.close()]);
  });
  beforeEach(async () => {
    data = folder.path(`data-${at++}`);
    await settledEpoch(data, EPOCH);
    server.files.clear();
    server.asked.length = 0;
    server.trouble = () => false;
  });

  const config = () =>
    configWith(data, [
      { kind: 'directory', path: 'public' },
      { kind: 'http', url: withPair(`${server.url}/lode/`) },
      { kind: 'ipfs', api: node.url },
    ]);
  const run = async (settings = config(), options = {}) =>
    await publishStep(await publishingContext(data, EPOCH, settings), { limits: QUICK, ...options });
  const journal = async () => await readFile(journalPath(data, EPOCH), 'utf8');

  it('publishes to every target, writes each into the journal, and is then skipped without asking anybody', async () => {
    const context = await publishingContext(data, EPOCH, config());
    expect(await unpublishedTargets(data, EPOCH, config(), context.journal)).to.have.length(3);
    const { state, facts } = await publishStep(context);
    const { cid } = await contentIdOf(await readReport(reportPath(data, EPOCH)));
    expect(state).to.equal('done');
    expect(facts).to.include({ cid, targets: 3, kept: 0 });
    expect(context.events.map(({ event, state: was }) => `${event} ${String(was)}`)).to.deep.equal(
      Array.from({ length: 3 }, () => 'published confirmed'),
    );
    const done = context.journal.last('publish', 'done');
    expect(Object.values(done?.outputs ?? {})).to.deep.equal([cid, cid, cid]);
    expect(await unpublishedTargets(data, EPOCH, config(), context.journal)).to.deep.equal([]);
    const size = (await stat(journalPath(data, EPOCH))).size;
    server.asked.length = 0;
    expect(await run()).to.deep.equal({ state: 'skipped', facts });
    expect(server.asked).to.deep.equal([]);
    expect((await stat(journalPath(data, EPOCH))).size).to.equal(size);
  });

  it('publishes no other report than the one that is proposed: with a file bent, lost, or put beside', async () => {
    const bent = join(reportPath(data, EPOCH), 'accounts.json');
    const bytes = await readFile(bent);
    await writeFile(bent, Buffer.concat([bytes, Buffer.from(' ')]));
    for (const mend of [
      () => rm(bent),
      () => Promise.all([writeFile(bent, bytes), writeFile(`${bent}~`, 'left by an editor')]),
    ]) {
      await expectCode(run(), 'REPORT_CHANGED');
      await expectCode(readOwnSettlement(data, EPOCH), 'REPORT_CHANGED');
      await mend();
    }
    await expectCode(run(), 'REPORT_CHANGED');
    await expectCode(readOwnSettlement(data, EPOCH), 'REPORT_CHANGED');
    expect(server.files.size).to.equal(0);
    await rm(`${bent}~`);
    expect((await run()).facts['cid']).to.equal((await readOwnSettlement(data, EPOCH))?.cid);
  });

  it('keeps a name and password out of the journal and of what it says, and sends them to the target', async () => {
    const seen = new Set<string | undefined>();
    server.trouble = ({ headers }) => {
      seen.add(headers.authorization);
      return false;
    };
    const context = await publishingContext(data, EPOCH, config());
    await publishStep(context);
    expect([...seen]).to.deep.equal([`Basic ${Buffer.from('name:secret').toString('base64')}`]);
    expect((await journal()) + JSON.stringify(context.events)).to.not.contain('secret');
  });

  it('goes on after a target that fails, and later asks only the one that is missing', async () => {
    server.trouble = (_, response) => {
      response.writeHead(403).end();
      return true;
    };
    await expectCode(run(), 'TARGET_REFUSED');
    const names = await unpublishedTargets(data, EPOCH, config(), await openJournal(data, EPOCH));
    expect(names, 'nothing is done before all are').to.have.length(3);
    const size = (await stat(journalPath(data, EPOCH))).size;
    await expectCode(run(), 'TARGET_REFUSED');
    expect((await stat(journalPath(data, EPOCH))).size, 'trying again does not fill the disk').to.equal(size);
    server.trouble = () => false;
    const context = await publishingContext(data, EPOCH, config());
    await publishStep(context);
    expect(context.events.map(({ target }) => target)).to.deep.equal([`${server.url}/lode`]);
    expect(await unpublishedTargets(data, EPOCH, config(), context.journal)).to.deep.equal([]);
  });

  it('says what became of all targets when several fail', async () => {
    const nobody = [9, 19].map((port) => ({ kind: 'ipfs', api: `http://127.0.0.1:${port}` }) as const);
    const thrown: unknown = await run(configWith(data, [...nobody, { kind: 'directory', path: 'public' }])).catch(
      (error: unknown) => error,
    );
    expect(thrown).to.include({ code: 'PUBLISH_INCOMPLETE', name: 'RetryableError' });
    expect(thrown).to.have.nested.property('details.failed').that.has.length(2);
    expect((await readReport(join(data, 'public/epochs/000004'))).size).to.be.greaterThan(3);
  });

  it('publishes to a mirror that was added later, and leaves the others alone', async () => {
    const first = configWith(data, [{ kind: 'directory', path: 'public' }]);
    await run(first);
    const both = configWith(data, [
      { kind: 'directory', path: 'public' },
      { kind: 'directory', path: 'mirror' },
    ]);
    const context = await publishingContext(data, EPOCH, both);
    expect(await unpublishedTargets(data, EPOCH, both, context.journal)).to.deep.equal([join(data, 'mirror')]);
    await publishStep(context);
    expect(context.events.map(({ target }) => target)).to.deep.equal([join(data, 'mirror')]);
    expect((await run(both)).state).to.equal('skipped');
  });

  it('asks all targets again when told to, and brings back what one lost', async () => {
    await run();
    const lost = [...server.files.keys()].find((path) => path.endsWith('accounts.json')) ?? '';
    server.files.delete(lost);
    expect((await run(config(), { again: true })).facts).to.include({ sent: 1 });
    expect(server.files.has(lost)).to.be.true;
  });

  it('begins anew when another report stands there, as long as nothing was published of it', async () => {
    const settings = configWith(data, [{ kind: 'directory', path: 'public' }]);
    await run(settings);
    await rm(reportPath(data, EPOCH), { recursive: true });
    await settledEpoch(data, EPOCH, (input) => ({ ...input, name: input.name.replace('langx', 'other') }));
    expect(await unpublishedTargets(data, EPOCH, settings, await openJournal(data, EPOCH))).to.have.length(1);
    await expectCode(run(settings), 'TARGET_DIFFERS');
  });

  it('says what it would do and does nothing of it', async () => {
    const context = await publishingContext(data, EPOCH, config());
    const { state, facts } = await publishStep({ ...context, dryRun: true });
    expect(state).to.equal('done');
    expect(String(facts['missing']).split(' ')).to.have.length(3);
    expect(facts['files']).to.be.greaterThan(6);
    expect(server.asked).to.deep.equal([]);
    expect(await stat(journalPath(data, EPOCH)).catch(() => null)).to.equal(null);
  });

  it('has nothing to publish before the epoch is settled', async () => {
    await rm(epochPath(data, EPOCH), { recursive: true });
    await expectCode(run(), 'REPORT_MISSING');
  });

  it('publishes no input that is not the one the report was computed from', async () => {
    const rows = join(ledgerPath(data, EPOCH), 'contributions.ndjson');
    await writeFile(rows, '{"id":"3"}\n');
    await expectCode(run(), 'INPUT_CHANGED');
    await rm(rows);
    await expectCode(run(), 'INPUT_MISSING');
    await rm(data, { recursive: true });
    await settledEpoch(data, EPOCH, (input) => ({ ...input, bytes: input.bytes + 1 }));
    await expectCode(run(), 'INPUT_SIZE');
    expect(server.asked).to.deep.equal([]);
  });

  it('refuses headers and addresses that it cannot use, and quotes nothing of them', async () => {
    const headersFile = await folder.write('headers.json', '{"authorization": 7}');
    const http = { kind: 'http', url: server.url } as const;
    await expectCode(run(configWith(data, [{ ...http, headersFile }])), 'HEADERS_INVALID');
    await folder.write('headers.json', '{"authorization": "Bearer secr');
    await expectCode(run(configWith(data, [{ ...http, headersFile }])), 'HEADERS_INVALID');
    await expectCode(run(configWith(data, [{ ...http, headersFile: folder.path('nowhere') }])), 'HEADERS_INVALID');
    await expectCode(run(configWith(data, [{ kind: 'http', url: `${server.url}/?key=secret` }])), 'TARGET_INVALID');
  });

  it('sends the headers of a file, read anew each time', async () => {
    const headersFile = await folder.write('key.json', '{"Authorization": "Bearer 1"}');
    const seen: (string | undefined)[] = [];
    server.trouble = ({ headers }) => {
      seen.push(headers.authorization);
      return false;
    };
    const settings = configWith(data, [{ kind: 'http', url: server.url, headersFile }]);
    await run(settings);
    await folder.write('key.json', '{"Authorization": "Bearer 2"}');
    await run(settings, { again: true });
    expect(seen[0]).to.equal('Bearer 1');
    expect(seen.at(-1)).to.equal('Bearer 2');
  });
});

/** An address with a name and password in it. */
function withPair(address: string): string {
  const url = new URL(address);
  [url.username, url.password] = ['name', 'secret'];
  return url.href;
}
