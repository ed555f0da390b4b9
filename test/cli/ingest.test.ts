import { once } from 'node:events';
import { appendFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import { expect } from 'chai';

import { account } from '../../scripts/bench/ingest/account.ts';
import { BENCH_DOMAIN, benchRecorder, writeIngestData } from '../../scripts/bench/ingest/data-folder.ts';
import { loadId, runLoad } from '../../scripts/bench/ingest/load.ts';
import { ingestServer } from '../../scripts/bench/ingest/server.ts';
import { signBatch } from '../../src/operator/ingest/sign-batch.ts';
import { random, runs } from '../support/effort.ts';
import { contribution } from '../support/ledger.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { lodeError, startLode } from './run-lode.ts';

describe('lode ingest serve', function () {
  this.timeout(120_000 + runs(0, 600_000));
  const folder = temporaryFolder();
  const serve = ['ingest', 'serve', '--data'];

  it('loses nothing that it answered for, and keeps nothing twice, however often it is killed', async () => {
    const data = folder.path('killed');
    const [recorders, rowsPerBatch, kills] = [4, 5, runs(3, 40)];
    await writeIngestData(data, recorders);
    const server = ingestServer(data);
    await server.start();
    const { index } = random('kills of the endpoint');
    let cuts = 0;
    const killing = (async () => {
      for (let kill = 0; kill < kills; kill++) {
        await new Promise((resolve) => setTimeout(resolve, 300 + index(700)));
        await server.kill();
        const { cut } = await server.start();
        if (cut > 0) cuts += 1;
      }
    })();
    // Long enough for all of the kills: a start takes about a second.
    const load = runLoad({ url: server.url, recorders, rowsPerBatch, rowsPerSecond: 400, milliseconds: kills * 2_000 });
    const [{ taken, rows, again }] = await Promise.all([load, killing]);
    await server.kill();
    expect(again, 'batches that had to be sent again').to.be.greaterThan(0);
    expect(rows).to.be.greaterThan(100);
    const accounted = await account(join(data, 'ingest'), taken, rowsPerBatch);
    expect(accounted, `${cuts} torn ends`).to.deep.equal({ found: rows, lost: 0, twice: 0, untold: 0 });
  });

  it('answers 503 while the disk takes nothing, and goes on when it does, with nothing lost and nothing twice', async () => {
    const data = folder.path('full');
    await writeIngestData(data, 1);
    const limited = ingestServer(data, 16);
    await limited.start();
    const bodies = await Promise.all(
      Array.from({ length: 40 }, async (_, at) => {
        const rows = Array.from({ length: 5 }, (_, index) =>
          JSON.stringify(contribution({ id: loadId(0, at, index) })),
        );
        return JSON.stringify(await signBatch(benchRecorder(0), BENCH_DOMAIN, { sequence: at, rows }));
      }),
    );
    const post = async (url: string, body: string) =>
      fetch(`${url}/v1/batches`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    const taken: number[] = [];
    for (const [at, body] of bodies.entries()) {
      const response = await post(limited.url(), body);
      if (response.status === 200) taken.push(at);
      else {
        expect(response.status).to.equal(503);
        expect(response.headers.get('retry-after')).to.equal('5');
        expect(await response.json()).to.include({ code: 'STORAGE_FAILED' });
        break;
      }
    }
    expect(taken.length).to.be.within(3, 39);
    const health = await fetch(`${limited.url()}/healthz`);
    expect(health.status).to.equal(503);
    expect(await health.json()).to.include({ code: 'STORAGE_FAILED' });
    await limited.kill();

    const server = ingestServer(data);
    await server.start();
    for (const body of bodies) expect((await post(server.url(), body)).status).to.equal(200);
    expect((await fetch(`${server.url()}/healthz`)).status).to.equal(200);
    await server.kill();
    const all = [bodies.map((_, at) => at)];
    const accounted = await account(join(data, 'ingest'), all, 5);
    expect(accounted).to.deep.equal({ found: 200, lost: 0, twice: 0, untold: 0 });
  });

  it('says where it listens and what it cut off, as JSON and in words', async () => {
    const data = folder.path('words');
    await writeIngestData(data, 1);
    const server = ingestServer(data);
    expect(await server.start()).to.deep.include({ event: 'listening', recorders: 1, segment: 1, cut: 0 });
    expect(await (await fetch(`${server.url()}/metrics`)).text()).to.contain('lode_ingest_waiting 0');
    await server.kill();
    const [segment] = (await readdir(join(data, 'ingest'))).filter((name) => name.endsWith('.seg'));
    await appendFile(join(data, 'ingest', segment!), '{"id":"half');
    const child = startLode([...serve, data]);
    let words = '';
    child.stderr.on('data', (text: Buffer) => {
      words += text.toString();
      if (words.includes('takes batches')) child.kill('SIGTERM');
    });
    const [code] = (await once(child, 'close')) as [number];
    expect(code).to.equal(143);
    expect(words)
      .to.contain('11 bytes of a batch that was being written')
      .and.contain('takes batches of 1 recorder at http://');
  });

  it('says what it lacks, and works where nobody else does', async () => {
    const data = folder.path('refused');
    expect((await lodeError(6, [...serve, folder.path('nowhere')])).code).to.equal('CONFIG_MISSING');
    await writeIngestData(data, 1);
    const path = join(data, 'lode.config.json');
    const config = await readFile(path, 'utf8');
    const { ingest, ...rest } = JSON.parse(config) as { ingest: object; ledger: object };
    await writeFile(path, JSON.stringify({ ...rest, ledger: { contributions: ['rows.csv'] } }));
    expect((await lodeError(6, [...serve, data])).code).to.equal('INGEST_MISSING');
    await writeFile(path, config);
    const server = ingestServer(data);
    await server.start();
    expect((await lodeError(5, [...serve, data])).code).to.equal('INGEST_BUSY');
    await server.kill();
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    await writeFile(path, JSON.stringify({ ...rest, ingest: { ...ingest, port } }));
    const { code, details } = await lodeError(5, [...serve, data]);
    expect({ code, details }).to.deep.equal({ code: 'PORT_TAKEN', details: { host: '127.0.0.1', port } });
    other.close();
  });
});
