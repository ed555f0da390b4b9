import { buffer } from 'node:stream/consumers';

import type { Trouble } from './report-server.ts';
import { serveOnLoopback } from './loopback.ts';

/** A web server on the loopback address that takes files by PUT and gives them by GET, as an object store does. */
export interface PutServer {
  readonly url: string;
  /** What stands where, by path without a leading slash; may be changed at any time. */
  readonly files: Map<string, Uint8Array>;
  /** Every request in the order of its coming, such as `PUT epochs/000004/manifest.json`. */
  readonly asked: string[];
  /** Comes before everything else. */
  trouble: Trouble;
  readonly close: () => Promise<void>;
}

export async function startPutServer(): Promise<PutServer> {
  const files = new Map<string, Uint8Array>();
  const asked: string[] = [];
  const server = await serveOnLoopback((request, response) => {
    const path = (request.url ?? '').slice(1);
    asked.push(`${request.method ?? ''} ${path}`);
    if (own.trouble(request, response)) return;
    const there = files.get(path);
    if (request.method === 'GET') {
      if (there === undefined) response.writeHead(404).end('not found');
      else response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(there);
      return;
    }
    if (request.method !== 'PUT') {
      response.writeHead(405).end();
      return;
    }
    if (there !== undefined && request.headers['if-none-match'] === '*') {
      request.resume();
      response.writeHead(412).end();
      return;
    }
    buffer(request)
      .then((bytes) => {
        files.set(path, bytes);
        response.writeHead(201).end();
      })
      // The sender went away in the middle: nothing of it is kept.
      .catch(() => response.destroy());
  });
  const own: PutServer = { ...server, files, asked, trouble: () => false };
  return own;
}
