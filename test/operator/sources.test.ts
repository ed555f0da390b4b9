import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect } from 'chai';

import { ingestPath } from '../../src/operator/data-folder.ts';
import { SegmentLog } from '../../src/operator/ingest/segment-log.ts';
import { cutLedger } from '../../src/operator/ledger/cut.ts';
import { KnownRows } from '../../src/operator/ledger/known-rows.ts';
import { readSources } from '../../src/operator/ledger/sources.ts';
import type { OperatorConfig } from '../../src/operator/operator-config.ts';
import { parseTime } from '../../src/settlement/ledger/parse-time.ts';
import { INGEST_DOMAIN, storedBatch } from '../support/append-batches.ts';
import { expectCode } from '../support/expect-code.ts';
import { contribution } from '../support/ledger.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const NO_SOURCES: OperatorConfig['ledger'] = {
  ...{ contributions: [], usage: [], accounts: [], dropFolder: null, map: {} },
  ...{ lateRows: 'reject' as const, graceSeconds: 0, anyRejects: false },
};

describe('the sources of rows', () => {
  const folder = temporaryFolder();
  const NAMES = 'contribution,account,time\n';

  it('are the files of the settings and the whole files of the drop folder, each of its kind', async () => {
    const data = folder.path('data');
    await mkdir(join(data, 'drop/below'), { recursive: true });
    const write = (name: string, text: string) => writeFile(join(data, name), text);
    await write('rows.csv', 'id,account,time,task,units\n');
    await write('drop/b.csv', NAMES);
    await write('drop/a.csv', 'account,badge,since\n');
    await write('drop/usage-x.ndjson', '{}\n');
    await write('drop/prices.csv', 'epoch,price\n1,2\n');
    await write('drop/.c.csv', 'half');
    await write('drop/c.csv.part', 'half');
    const ledger = { ...NO_SOURCES, contributions: [join(data, 'rows.csv')], dropFolder: join(data, 'drop') };
    const { files, hash, count } = await readSources(data, { ledger });
    expect(files.contributions.map(({ file }) => file)).to.deep.equal(['rows.csv', 'drop/prices.csv']);
    expect(files.usage.map(({ file }) => file)).to.deep.equal(['drop/b.csv', 'drop/usage-x.ndjson']);
    expect(files.accounts.map(({ file }) => file)).to.deep.equal(['drop/a.csv']);
    expect(count).to.equal(5);
    await write('drop/a.csv', 'account,badge,since\n\n');
    expect((await readSources(data, { ledger })).hash).to.not.equal(hash);
    // Taken, though it is of no kind: what is wrong with it stands in the quarantine.
    expect(files.contributions[1]?.rows[0]).to.have.property('fault');
  });

  it('are what applications sent, also when nobody takes it any more', async () => {
    const data = folder.path('sent');
    await mkdir(ingestPath(data), { recursive: true });
    const { log } = await SegmentLog.open(ingestPath(data), INGEST_DOMAIN);
    for (const sequence of [1, 2, 3]) await log.append(storedBatch(sequence));
    await log.close();
    const { files } = await readSources(data, { ledger: NO_SOURCES });
    expect(files.contributions.map(({ file, rows }) => `${file} ${rows.length}`)).to.deep.equal([
      'ingest/00000001.seg 6',
    ]);
    const time = parseTime(contribution({})['time'] ?? '');
    if (typeof time !== 'number') return expect.fail('the tests have a time');
    const rules = { epoch: 0, clock: { start: time, length: 60 }, forbidden: new Set<string>() };
    const { contributions, counts } = cutLedger(files, new KnownRows(), { ...rules, lateRows: 'reject' });
    expect(contributions.map(({ id }) => id)).to.deep.equal(['1.0', '1.1', '2.0', '2.1', '3.0', '3.1']);
    expect(counts.contributions).to.include({ read: 6, cut: 6 });
  });

  it('are missed when they are not there, and told apart by their names', async () => {
    const data = folder.path('other');
    await mkdir(join(data, 'a'), { recursive: true });
    const away = { ...NO_SOURCES, dropFolder: join(data, 'nowhere') };
    await expectCode(readSources(data, { ledger: away }), 'DROP_FOLDER_MISSING');
    await expectCode(
      readSources(data, { ledger: { ...NO_SOURCES, usage: [join(data, 'nothing.csv')] } }),
      'FILE_UNREADABLE',
    );
    await writeFile(folder.path('rows.csv'), NAMES);
    await writeFile(join(data, 'rows.csv'), NAMES);
    const twice = { ...NO_SOURCES, usage: [folder.path('rows.csv'), join(data, 'rows.csv')] };
    await expectCode(readSources(data, { ledger: twice }), 'SOURCE_TWICE');
  });
});
