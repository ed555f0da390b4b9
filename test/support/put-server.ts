import { buffer } from 'node:stream/consumers';

import type { FileServer } from './file-server.ts';
import { pathOf, startFileServer } from './file-server.ts';

/**
 * A web server on the loopback address that takes files by PUT and gives them by GET, as an object store does. Requests are noted such
 * as `PUT epochs/000004/manifest.json`.
 */
export type PutServer = FileServer;

export async function startPutServer(): Promise<PutServer> {
  const nameOf = (request: Parameters<typeof pathOf>[0]) => `${request.method ?? ''} ${pathOf(request)}`;
  return await startFileServer(nameOf, (files, request, response) => {
    const path = pathOf(request);
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
}
