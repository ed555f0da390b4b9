import { createServer } from 'node:net';
import { once } from 'node:events';

import { expect } from 'chai';

import type { Keeper } from '../../src/operator/keeper.ts';
import { KeeperMetrics } from '../../src/operator/metrics.ts';
import { serveStatus } from '../../src/operator/serve-status.ts';
import { expectCode } from '../support/expect-code.ts';

describe('the status of a keeper', () => {
  const status = { block: null, view: null, from: null, alarms: [], rounds: 0, isTroubled: false };
  const keeper = { status } as unknown as Keeper; // nothing else is asked for
  const sources = { keeper, metrics: new KeeperMetrics(), pollSeconds: 1 };

  it('says what it does not answer, and what it does', async () => {
    const { port, close } = await serveStatus({ host: '127.0.0.1', port: 0 }, sources);
    const ask = async (path: string, method = 'GET') => {
      const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method });
      return { status: answer.status, body: await answer.text() };
    };
    try {
      const other = await ask('/');
      expect({ status: other.status, ...(JSON.parse(other.body) as object) }).to.deep.equal({
        ...{ status: 404, code: 'NOT_FOUND', message: 'there is nothing at this path' },
        next: 'use /healthz, /readyz or /metrics',
      });
      const written = await ask('/healthz', 'POST');
      expect({ status: written.status, ...(JSON.parse(written.body) as object) }).to.deep.equal({
        ...{ status: 405, code: 'METHOD_NOT_ALLOWED', message: 'nothing can be changed here', next: 'use GET' },
      });
      // Rounds go on, but nothing is known of the chain yet.
      expect((await ask('/healthz')).status).to.equal(200);
      expect((await ask('/readyz')).status).to.equal(503);
      expect((await ask('/metrics')).body).to.contain('lode_keeper_steps_total');
    } finally {
      await close();
    }
  });

  it('is refused where another program listens', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    await expectCode(serveStatus({ host: '127.0.0.1', port }, sources), 'METRICS_UNAVAILABLE');
    other.close();
  });
});
