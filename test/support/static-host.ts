import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';

import type { Loopback } from './loopback.ts';
import { serveOnLoopback } from './loopback.ts';

/** Without the right type a browser runs no script; there is no other header that a host has to send. */
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

/** A file host that knows nothing of the page. */
export interface StaticHost extends Loopback {
  /** The paths that were asked for, in their order. */
  readonly asked: string[];
}

/** Gives the files of a folder by their path, each as what its name says. */
export async function startStaticHost(folder: string): Promise<StaticHost> {
  const asked: string[] = [];
  const server = await serveOnLoopback((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://host');
    asked.push(pathname);
    const name = pathname.endsWith('/') ? `${pathname}index.html` : pathname;
    readFile(join(folder, name)).then(
      (bytes) =>
        response.writeHead(200, { 'content-type': TYPES[extname(name)] ?? 'application/octet-stream' }).end(bytes),
      () => response.writeHead(404).end('not found'),
    );
  });
  return { ...server, asked };
}
