import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect } from 'chai';

import { parseHash32 } from '../../src/protocol/brands.ts';
import { bytesToHex } from '../../src/protocol/words.ts';
import type { ReportFiles } from '../../src/settlement/report/report-file.ts';
import { contentIdOf } from '../../src/settlement/report/content-id.ts';
import type { PlaceAnswer, ReportLimits, WantedReport } from '../../src/store/fetch-report.ts';
import {
  fetchReport,
  REPORT_LIMITS,
  ReportDifferentError,
  ReportUnavailableError,
} from '../../src/store/fetch-report.ts';
import { readReport } from '../../src/store/report-folder.ts';
import { folderPlace, parseReportPlace } from '../../src/store/parse-report-place.ts';
import type { ReportPlace } from '../../src/store/report-place.ts';
import { placeName } from '../../src/store/report-place.ts';
import { expectCode } from '../support/expect-code.ts';
import type { ReportServer, Trouble } from '../support/report-server.ts';
import { publishAt, startReportServer } from '../support/report-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const DUMP = new URL('../dumps/report-v1/epochs/', import.meta.url).pathname;
const QUICK: ReportLimits = { ...REPORT_LIMITS, attempts: 3, firstWait: 5, answerWithin: 400, within: 2_000 };

/** The same bytes as no subclass of an array, whoever read them. */
function plain(files: ReportFiles): ReportFiles {
  return new Map([...files].map(([path, bytes]) => [path, Uint8Array.from(bytes)]));
}

