import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect } from 'chai';
import { encryptKeystoreJson } from 'ethers';

import { benchRecorder, writeIngestData } from '../../scripts/bench/ingest/data-folder.ts';
import { ingestServer } from '../../scripts/bench/ingest/server.ts';
import { readIngested } from '../../src/operator/ingest/segments.ts';
import { contribution } from '../support/ledger.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const SEND = fileURLToPath(new URL('../../examples/ingest/send.mjs', import.meta.url));

describe('the example of a sender', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();

  it('sends each row once, though it and the endpoint are killed on the way', async () => {
    const data = folder.path('data');
    await writeIngestData(data, 1);
    const server = ingestServer(data);
    await server.start();
    const { address, privateKey } = benchRecorder(0);
    // Few rounds of the key derivation: it is the key of a test.
    const keystore = await encryptKeystoreJson({ address, privateKey }, 'open', { scrypt: { N: 2 } });
    await folder.write('key.json', keystore);
    await folder.write('password.txt', 'open\n');
    const rows = Array.from({ length: 205 }, (_, index) => JSON.stringify(contribution({ id: `row ${index}` })));
    await folder.write('rows.ndjson', `${rows.slice(0, 150).join('\n')}\n`);

    const send = () => {
      const env = { ...process.env, KEYSTORE: folder.path('key.json'), PASSWORD_FILE: folder.path('password.txt') };
      const args = [SEND, server.url(), folder.path('rows.ndjson'), folder.path('outbox.json')];
      const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
      const said = { out: '', err: '' };
      child.stdout.on('data', (text: Buffer) => (said.out += text.toString()));
      child.stderr.on('data', (text: Buffer) => (said.err += text.toString()));
      return { child, said };
    };
    const ended = async ({ child, said }: ReturnType<typeof send>) => {
      const [code] = (await once(child, 'close')) as [number | null];
      return { code, ...said };
    };

    const killed = send();
    killed.child.stdout.once('data', () => killed.child.kill('SIGKILL'));
    await once(killed.child, 'close');
    await server.kill();
    const waiting = send();
    await once(waiting.child.stderr, 'data');
    waiting.child.kill('SIGKILL');
    await once(waiting.child, 'close');
    await server.start();
    expect((await ended(send())).code).to.equal(0);

    // The file grows; a row in the middle is wrong, and nothing of its batch is taken.
    const outbox = JSON.parse(await readFile(folder.path('outbox.json'), 'utf8')) as { sent: number };
    expect(outbox.sent).to.equal(150);
    const wrong = rows.with(160, rows[160]!.replace('"5"', '"-5"'));
    await writeFile(folder.path('rows.ndjson'), `${wrong.join('\n')}\n`);
    const refused = await ended(send());
    expect(refused.code).to.equal(1);
    expect(refused.err).to.contain('ROW_INVALID: row 11 cannot be used: number-negative');
    await writeFile(folder.path('rows.ndjson'), `${rows.join('\n')}\n`);
    expect((await ended(send())).code).to.equal(0);
    expect((await ended(send())).out).to.equal('');
    await server.kill();

    const files = await readIngested(join(data, 'ingest'));
    const ids = files.flatMap((file) => file.rows.map((row) => ('fields' in row ? row.fields.get('id') : undefined)));
    expect(ids).to.deep.equal(Array.from({ length: 205 }, (_, index) => `row ${index}`));
  });
});
