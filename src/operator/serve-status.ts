import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { createServer } from 'node:http';

import { RefusedError } from '../protocol/errors.ts';
import type { Keeper, KeeperStatus } from './keeper.ts';
import type { KeeperMetrics } from './metrics.ts';

/** What is served. */
export interface StatusSources {
  readonly keeper: Keeper;
  readonly metrics: KeeperMetrics;
  /** From one look of the keeper to the next, in seconds. */
  readonly pollSeconds: number;
}

export interface StatusServer {
  /** The port that it listens on, also where the settings ask for any (0). */
  readonly port: number;
  readonly close: () => Promise<void>;
}

/** A round that takes longer than so many looks, or than that many seconds if that is more, stands still. */
const STILL_LOOKS = 10;
const STILL_SECONDS = 900;

/**
 * Serves `/healthz` (200 while rounds come to their ends), `/readyz` (200 while the chain is known and answers), both with the status
 * as JSON, and `/metrics` for Prometheus. Nothing can be changed by it; it names neither keys nor addresses of nodes.
 *
 * @throws {RefusedError} `METRICS_UNAVAILABLE` when it cannot listen there
 */
export async function serveStatus(
  { host, port }: { readonly host: string; readonly port: number },
  { keeper, metrics, pollSeconds }: StatusSources,
): Promise<StatusServer> {
  let seen = { rounds: -1, at: performance.now() };
  const isAlive = (): boolean => {
    const { rounds } = keeper.status;
    const now = performance.now();
    if (rounds !== seen.rounds) seen = { rounds, at: now };
    return now - seen.at < 1000 * Math.max(STILL_SECONDS, STILL_LOOKS * pollSeconds);
  };
  // Looked at also while nobody asks, so that the first question is answered by what really was.
  const looking = setInterval(isAlive, 10_000).unref();
  const server = createServer((request, response) => {
    const path = request.url?.split('?', 1)[0];
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      answer(response, 405, { code: 'METHOD_NOT_ALLOWED', message: 'nothing can be changed here', next: 'use GET' });
    } else if (path === '/healthz') {
      const alive = isAlive();
      answer(response, alive ? 200 : 503, { alive, ...shown(keeper.status) });
    } else if (path === '/readyz') {
      const ready = isAlive() && keeper.status.block !== null && !keeper.status.isTroubled;
      answer(response, ready ? 200 : 503, { ready, ...shown(keeper.status) });
    } else if (path === '/metrics') {
      metrics.text().then(
        (text) => response.writeHead(200, { 'content-type': metrics.contentType }).end(text),
        () => {
          answer(response, 500, { code: 'INTERNAL' });
        },
      );
    } else {
      answer(response, 404, {
        code: 'NOT_FOUND',
        message: 'there is nothing at this path',
        next: 'use /healthz, /readyz or /metrics',
      });
    }
  });
  server.requestTimeout = 10_000;
  server.maxConnections = 64;
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (cause) {
    clearInterval(looking);
    throw new RefusedError({
      code: 'METRICS_UNAVAILABLE',
      shortMessage: `nothing can be served on ${host}:${port}`,
      details: { host, port, next: 'name another port under keeper.metrics in lode.config.json, or null' },
      cause,
    });
  }
  const address = server.address();
  return {
    port: address === null || typeof address === 'string' ? port : address.port,
    close: async () => {
      clearInterval(looking);
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function shown({ block, view, from, alarms, rounds, isTroubled }: KeeperStatus) {
  const { ended = null, nextToClose = null, nextToFinalise = null } = view ?? {};
  return { block: block?.number ?? null, ended, nextToClose, nextToFinalise, from, rounds, isTroubled, alarms };
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify(body)}\n`);
}
