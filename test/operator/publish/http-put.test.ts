import { expect } from 'chai';

import { HttpPutTarget } from '../../../src/operator/publish/http-put.ts';
import type { Publication } from '../../../src/operator/publish/target.ts';
import { parseHash32 } from '../../../src/protocol/brands.ts';
import { bytesToHex } from '../../../src/protocol/words.ts';
import { contentIdOf } from '../../../src/settlement/report/content-id.ts';
import { fetchReport } from '../../../src/store/fetch-report.ts';
import { parseReportPlace } from '../../../src/store/parse-report-place.ts';
import { expectCode } from '../../support/expect-code.ts';
import { oldPublication, QUICK } from '../../support/publication.ts';
import type { PutServer } from '../../support/put-server.ts';
import { startPutServer } from '../../support/put-server.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const MANIFEST = 'epochs/000004/manifest.json';
const ACCOUNTS = 'epochs/000004/accounts.json';

describe('publishing by HTTP PUT', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();
  const never = new AbortController().signal;
  let server: PutServer;
  let publication: Publication;

  before(async () => {
    server = await startPutServer();
    publication = await oldPublication(folder.path('inputs'));
  });
  after(async () => await server.close());
  beforeEach(() => {
    server.trouble = () => false;
    server.files.clear();
    server.asked.length = 0;
  });

  const publish = (limits = QUICK, until = never) =>
    new HttpPutTarget(`${server.url}/`, { authorization: 'Bearer 1' }, limits).publish(publication, until);
  const failure = async (): Promise<{ code: string; details: Readonly<Record<string, unknown>> }> => {
    const thrown: unknown = await publish().catch((error: unknown) => error);
    if (thrown instanceof Error && 'code' in thrown && 'details' in thrown) return thrown as never;
    throw thrown instanceof Error ? thrown : new Error('nothing failed');
  };
  const puts = () => server.asked.filter((line) => line.startsWith('PUT ')).map((line) => line.slice(4));

  it('sends every file, the manifest last, and reads each back; the second time nothing is sent', async () => {
    const size = publication.report.size + 2;
    expect(await publish()).to.include({ sent: size, kept: 0 });
    expect(puts()).to.have.length(size);
    expect(server.asked.at(-2)).to.equal(`PUT ${MANIFEST}`);
    expect(server.asked.at(-1)).to.equal(`GET ${MANIFEST}`);
    const last = (line: string) => server.asked.lastIndexOf(line);
    for (const path of puts()) expect(last(`GET ${path}`)).to.be.greaterThan(last(`PUT ${path}`));
    server.asked.length = 0;
    expect(await publish()).to.deep.equal({ sent: 0, kept: size, bytes: 0 });
    expect(puts()).to.deep.equal([]);
  });

  it('publishes what anybody finds again by the content id that is proposed', async () => {
    await publish();
    const { digest } = await contentIdOf(publication.report);
    const wanted = { epoch: 4, reportCid: parseHash32(bytesToHex(digest)) };
    const found = await fetchReport([parseReportPlace(server.url, '/')], wanted);
    expect([...found.files.keys()].sort()).to.deep.equal([...publication.report.keys()].sort());
    expect((await contentIdOf(found.files)).digest).to.deep.equal(digest);
  });

  it('sends the headers it was given with every request, and asks that nothing be written over', async () => {
    const seen = new Set<string>();
    server.trouble = ({ method, headers }) => {
      seen.add(`${method ?? ''} ${headers.authorization ?? ''} ${headers['if-none-match'] ?? ''}`);
      return false;
    };
    await publish();
    expect([...seen].sort()).to.deep.equal(['GET Bearer 1 ', 'PUT Bearer 1 *']);
  });

  it('goes where a server sends it on to, and takes its headers along no further than the origin that they are for', async () => {
    const elsewhere = await startPutServer();
    try {
      await publish();
      const seen = new Set<string>();
      const sendOn =
        (name: string, ways: Readonly<Record<string, string>>): PutServer['trouble'] =>
        ({ headers, url = '' }, response) => {
          const [, step = '', file = ''] = /^\/(first|again|there|back)(\/.*)$/.exec(url) ?? [];
          seen.add(`${name} ${step}: ${headers.authorization ?? 'none'}, ${String(headers['x-key'] ?? 'none')}`);
          const to = ways[step];
          if (to === undefined) response.writeHead(200).end(server.files.get(file.slice(1)));
          else response.writeHead(302, { location: `${to}${file}` }).end();
          return true;
        };
      server.trouble = sendOn('own', { first: '/again', again: `${elsewhere.url}/there` });
      elsewhere.trouble = sendOn('elsewhere', { there: `${server.url}/back` });
      const headers = { authorization: 'Bearer 1', 'x-key': 'secret' };
      const target = new HttpPutTarget(`${server.url}/first`, headers, QUICK);
      const kept = publication.report.size + 2;
      expect(await target.publish(publication, never)).to.deep.equal({ sent: 0, kept, bytes: 0 });
      expect([...seen]).to.have.members([
        ...['own first: Bearer 1, secret', 'own again: Bearer 1, secret'],
        ...['elsewhere there: none, none', 'own back: none, none'],
      ]);
    } finally {
      await elsewhere.close();
    }
  });

  it('follows no circle of servers that send it on', async () => {
    server.trouble = ({ url = '' }, response) => {
      response.writeHead(302, { location: url }).end();
      return true;
    };
    expect((await failure()).code).to.equal('TARGET_REFUSED');
    expect(server.asked.filter((line) => line.startsWith('GET ')).length).to.be.lessThan(7 * 8);
  });

  it('never shows half a report: where a file does not arrive, the manifest is not sent', async () => {
    server.trouble = ({ method, url }, response) => {
      if (method !== 'PUT' || url !== `/${ACCOUNTS}`) return false;
      response.writeHead(507).end();
      return true;
    };
    expect((await failure()).code).to.equal('TARGET_UNAVAILABLE');
    expect(server.files.has(MANIFEST)).to.be.false;
    expect(puts().filter((path) => path === ACCOUNTS)).to.have.length(QUICK.attempts);
    server.trouble = () => false;
    const { sent, kept } = await publish();
    expect(sent + kept).to.equal(publication.report.size + 2);
    expect(kept).to.be.greaterThan(0);
  });

  it('asks again where the server is in trouble: 429, 503, a broken line, an answer cut short', async () => {
    const troubles = [429, 503, 'broken', 'cut'] as const;
    for (const trouble of troubles) {
      server.files.clear();
      const met = new Set<string>();
      server.trouble = ({ method, url, socket }, response) => {
        const what = `${method ?? ''} ${url ?? ''}`;
        const first = !met.has(what);
        met.add(what);
        if (!first) return false;
        if (typeof trouble === 'number') response.writeHead(trouble, { 'retry-after': '0' }).end();
        else if (trouble === 'broken') socket.destroy();
        else response.writeHead(200, { 'content-length': '100' }).write('{', () => socket.destroy());
        return true;
      };
      expect((await publish()).sent, String(trouble)).to.equal(publication.report.size + 2);
      expect(server.files.size).to.equal(publication.report.size + 2);
    }
  });

  it('takes a file for sent whose PUT arrived though its answer did not', async () => {
    const met = new Set<string>();
    server.trouble = (request, response) => {
      const { method, url = '', socket } = request;
      if (method !== 'PUT' || met.has(url)) return false;
      met.add(url);
      const pieces: Uint8Array[] = [];
      request.on('data', (piece: Uint8Array) => pieces.push(piece));
      request.on('end', () => {
        server.files.set(url.slice(1), Buffer.concat(pieces));
        socket.destroy();
      });
      return response.headersSent || true;
    };
    expect((await publish()).sent).to.equal(publication.report.size + 2);
  });

  it('gives up at once where the server will not: 401, 403, 404, 405, a redirect', async () => {
    for (const status of [401, 403, 404, 405, 302, 308]) {
      server.asked.length = 0;
      server.trouble = ({ method }, response) => {
        if (method !== 'PUT') return false;
        response.writeHead(status, { location: 'https://elsewhere.example/' }).end('<html></html>');
        return true;
      };
      const { code, details } = await failure();
      expect(code, String(status)).to.equal('TARGET_REFUSED');
      expect(details['reason']).to.match(new RegExp(`^status ${status}`));
      expect(new Set(puts()).size, 'asked once each').to.equal(puts().length);
    }
  });

  it('leaves something else there alone, and names it', async () => {
    server.files.set(ACCOUNTS, new TextEncoder().encode('{}'));
    const { code, details } = await failure();
    expect(code).to.equal('TARGET_DIFFERS');
    expect(details['path']).to.equal(ACCOUNTS);
    expect(server.files.get(ACCOUNTS)).to.have.length(2);
    expect(server.files.has(MANIFEST)).to.be.false;
  });

  it('does not write over what it may not see', async () => {
    server.files.set(ACCOUNTS, new TextEncoder().encode('{}'));
    let asked = 0;
    server.trouble = ({ method, url }, response) => {
      // As an object store answers somebody who may not list it.
      if (method !== 'GET' || url !== `/${ACCOUNTS}` || asked++ > 0) return false;
      response.writeHead(403).end();
      return true;
    };
    expect((await failure()).code).to.equal('TARGET_DIFFERS');
    expect(server.files.get(ACCOUNTS)).to.have.length(2);
  });

  it('takes a page of HTML neither for a file of its own nor for a success', async () => {
    server.trouble = ({ method, url }, response) => {
      if (method !== 'GET' || url !== `/${ACCOUNTS}`) return false;
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<!doctype html>');
      return true;
    };
    const { code, details } = await failure();
    expect(code).to.equal('TARGET_UNCONFIRMED');
    expect(details['found']).to.equal('a page of HTML');
    expect(server.files.has(MANIFEST)).to.be.false;
  });

  it('does not believe a server that says it took a file and did not', async () => {
    server.trouble = (request, response) => {
      if (request.method !== 'PUT' || request.url !== `/${MANIFEST}`) return false;
      request.resume();
      response.writeHead(201).end();
      return true;
    };
    const { code, details } = await failure();
    expect(code).to.equal('TARGET_UNCONFIRMED');
    expect(details['found']).to.equal('status 404');
  });

  it('ends when the time is over, and where nobody listens', async () => {
    server.trouble = () => true;
    const until = AbortSignal.timeout(50);
    await expectCode(publish({ ...QUICK, answerWithin: 10_000 }, until), 'TARGET_UNAVAILABLE');
    const nobody = new HttpPutTarget('http://127.0.0.1:9', {}, QUICK);
    await expectCode(nobody.publish(publication, never), 'TARGET_UNAVAILABLE');
  });
});
