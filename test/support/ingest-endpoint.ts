import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdir } from 'node:fs/promises';

import { Wallet } from 'ethers';

import type { BatchBody } from '../../src/operator/ingest/batch.ts';
import { createEndpoint } from '../../src/operator/ingest/endpoint.ts';
import type { EndpointOptions } from '../../src/operator/ingest/endpoint.ts';
import { SegmentLog } from '../../src/operator/ingest/segment-log.ts';
import { readIngested } from '../../src/operator/ingest/segments.ts';
import { signBatch } from '../../src/operator/ingest/sign-batch.ts';
import { INGEST_DOMAIN } from './append-batches.ts';
import { contribution } from './ledger.ts';

/** A recorder with a key of its own, the same for the same number. */
export function recorderOf(number: number): Wallet {
  return new Wallet(`0x${(number + 1).toString(16).padStart(64, '1')}`);
}

/** So many rows, whose ids begin with `name`. */
export function rowsOf(name: string, count = 1): string[] {
  return Array.from({ length: count }, (_, index) => JSON.stringify(contribution({ id: `${name}.${index}` })));
}

/** Signs rows for the deployment of the tests, and changes the body afterwards where asked to. */
export async function signed(
  sequence: number,
  rows: readonly string[],
  { by = recorderOf(0), domain = INGEST_DOMAIN }: { readonly by?: Wallet; readonly domain?: typeof INGEST_DOMAIN } = {},
): Promise<BatchBody> {
  return await signBatch(by, domain, { sequence, rows });
}

/** What a request was answered. */
export interface Answered {
  readonly status: number;
  readonly code?: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: Headers;
}

/** A server of the endpoint in this process. */
export interface TestEndpoint {
  readonly url: string;
  readonly server: Server;
  /** Posts a batch, or whatever it is given as text. */
  readonly post: (body: unknown, init?: RequestInit) => Promise<Answered>;
  readonly get: (path: string, init?: RequestInit) => Promise<Answered>;
  /** Every id that a reader of the folder finds. */
  readonly ids: () => Promise<readonly string[]>;
  readonly close: () => Promise<void>;
}

/** Starts an endpoint over a folder, for the recorders 0 and 1 and the rules that a configuration has by default. */
export async function startEndpoint(
  folder: string,
  changes: Partial<EndpointOptions> & { readonly segmentBytes?: number } = {},
): Promise<TestEndpoint> {
  await mkdir(folder, { recursive: true });
  const { segmentBytes, ...others } = changes;
  const opened = await SegmentLog.open(folder, INGEST_DOMAIN, segmentBytes);
  const server = createEndpoint({
    ...{ folder, opened, domain: INGEST_DOMAIN, forbidden: new Set<string>() },
    recorders: new Set([0, 1].map((number) => recorderOf(number).address.toLowerCase())),
    ...{ maxRows: 20, maxBodyBytes: 65_536, rowsPerSecond: 4_000, maxWaiting: 1_000, now: () => Date.now() },
    ...others,
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const ask = async (path: string, init: RequestInit): Promise<Answered> => {
    const response = await fetch(`${url}${path}`, init);
    const text = await response.text();
    const isJson = response.headers.get('content-type') === 'application/json';
    const body = isJson ? (JSON.parse(text) as Record<string, unknown>) : { text };
    const code = typeof body['code'] === 'string' ? { code: body['code'] } : {};
    return { status: response.status, ...code, body, headers: response.headers };
  };
  return {
    url,
    server,
    post: async (body, init = {}) => {
      const bytes = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
      const headers = { 'content-type': 'application/json' };
      return await ask('/v1/batches', { method: 'POST', headers, body: bytes as string, ...init });
    },
    get: async (path, init = {}) => await ask(path, init),
    ids: async () => {
      const files = await readIngested(folder);
      return files.flatMap(({ rows }) => rows.map((row) => ('fields' in row ? (row.fields.get('id') ?? '') : 'FAULT')));
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
      await opened.log.close();
    },
  };
}
