import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect } from 'chai';

import { lockData, reportPath } from '../../src/operator/data-folder.ts';
import { openJournal } from '../../src/operator/journal.ts';
import { readReport } from '../../src/store/report-folder.ts';
import { settledEpoch } from '../support/publishing-data.ts';
import { startPutServer } from '../support/put-server.ts';
import { runHere } from '../support/run-here.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('lode epoch publish', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();
  let [data, at] = ['', 0];

  beforeEach(async () => {
    data = folder.path(`data-${at++}`);
    await settledEpoch(data, 3);
    await settledEpoch(data, 4);
    const settings = {
      format: 'lode-operator-v1',
      addresses: 'addresses.json',
      rpc: ['http://127.0.0.1:8545'],
      ledger: { contributions: ['rows.csv'] },
      publish: { targets: [{ kind: 'directory', path: 'public' }], keepEpochs: 1 },
    };
    await writeFile(join(data, 'lode.config.json'), JSON.stringify(settings));
  });

  const publish = async (...more: readonly string[]) => await runHere(['epoch', 'publish', '--data', data, ...more]);
  const errorOf = async (...more: readonly string[]): Promise<string> => {
    const { code, out } = await publish(...more, '--json');
    const { error } = JSON.parse(out) as { readonly error: { readonly code: string; readonly exitCode: number } };
    expect(error.exitCode).to.equal(code);
    return `${code} ${error.code}`;
  };

  it('publishes the newest settled epoch, and says the second time that it was', async () => {
    const first = await publish();
    expect(first).to.deep.include({ code: 0 });
    expect(first.out).to.match(/^epoch 4: published to 1 target, as bafybei/);
    expect(first.err).to.contain(`${join(data, 'public')}: confirmed, `);
    expect(await readReport(join(data, 'public/epochs/000004'))).to.deep.equal(await readReport(reportPath(data, 4)));
    expect((await publish()).out).to.match(/^epoch 4: published before, to 1 target/);
    const again = JSON.parse((await publish('--again', '--epoch', '4', '--json')).out) as Record<string, unknown>;
    expect(again).to.deep.include({ epoch: 4, state: 'done', dryRun: false, retired: null });
    expect(again).to.have.nested.property('facts.sent', 0);
  });

  it('only says in a dry run what it would do', async () => {
    const { out, code } = await publish('--dry-run');
    expect(code).to.equal(0);
    expect(out).to.match(/^epoch 4: \d+ files of \d+ bytes would go to .*public, as bafybei/);
    expect(await stat(join(data, 'public')).catch(() => null)).to.equal(null);
    expect(await stat(join(data, 'lock')).catch(() => null)).to.equal(null);
  });

  it('removes what is old with --retire, and nothing without it', async () => {
    for (const epoch of [3, 4]) {
      await publish('--epoch', `${epoch}`);
      await (await openJournal(data, epoch)).finish('finalise', { inputs: {}, outputs: {}, facts: {} });
    }
    expect((await readReport(reportPath(data, 3))).size).to.be.greaterThan(0);
    const trial = await publish('--retire', '--dry-run');
    expect(trial.out).to.contain('epoch 3: its report folder is kept: it would be removed');
    const { out } = await publish('--retire');
    expect(out).to.match(/epoch 3: its report folder is removed \(\d+ files, \d+ bytes\); every target holds it/);
    expect(await readReport(reportPath(data, 3))).to.deep.equal(new Map());
    expect((await publish('--retire')).out).to.contain('no report folder is old enough');
  });

  it('ends with the exit code of what went wrong', async () => {
    const lock = await lockData(data);
    expect(await errorOf()).to.equal('5 DATA_FOLDER_BUSY');
    await lock.release();
    expect(await errorOf('--epoch', '9')).to.equal('6 REPORT_MISSING');
    await publish();
    await writeFile(join(data, 'public/epochs/000004/more.json'), '{}');
    expect(await errorOf('--again')).to.equal('5 TARGET_DIFFERS');
    for (const epoch of [3, 4]) await rm(reportPath(data, epoch), { recursive: true });
    expect(await errorOf()).to.equal('6 REPORT_MISSING');
    const settings = await readFile(join(data, 'lode.config.json'), 'utf8');
    const server = await startPutServer();
    server.trouble = (_, response) => {
      response.writeHead(503, { 'retry-after': '0' }).end();
      return true;
    };
    const busy = `"targets":[{"kind":"http","url":"${server.url}"}]`;
    await settledEpoch(data, 5);
    await writeFile(join(data, 'lode.config.json'), settings.replace(/"targets":\[.*?\]/, busy));
    expect(await errorOf()).to.equal('4 TARGET_UNAVAILABLE');
    await server.close();
  });
});
