import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect } from 'chai';

import { ingestPath } from '../../src/operator/data-folder.ts';
import { SegmentLog } from '../../src/operator/ingest/segment-log.ts';
import { cutSources } from '../../src/operator/ledger/cut-sources.ts';
import { KnownRows } from '../../src/operator/ledger/known-rows.ts';
import type { CutKind } from '../../src/operator/ledger/rows-of-cut.ts';
import type { Source } from '../../src/operator/ledger/sources.ts';
import { openSources } from '../../src/operator/ledger/sources.ts';
import type { OperatorConfig } from '../../src/operator/operator-config.ts';
import type { RawRow } from '../../src/settlement/ledger/rows.ts';
import { parseTime } from '../../src/settlement/ledger/parse-time.ts';
import { INGEST_DOMAIN, storedBatch } from '../support/append-batches.ts';
import { expectCode } from '../support/expect-code.ts';
import { contribution } from '../support/ledger.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const NO_SOURCES: OperatorConfig['ledger'] = {
  ...{ contributions: [], usage: [], accounts: [], dropFolder: null, map: {} },
  ...{ lateRows: 'reject' as const, graceSeconds: 0, anyRejects: false },
};

/** The rows of a source. */
async function rowsOf({ read }: Source): Promise<readonly RawRow[]> {
  const rows: RawRow[] = [];
  for await (const more of read()) rows.push(...more);
  return rows;
}

const namesOf = (list: readonly Source[], kind: CutKind) =>
  list.filter((source) => source.kind === kind).map(({ name }) => name);

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
    const { list, hash } = await openSources(data, { ledger });
    expect(namesOf(list, 'contributions')).to.deep.equal(['rows.csv', 'drop/prices.csv']);
    expect(namesOf(list, 'usage')).to.deep.equal(['drop/b.csv', 'drop/usage-x.ndjson']);
    expect(namesOf(list, 'accounts')).to.deep.equal(['drop/a.csv']);
    expect(list.length).to.equal(5);
    await write('drop/a.csv', 'account,badge,since\n\n');
    expect((await openSources(data, { ledger })).hash).to.not.equal(hash);
    // Taken, though it is of no kind: what is wrong with it stands in the quarantine.
    const strange = list.find(({ name }) => name === 'drop/prices.csv');
    expect(strange === undefined ? [] : (await rowsOf(strange))[0]).to.have.property('fault');
  });

  it('are what applications sent, also when nobody takes it any more', async () => {
    const data = folder.path('sent');
    await mkdir(ingestPath(data), { recursive: true });
    const { log } = await SegmentLog.open(ingestPath(data), INGEST_DOMAIN);
    for (const sequence of [1, 2, 3]) await log.append(storedBatch(sequence));
    await log.close();
    const { list } = await openSources(data, { ledger: NO_SOURCES });
    expect(namesOf(list, 'contributions')).to.deep.equal(['ingest/00000001.seg']);
    const time = parseTime(contribution({})['time'] ?? '');
    if (typeof time !== 'number') return expect.fail('the tests have a time');
    const rules = { epoch: 0, clock: { start: time, length: 60 }, forbidden: new Set<string>() };
    const before = { known: new KnownRows(), seen: new Map() };
    const { cut } = await cutSources(list, before, { ...rules, lateRows: 'reject' });
    const { contributions, counts } = cut;
    expect(contributions.map(({ id }) => id)).to.deep.equal(['1.0', '1.1', '2.0', '2.1', '3.0', '3.1']);
    expect(counts.contributions).to.include({ read: 6, cut: 6 });
  });

  it('are missed when they are not there, and told apart by their names', async () => {
    const data = folder.path('other');
    await mkdir(join(data, 'a'), { recursive: true });
    const away = { ...NO_SOURCES, dropFolder: join(data, 'nowhere') };
    await expectCode(openSources(data, { ledger: away }), 'DROP_FOLDER_MISSING');
    await expectCode(
      openSources(data, { ledger: { ...NO_SOURCES, usage: [join(data, 'nothing.csv')] } }),
      'FILE_UNREADABLE',
    );
    await writeFile(folder.path('rows.csv'), NAMES);
    await writeFile(join(data, 'rows.csv'), NAMES);
    const twice = { ...NO_SOURCES, usage: [folder.path('rows.csv'), join(data, 'rows.csv')] };
    await expectCode(openSources(data, { ledger: twice }), 'SOURCE_TWICE');
  });
});
