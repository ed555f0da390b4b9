/**
 * `peer.ts FOLDER`: what the endpoint is measured against. The same body over the same HTTP server, parsed and appended to a file, but
 * no signature looked at, no row parsed, and answered before anything is on the disk.
 */
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

const [folder = '.'] = process.argv.slice(2);
const file = await open(join(folder, 'peer.ndjson'), 'a');

const server = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    const { rows } = JSON.parse(Buffer.concat(parts).toString()) as { rows: string[] };
    void file.appendFile(rows.map((row) => `${row}\n`).join('')).then(() => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(`{"rows":${rows.length}}\n`);
    });
  });
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
console.log(JSON.stringify({ event: 'listening', url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }));
