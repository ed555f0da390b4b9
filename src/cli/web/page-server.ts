import { once } from 'node:events';
import { createServer, type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from 'node:http';
import { extname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

import { RefusedError } from '../../protocol/errors.ts';
import { SERVED_POLICY } from './content-security-policy.ts';
import { findFile } from './find-file.ts';

/** What is served, and under which names. */
export interface ServedPage {
  /** The folder of the built page. */
  readonly page: string;
  /** Texts that stand beside it, by name, such as `config.json`; they come before the page's own files. */
  readonly texts: ReadonlyMap<string, string>;
  /** Folders of reports by the name under which they stand. */
  readonly folders: ReadonlyMap<string, string>;
}

export interface PageServer {
  /** Where it listens, with a slash at the end. */
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** Where a server listens; port 0 takes a free one. */
export interface ListeningPlace {
  readonly host: string;
  readonly port: number;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.ndjson': 'application/x-ndjson',
  '.csv': 'text/csv; charset=utf-8',
  '.md': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.wasm': 'application/wasm',
};
const OTHER_TYPE = 'application/octet-stream';
const PACKED = /^text\/|json$|^image\/svg/;
/** Whose names change with their content. */
const UNCHANGING = /^assets\//;

const HEADERS = {
  'content-security-policy': SERVED_POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
} as const;

/**
 * Serves the page with its settings, address book and reports, to read and nothing else.
 *
 * @throws {RefusedError} `PAGE_UNAVAILABLE` when it cannot listen there
 */
export async function servePage(page: ServedPage, { host, port }: ListeningPlace): Promise<PageServer> {
  const server = createServer((request, response) => {
    // Whoever went away needs no answer.
    answer(page, request, response).catch(() => response.destroy());
  });
  server.requestTimeout = 10_000;
  server.maxConnections = 256;
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (cause) {
    throw new RefusedError({
      code: 'PAGE_UNAVAILABLE',
      shortMessage: `the page cannot be served on ${host}:${port}`,
      details: { host, port, next: 'name another --port (0 takes a free one) or --host' },
      cause,
    });
  }
  const address = server.address();
  const listening = address === null || typeof address === 'string' ? port : address.port;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${listening}/`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function answer(page: ServedPage, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    say(response, 405, 'nothing can be changed here', { allow: 'GET, HEAD' });
    return;
  }
  const path = /^\/([^?#]*)/.exec(request.url ?? '')?.[1];
  const name = path === '' ? 'index.html' : path;
  const text = name === undefined ? undefined : page.texts.get(name);
  const type = TYPES[extname(name ?? '').toLowerCase()] ?? OTHER_TYPE;
  if (text !== undefined) {
    response.writeHead(200, { ...HEADERS, 'content-type': type, 'cache-control': 'no-cache' });
    response.end(request.method === 'HEAD' ? undefined : text);
    return;
  }
  const found = name === undefined ? null : await fileOf(page, name);
  if (found === null) {
    say(response, 404, 'there is nothing at this address');
    return;
  }
  const { handle, size } = found;
  try {
    const packed = PACKED.test(type) && /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
    response.writeHead(200, {
      ...HEADERS,
      'content-type': type,
      'cache-control': UNCHANGING.test(name ?? '') ? 'public, max-age=31536000, immutable' : 'no-cache',
      vary: 'accept-encoding',
      ...(packed ? { 'content-encoding': 'gzip' } : { 'content-length': size }),
    });
    if (request.method === 'HEAD') {
      response.end();
      return;
    }
    // No more than was promised, also when the file grows meanwhile.
    const bytes = handle.createReadStream({ autoClose: false, ...(size === 0 ? {} : { end: size - 1 }) });
    if (packed) await pipeline(bytes, createGzip(), response);
    else await pipeline(bytes, response);
  } finally {
    await handle.close();
  }
}

async function fileOf({ page, folders }: ServedPage, name: string) {
  const slash = name.indexOf('/');
  const folder = slash === -1 ? undefined : folders.get(name.slice(0, slash));
  return folder === undefined ? await findFile(page, name) : await findFile(folder, name.slice(slash + 1));
}

function say(response: ServerResponse, status: number, words: string, more: OutgoingHttpHeaders = {}): void {
  response.writeHead(status, { ...HEADERS, 'content-type': 'text/plain; charset=utf-8', ...more }).end(`${words}\n`);
}
