import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { connect } from 'node:net';
import type { Socket } from 'node:net';

import { expect } from 'chai';

import { digestsIn } from '../../../src/operator/ingest/batch.ts';
import { SegmentLog } from '../../../src/operator/ingest/segment-log.ts';
import { TakenBatches } from '../../../src/operator/ingest/taken.ts';
import { INGEST_DOMAIN } from '../../support/append-batches.ts';
import type { TestEndpoint } from '../../support/ingest-endpoint.ts';
import { recorderOf, rowsOf, signed, startEndpoint } from '../../support/ingest-endpoint.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

describe('the ingest endpoint, given those who mean it harm', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();
  const open: TestEndpoint[] = [];
  const start = async (...settings: Parameters<typeof startEndpoint>): Promise<TestEndpoint> => {
    const endpoint = await startEndpoint(...settings);
    open.push(endpoint);
    return endpoint;
  };
  afterEach(async () => {
    for (const endpoint of open.splice(0)) await endpoint.close();
  });

  it('does not forget one that is being written, whose bytes may stand there and not be durable', async () => {
    const place = folder.path('pending');
    await mkdir(place);
    const opened = await SegmentLog.open(place, INGEST_DOMAIN);
    const digestOf = digestsIn(INGEST_DOMAIN);
    const taken = new TakenBatches({
      ...{ folder: place, opened, digestOf, now: () => 0, remembered: 1 },
      mayLookUp: () => 1,
    });
    const batches = [1, 2, 3].map((sequence) => {
      const batch = { recorder: recorderOf(0).address.toLowerCase(), sequence, rows: rowsOf(`p${sequence}`) };
      return { ...batch, signature: '0x', digest: digestOf(batch) };
    });
    const receipts = await Promise.all([...batches, ...batches].map(async (batch) => taken.take(batch)));
    expect(receipts.slice(3)).to.deep.equal(receipts.slice(0, 3));
    await opened.log.close();
  });

  it('lets nobody use up what a recorder may send by sending its batches again', async () => {
    const endpoint = await start(folder.path('replayed'), { rowsPerSecond: 20 });
    const seen = await signed(1, rowsOf('a', 5));
    for (let times = 0; times < 10; times++) expect((await endpoint.post(seen)).status).to.equal(200);
    expect((await endpoint.post(await signed(2, rowsOf('b', 15)))).status).to.equal(200);
  });

  it('holds no connection open for who does not read the answers', async () => {
    const endpoint = await start(folder.path('unread'), { requestTime: 300 });
    const socket = connect(Number(new URL(endpoint.url).port), '127.0.0.1').on('error', () => undefined);
    socket.pause();
    // More answers than the system's buffers take.
    socket.write('GET /v1 HTTP/1.1\r\nhost: x\r\n\r\n'.repeat(100_000));
    const connections = async () =>
      new Promise<number>((resolve) => {
        endpoint.server.getConnections((_, count) => {
          resolve(count);
        });
      });
    const [connection] = (await once(endpoint.server, 'connection')) as [Socket];
    const unread = () => connection.writableLength;
    for (let waited = 0; waited < 5_000 && unread() === 0; waited += 20) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(unread(), 'answers that nobody takes').to.be.greaterThan(0);
    for (let waited = 0; waited < 5_000 && (await connections()) > 0; waited += 100) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(await connections()).to.equal(0);
    socket.destroy();
  });
});