describe('fetchReport', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();
  let server: ReportServer;
  let files: ReportFiles;
  let cid: string;
  let wanted: WantedReport;

  before(async () => {
    server = await startReportServer();
    files = plain(await readReport(join(DUMP, '000004')));
    const content = await contentIdOf(files);
    cid = content.cid;
    wanted = { epoch: 4, reportCid: parseHash32(bytesToHex(content.digest)) };
  });
  after(async () => await server.close());
  beforeEach(() => {
    server.trouble = () => false;
    server.files.clear();
    server.asked.length = 0;
  });

  const web = (): ReportPlace => parseReportPlace(`${server.url}/reports/`, '/');
  const gateway = (): ReportPlace => parseReportPlace(`${server.url}/ipfs`, '/');
  const failing = async (places: readonly ReportPlace[], limits = QUICK): Promise<readonly PlaceAnswer[]> => {
    const error: unknown = await fetchReport(places, wanted, limits).catch((thrown: unknown) => thrown);
    if (error instanceof ReportUnavailableError || error instanceof ReportDifferentError) return error.answers;
    throw error instanceof Error ? error : new Error('nothing failed');
  };
  const outcomes = (answers: readonly PlaceAnswer[]) => answers.map(({ outcome, reason }) => `${outcome}: ${reason}`);

  it('finds a report in a folder by its content id, or by its epoch', async () => {
    const byEpoch = folderPlace(folder.path('by-epoch'));
    await cp(DUMP, folder.path('by-epoch/epochs'), { recursive: true });
    const found = await fetchReport([byEpoch], wanted);
    expect({ ...found, files: plain(found.files) }).to.deep.equal({
      ...{ files, cid },
      from: folder.path('by-epoch/epochs/000004'),
    });
    await cp(join(DUMP, '000004'), folder.path(`by-id/${cid}`), { recursive: true });
    const byId = folderPlace(folder.path('by-id'));
    expect((await fetchReport([byId], { ...wanted, epoch: 77 })).from).to.equal(folder.path(`by-id/${cid}`));
  });

  it('takes from a folder nothing but the very content: not one byte or file more or less', async () => {
    const place = folderPlace(folder.path('changed'));
    await cp(join(DUMP, '000004'), folder.path('changed/epochs/000004'), { recursive: true });
    await writeFile(folder.path('changed/epochs/000004/more.json'), '{}');
    await expectCode(fetchReport([place], wanted), 'REPORT_DIFFERENT');
    await mkdir(folder.path(`empty/${cid}/shards`), { recursive: true });
    const nothing = folderPlace(folder.path('empty'));
    await expectCode(fetchReport([nothing], wanted), 'REPORT_UNAVAILABLE');
    expect(outcomes(await failing([folderPlace(folder.path('nowhere'))]))).to.deep.equal([
      'unavailable: it is not there',
    ]);
    expect(outcomes(await failing([place], { ...QUICK, maxFiles: 2 }))).to.deep.equal(['different: more than 2 files']);
    expect(outcomes(await failing([place], { ...QUICK, maxTotal: 9 }))).to.deep.equal([
      'different: too large for a report',
    ]);
  });

  it('finds it at an address by content id or epoch, and at a gateway by content id alone', async () => {
    publishAt(server, 'reports/epochs/000004', files);
    expect(await fetchReport([web()], wanted)).to.deep.equal({
      ...{ files, cid },
      from: `${server.url}/reports/epochs/000004`,
    });
    await expectCode(fetchReport([gateway()], wanted, QUICK), 'REPORT_UNAVAILABLE');
    publishAt(server, `ipfs/${cid}`, files);
    expect((await fetchReport([gateway()], wanted)).from).to.equal(`${server.url}/ipfs/${cid}`);
    expect(server.asked.some((path) => path.startsWith('ipfs/epochs'))).to.equal(false);
  });

  it('goes on to the next place after one that lies or is down', async () => {
    publishAt(server, 'reports/epochs/000004', await readReport(join(DUMP, '000003')));
    publishAt(server, `ipfs/${cid}`, files);
    const closed = await startReportServer();
    await closed.close();
    const down = parseReportPlace(`${closed.url}/reports`, '/');
    expect((await fetchReport([down, web(), gateway()], wanted, QUICK)).files).to.deep.equal(files);
    const answers = await failing([down, web()]);
    expect(answers.map(({ outcome }) => outcome)).to.deep.equal(['unavailable', 'unavailable', 'different']);
    expect(answers[0]?.reason).to.equal('manifest.json: no connection (ECONNREFUSED)');
  });

  const always =
    (status: number, body: string | Uint8Array = 'x', headers = {}): Trouble =>
    (_, response) => {
      response.writeHead(status, headers).end(body);
      return true;
    };

  const TROUBLES: readonly [name: string, trouble: () => Trouble, reason: string][] = [
    ['429', () => always(429), 'status 429'],
    ['503', () => always(503), 'status 503'],
    ['a page of HTML', () => always(200, '<html></html>', { 'content-type': 'text/html' }), 'a page of HTML'],
    ['a page that says it is JSON', () => always(200, '<html></html>'), 'cut short, or no JSON'],
    ['an empty answer', () => always(200, ''), 'an empty answer'],
    [
      'half a file',
      () => always(200, (files.get('manifest.json') ?? new Uint8Array()).subarray(0, 300)),
      'cut short, or no JSON',
    ],
    [
      'an answer that breaks off',
      () => (_, response) => {
        response.writeHead(200, { 'content-length': '5000' });
        response.write('{"a":');
        setTimeout(() => response.destroy(), 10);
        return true;
      },
      'the answer broke off',
    ],
    ['silence', () => () => true, 'no answer in time'],
  ];
  for (const [name, trouble, reason] of TROUBLES) {
    it(`takes ${name} for an absence, after three attempts`, async () => {
      server.trouble = trouble();
      const [answer] = await failing([gateway()]);
      expect(answer).to.deep.equal({
        place: `${server.url}/ipfs/${cid}`,
        outcome: 'unavailable',
        reason: `manifest.json: ${reason}`,
      });
      expect(server.asked.length).to.equal(3);
    });

    it(`gets over ${name} when it passes`, async () => {
      publishAt(server, `ipfs/${cid}`, files);
      const [trouble0, once] = [trouble(), new Set<string>()];
      server.trouble = (request, response) => {
        const isFirst = !once.has(request.url ?? '');
        once.add(request.url ?? '');
        return isFirst && trouble0(request, response);
      };
      expect((await fetchReport([gateway()], wanted, QUICK)).files).to.deep.equal(files);
    });
  }

  it('waits as long as a server asks for, within bounds, and asks a refusal only once', async () => {
    publishAt(server, `ipfs/${cid}`, files);
    let busy = true;
    server.trouble = (_, response) => {
      if (busy) response.writeHead(429, { 'retry-after': '1' }).end();
      const was = busy;
      busy = false;
      return was;
    };
    const before = Date.now();
    await fetchReport([gateway()], wanted, QUICK);
    expect(Date.now() - before).to.be.at.least(950);
    server.asked.length = 0;
    server.trouble = always(403);
    expect(outcomes(await failing([gateway()]))).to.deep.equal(['unavailable: manifest.json: status 403']);
    expect(server.asked.length).to.equal(1);
  });

  it('takes other content for other content, however it is made', async () => {
    const bent = new Map(files);
    const accounts = files.get('accounts.json')!;
    bent.set('accounts.json', Buffer.concat([accounts.subarray(0, -1), Buffer.from(' \n')]));
    publishAt(server, `ipfs/${cid}`, bent);
    const [answer] = await failing([gateway()]);
    expect(answer?.outcome).to.equal('different');
    expect(answer?.reason).to.match(/^its content id is bafybei/);
    for (const manifest of [
      '{}',
      '{"files":{"../../etc/passwd":"00"}}',
      '{"files":{"shards/0.json":1}}',
      '{"files":[]}',
    ]) {
      server.files.set(`ipfs/${cid}/manifest.json`, Buffer.from(manifest));
      expect((await failing([gateway()]))[0]?.outcome, manifest).to.equal('different');
    }
    expect(server.asked.some((path) => path.includes('passwd'))).to.equal(false);
  });

  it('takes a report for unavailable of which one file is missing', async () => {
    publishAt(server, `ipfs/${cid}`, files);
    server.files.delete(`ipfs/${cid}/shards/0.json`);
    expect(outcomes(await failing([gateway()]))).to.deep.equal(['unavailable: shards/0.json: status 404']);
  });

  it('takes no more than it may, and no longer than it may', async () => {
    publishAt(server, `ipfs/${cid}`, files);
    expect(outcomes(await failing([gateway()], { ...QUICK, maxBytes: 100 }))).to.deep.equal([
      'unavailable: manifest.json: more than 100 bytes',
    ]);
    expect(outcomes(await failing([gateway()], { ...QUICK, maxTotal: 3_000 }))).to.deep.equal([
      'different: too large for a report',
    ]);
    expect(outcomes(await failing([gateway()], { ...QUICK, maxFiles: 2 }))).to.deep.equal([
      'different: more than 2 files',
    ]);
    server.trouble = (_, response) => {
      response.writeHead(200).write('{');
      return true;
    };
    const before = Date.now();
    const [answer] = await failing([gateway()], { ...QUICK, attempts: 50, within: 700 });
    expect(answer?.outcome).to.equal('unavailable');
    expect(Date.now() - before).to.be.below(1_500);
  });
});

describe('parseReportPlace', () => {
  it('tells folders, addresses and gateways apart', () => {
    expect(parseReportPlace('out/reports', '/srv')).to.include({ kind: 'folder', at: '/srv/out/reports' });
    expect(parseReportPlace('https://lode.example/reports//', '/').kind).to.equal('web');
    expect(parseReportPlace('https://ipfs.io/ipfs/', '/')).to.deep.equal({
      kind: 'gateway',
      at: 'https://ipfs.io/ipfs',
    });
    const user = 'me:secret';
    expect(placeName(parseReportPlace(`https://${user}@ipfs.io/ipfs`, '/'))).to.equal('https://ipfs.io/ipfs');
    for (const given of ['', ' ', 'ftp://host/reports', 'https://', 'https://host/reports?x=1', 'file:///reports']) {
      expect(() => parseReportPlace(given, '/'), given).to.throw('PLACE_INVALID');
    }
  });
});
