import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { expect } from 'chai';

import { epochPath, reportPath } from '../../../src/operator/data-folder.ts';
import { openJournal } from '../../../src/operator/journal.ts';
import { retirableEpochs, retireReports } from '../../../src/operator/publish/retention.ts';
import { publishStep } from '../../../src/operator/steps/publish.ts';
import { readReport } from '../../../src/store/report-folder.ts';
import { QUICK } from '../../support/publication.ts';
import { configWith, publishingContext, settledEpoch } from '../../support/publishing-data.ts';
import type { PutServer } from '../../support/put-server.ts';
import { startPutServer } from '../../support/put-server.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

describe('the retention of reports', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();
  let server: PutServer;
  let [data, at] = ['', 0];

  before(async () => {
    server = await startPutServer();
  });
  after(async () => await server.close());
  beforeEach(async () => {
    data = folder.path(`data-${at++}`);
    server.files.clear();
    server.trouble = () => false;
    for (let epoch = 0; epoch < 5; epoch++) {
      await settledEpoch(data, epoch);
      await publishStep(await publishingContext(data, epoch, config(null)), { limits: QUICK });
      if (epoch < 4) await finalise(epoch);
    }
  });

  const config = (keepEpochs: number | null) =>
    configWith(
      data,
      [
        { kind: 'http', url: server.url },
        { kind: 'directory', path: 'public' },
      ],
      keepEpochs,
    );
  const finalise = async (epoch: number): Promise<void> => {
    await (await openJournal(data, epoch)).finish('finalise', { inputs: {}, outputs: {}, facts: {} });
  };
  const retire = async (settings = config(2)) => await retireReports(data, settings, QUICK);

  it('removes what is old, final and published everywhere, and nothing else of the epoch', async () => {
    const reports = await Promise.all([0, 1, 2].map(async (epoch) => await readReport(reportPath(data, epoch))));
    expect(await retirableEpochs(data, config(2))).to.deep.equal([0, 1, 2]);
    const before = await readdir(epochPath(data, 1));
    const retired = await retire();
    expect(retired.map(({ epoch, state }) => `${epoch} ${state}`)).to.deep.equal([
      '0 removed',
      '1 removed',
      '2 removed',
    ]);
    expect(retired[1]).to.include({ files: reports[1]!.size });
    expect(await readdir(epochPath(data, 1))).to.deep.equal(before.filter((name) => name !== 'report'));
    for (const [epoch, report] of reports.entries()) {
      expect(await readReport(join(data, `public/epochs/00000${epoch}`))).to.deep.equal(report);
      expect(server.files.has(`epochs/00000${epoch}/manifest.json`)).to.be.true;
    }
    expect(await retirableEpochs(data, config(2))).to.deep.equal([]);
    const skipped = await publishStep(await publishingContext(data, 1, config(2)));
    expect(skipped.state, 'a removed report counts as published').to.equal('skipped');
  });

  it('keeps everything without keepEpochs or without a target, and always the parent of what comes', async () => {
    expect(await retirableEpochs(data, config(null))).to.deep.equal([]);
    expect(await retirableEpochs(data, configWith(data, [], 1))).to.deep.equal([]);
    await finalise(4);
    expect(await retirableEpochs(data, config(1))).to.deep.equal([0, 1, 2, 3]);
  });

  it('keeps what is not final, and what a mirror does not have yet', async () => {
    expect(await retirableEpochs(data, config(1)), 'epoch 4 waits, and stands on 3').to.deep.equal([0, 1, 2]);
    await finalise(4);
    await settledEpoch(data, 5);
    expect(await retirableEpochs(data, config(1)), 'epoch 5 waits, and stands on 4').to.deep.equal([0, 1, 2, 3]);
    await rm(epochPath(data, 3), { recursive: true });
    await settledEpoch(data, 3);
    expect(await retirableEpochs(data, config(1)), 'epoch 3 is not published').to.deep.equal([0, 1, 2]);
    const more = configWith(data, [...config(1).publish.targets, { kind: 'directory', path: 'mirror' }], 1);
    expect(await retirableEpochs(data, more)).to.deep.equal([]);
  });

  it('sends again what a target lost before anything goes, and keeps it where the target does not answer', async () => {
    server.files.clear();
    server.trouble = ({ url = '' }, response) => {
      if (!url.startsWith('/epochs/000001/')) return false;
      response.writeHead(503).end();
      return true;
    };
    const retired = await retire();
    expect(retired.map(({ epoch, state }) => `${epoch} ${state}`)).to.deep.equal(['0 removed', '1 kept']);
    expect(server.files.has('epochs/000000/manifest.json')).to.be.true;
    expect((await readReport(reportPath(data, 1))).size).to.be.greaterThan(3);
  });
});
