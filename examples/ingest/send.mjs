// Sends contributions to the ingest endpoint of a Lode operator, the way an application would: signed, in batches, each
// batch again until it is taken, and none twice, also when this program was ended in the middle.
//
//   KEYSTORE=key.json PASSWORD_FILE=password.txt node send.mjs http://127.0.0.1:8787 rows.ndjson outbox.json
//
// It needs nothing of Lode but the addresses: copy it, and `npm install ethers`. rows.ndjson has a contribution a line and may
// grow; outbox.json remembers how far it was sent.
import { readFile, rename, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

import { Wallet } from 'ethers';

const [endpoint, rowsPath, outboxPath] = process.argv.slice(2);
if (outboxPath === undefined) {
  console.error('usage: node send.mjs ENDPOINT ROWS.ndjson OUTBOX.json');
  process.exit(2);
}

const TYPES = {
  Batch: [
    { name: 'recorder', type: 'address' },
    { name: 'sequence', type: 'uint64' },
    { name: 'rows', type: 'string[]' },
  ],
};

const password = (await readFile(process.env.PASSWORD_FILE, 'utf8')).trim();
const wallet = await Wallet.fromEncryptedJson(await readFile(process.env.KEYSTORE, 'utf8'), password);

/** Asks, and asks again while nobody answers or the endpoint is busy. */
async function ask(path, init) {
  for (let attempt = 0; ; attempt++) {
    const response = await fetch(`${endpoint}${path}`, init).catch(() => null);
    const isPassing = response === null || response.status === 429 || response.status >= 500;
    if (!isPassing) return { status: response.status, body: await response.json() };
    const asked = Number(response?.headers.get('retry-after') ?? 0) * 1000;
    // The longer it lasts the more seldom, and not all senders in the same moment.
    const wait = Math.max(asked, Math.min(30_000, 250 * 2 ** attempt)) * (1 + Math.random());
    console.error(`${path}: ${response === null ? 'no answer' : response.status}, again in ${Math.round(wait)} ms`);
    await sleep(wait);
  }
}

/** What was begun is on the disk before it is sent, so that after a crash the same is sent again. */
async function remember(outbox) {
  await writeFile(`${outboxPath}.new`, JSON.stringify(outbox), { flush: true });
  await rename(`${outboxPath}.new`, outboxPath);
}

const { body: limits } = await ask('/v1');
const domain = { name: 'Lode ingest', version: '1', chainId: limits.chainId, verifyingContract: limits.distributor };

const known = await readFile(outboxPath, 'utf8').catch((error) => {
  if (error.code === 'ENOENT') return null;
  throw error;
});
/** @type {{ sent: number, sequence: number, batch: string[] | null }} rows sent, the last number used, the rows under way */
const outbox = known === null ? { sent: 0, sequence: 0, batch: null } : JSON.parse(known);
if (known === null) {
  // A new outbox for a key that has sent before goes on behind what was taken.
  const { status, body } = await ask(`/v1/recorders/${wallet.address}`);
  if (status !== 200) throw new Error(`${body.code}: ${body.message}`);
  outbox.sequence = body.last ?? 0;
}

for (;;) {
  const rows = (await readFile(rowsPath, 'utf8')).split('\n').filter((row) => row !== '');
  if (outbox.batch === null) {
    const batch = rows.slice(outbox.sent, outbox.sent + limits.maxBatchRows);
    if (batch.length === 0) break;
    Object.assign(outbox, { sequence: outbox.sequence + 1, batch });
    await remember(outbox);
  }
  const { sequence, batch } = outbox;
  const signature = await wallet.signTypedData(domain, TYPES, { recorder: wallet.address, sequence, rows: batch });
  const { chainId, distributor } = limits;
  const { status, body } = await ask('/v1/batches', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ chainId, distributor, recorder: wallet.address, sequence, rows: batch, signature }),
  });
  if (status !== 200) {
    // Sending this again would not help: somebody has to look. Nothing of the batch was taken, so the rows are read anew.
    await remember({ ...outbox, batch: null });
    throw new Error(`batch ${sequence}: ${body.code}: ${body.message} (${body.next})`);
  }
  Object.assign(outbox, { sent: outbox.sent + batch.length, batch: null });
  await remember(outbox);
  console.log(`batch ${sequence}: ${body.rows} rows in ${body.segment} from line ${body.line}`);
}
