import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';

import { build } from 'vite';

import { SERVED_POLICY } from '../../../src/cli/web/content-security-policy.ts';
import { startChromium } from '../../../test/support/chromium.ts';
import type { BrowserTree } from './browser-worker.ts';

const WORKER = fileURLToPath(new URL('browser-worker.ts', import.meta.url));

/** Builds a tree from packed bytes in a worker of a browser, under the page's own policy. */
export async function treeInBrowser(leaves: number): Promise<BrowserTree> {
  const script = await bundled();
  const server = createServer(({ url }, response) => {
    const isScript = url === '/worker.js';
    response.writeHead(200, {
      'content-type': isScript ? 'text/javascript' : 'text/html',
      'content-security-policy': SERVED_POLICY,
    });
    response.end(isScript ? script : '<!doctype html><title>bench</title>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // Of a server that listens on a port.
  const browser = await startChromium();
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${port}/`);
    return await page.evaluate<BrowserTree>(`new Promise((resolve, reject) => {
      const worker = new Worker('/worker.js', { type: 'module', name: '${leaves}' });
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = ({ message }) => reject(new Error(message));
    })`);
  } finally {
    await browser.close();
    server.close();
  }
}

/** The worker as one script. */
async function bundled(): Promise<string> {
  const lib = { entry: WORKER, formats: ['es' as const], fileName: 'worker' };
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: { lib, write: false, target: 'es2023' },
  });
  for (const { output } of [built].flat().filter((part) => 'output' in part)) return output[0].code;
  throw new Error('the worker was not built');
}
