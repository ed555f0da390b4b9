import { once } from 'node:events';
import { connect } from 'node:net';

import { expect } from 'chai';
import { TypedDataEncoder } from 'ethers';

import { BATCH_TYPES, digestsIn, typedDataDomain } from '../../../src/operator/ingest/batch.ts';
import { INGEST_DOMAIN } from '../../support/append-batches.ts';
import { random, runs } from '../../support/effort.ts';
import type { Answered, TestEndpoint } from '../../support/ingest-endpoint.ts';
import { recorderOf, rowsOf, signed, startEndpoint } from '../../support/ingest-endpoint.ts';
import { alice, bob, contribution } from '../../support/ledger.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const row = (changes: Readonly<Record<string, string>>) => JSON.stringify(contribution(changes));

/** Writes bytes to the server as they are and gives all that it answers. */
async function raw(url: string, text: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  let answer = '';
  socket.setEncoding('utf8').on('data', (part: string) => (answer += part));
  socket.on('error', () => undefined);
  socket.write(text);
  await once(socket, 'close');
  return answer;
}

describe('the ingest endpoint', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();
  let endpoint: TestEndpoint;
  let made = 0;

  beforeEach(async () => {
    endpoint = await startEndpoint(folder.path(`ingest-${made++}`));
  });
  afterEach(async () => {
    await endpoint.close();
  });

  /** Expects an answer that says what is wrong and what to do, and that nothing was kept. */
  const expectRefused = async (answer: Answered, status: number, code: string) => {
    expect({ status: answer.status, code: answer.code }, JSON.stringify(answer.body)).to.deep.equal({ status, code });
    expect(answer.body['message']).to.be.a('string').with.length.greaterThan(10);
    expect(answer.body['next']).to.be.a('string').with.length.greaterThan(5);
    expect(answer.headers.get('content-type')).to.equal('application/json');
    expect(await endpoint.ids()).to.deep.equal([]);
  };

  describe('given a batch that is signed by a registered recorder', () => {
    it('answers with a receipt once it is on the disk', async () => {
      const { status, body } = await endpoint.post(await signed(7, rowsOf('a', 3)));
      expect(status).to.equal(200);
      const { digest, at, ...rest } = body;
      const recorder = recorderOf(0).address.toLowerCase();
      expect(rest).to.deep.equal({ recorder, sequence: 7, rows: 3, segment: '00000001.seg', line: 2 });
      expect(digest).to.match(/^0x[0-9a-f]{64}$/);
      expect(Date.now() - Date.parse(String(at))).to.be.within(0, 10_000);
      expect(await endpoint.ids()).to.deep.equal(['a.0', 'a.1', 'a.2']);
    });

    it('takes up to 20 rows, of several recorders at once, each by its own sequence', async () => {
      const answers = await Promise.all([
        endpoint.post(await signed(1, rowsOf('a', 20))),
        endpoint.post(await signed(1, rowsOf('b', 20), { by: recorderOf(1) })),
      ]);
      expect(answers.map(({ status }) => status)).to.deep.equal([200, 200]);
      expect((await endpoint.ids()).length).to.equal(40);
    });

    it('gives the same receipt for the same batch, however often it comes, and keeps it once', async () => {
      const batch = await signed(1, rowsOf('a', 2));
      const all = await Promise.all(Array.from({ length: 10 }, async () => endpoint.post(batch)));
      const first = all[0]!;
      expect(first.status).to.equal(200);
      for (const { status, body } of all) expect({ status, body }).to.deep.equal({ status: 200, body: first.body });
      // Another signature over the same is the same batch.
      expect((await endpoint.post({ ...batch, recorder: batch.recorder.toLowerCase() })).body).to.deep.equal(
        first.body,
      );
      expect(await endpoint.ids()).to.deep.equal(['a.0', 'a.1']);
    });

    it('remembers over a restart, also what lies in segments that are closed', async () => {
      await endpoint.close();
      const place = folder.path('restarts');
      const receipts: Answered['body'][] = [];
      const batches = await Promise.all(
        Array.from({ length: 12 }, async (_, at) => signed(at * 2, rowsOf(`s${at}`, 2))),
      );
      for (const batch of batches) {
        endpoint = await startEndpoint(place, { segmentBytes: 2_000 });
        receipts.push((await endpoint.post(batch)).body);
        await endpoint.close();
      }
      endpoint = await startEndpoint(place, { segmentBytes: 2_000 });
      expect(new Set(receipts.map(({ segment }) => segment)).size).to.be.greaterThan(3);
      expect((await endpoint.get(`/v1/recorders/${recorderOf(0).address}`)).body['last']).to.equal(22);
      for (const at of [0, 11]) expect((await endpoint.post(batches[at]!)).body).to.deep.equal(receipts[at]);
      const other = await endpoint.post(await signed(4, rowsOf('other')));
      expect({ status: other.status, code: other.code }).to.deep.equal({ status: 409, code: 'SEQUENCE_TAKEN' });
      // Reading old segments is dear, so there is a bound to it.
      const more = await Promise.all(batches.slice(0, 6).map(async (batch) => endpoint.post(batch)));
      const late = more.filter(({ code }) => code === 'RATE_LIMITED');
      expect(late.length).to.be.greaterThan(0);
      expect(late[0]!.headers.get('retry-after')).to.equal('1');
      expect(await endpoint.ids()).to.have.length(24);
    });

    it('looks up what it does not remember any more', async () => {
      await endpoint.close();
      endpoint = await startEndpoint(folder.path('many'), { remembered: 3 });
      const first = await signed(1, rowsOf('first'));
      const { body } = await endpoint.post(first);
      for (let sequence = 2; sequence <= 6; sequence++)
        await endpoint.post(await signed(sequence, rowsOf(`r${sequence}`)));
      expect((await endpoint.post(first)).body).to.deep.equal(body);
      expect((await endpoint.post(await signed(1, rowsOf('else')))).code).to.equal('SEQUENCE_TAKEN');
      expect(await endpoint.ids()).to.have.length(6);
    });

    it('stores the very rows that were signed, to the byte', async () => {
      const rows = [
        '{"units":5, "task":"voice","time":"2020-01-01T00:00:00Z","id":"ü😀","account":"' +
          alice +
          '","note":"\\u0041"}',
      ];
      expect((await endpoint.post(await signed(1, rows))).status).to.equal(200);
      expect(await endpoint.ids()).to.deep.equal(['ü😀']);
    });
  });

  describe('given what it cannot take', () => {
    it('413: a body that is too large, declared or not', async () => {
      const batch = { ...(await signed(1, rowsOf('a'))), more: 'x'.repeat(70_000) };
      await expectRefused(await endpoint.post(batch), 413, 'BODY_TOO_LARGE');
      const stream = new ReadableStream({
        start: (controller) => {
          for (let part = 0; part < 10; part++) controller.enqueue(new Uint8Array(10_000));
          controller.close();
        },
      });
      const init = { body: stream, duplex: 'half' } as RequestInit;
      await expectRefused(await endpoint.post('', init), 413, 'BODY_TOO_LARGE');
      const endless = `POST /v1/batches HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 99999999999\r\n\r\n`;
      const answer = await raw(endpoint.url, endless + 'x'.repeat(2_000_000));
      expect(answer).to.contain('HTTP/1.1 413').and.contain('BODY_TOO_LARGE');
    });

    it('415: what is not JSON in UTF-8, or compressed', async () => {
      const batch = JSON.stringify(await signed(1, rowsOf('a')));
      for (const headers of [
        { 'content-type': 'text/plain' },
        { 'content-type': 'application/json; charset=latin1' },
        { 'content-type': 'application/json', 'content-encoding': 'gzip' },
        { 'content-type': 'multipart/form-data; boundary=x' },
      ]) {
        await expectRefused(await endpoint.post(batch, { headers }), 415, 'TYPE_UNKNOWN');
      }
      const answer = await endpoint.post(batch, { headers: { 'content-type': 'Application/JSON; Charset=UTF-8' } });
      expect(answer.status).to.equal(200);
    });

    it('400: what is no batch', async () => {
      const good = await signed(1, rowsOf('a'));
      const { signature: _, ...unsigned } = good;
      const hostile: readonly unknown[] = [
        ...['', 'x', '[]', 'null', '"text"', '{', '{}', `${JSON.stringify(good)}}`],
        ...['['.repeat(30_000), `{"rows":${'['.repeat(20_000)}${']'.repeat(20_000)}}`],
        Uint8Array.of(0xff, 0xfe, 0x7b),
        new Uint8Array(1000),
        unsigned,
        { ...good, more: 1 },
        { ...good, sequence: -1 },
        { ...good, sequence: 1.5 },
        { ...good, sequence: '1' },
        { ...good, sequence: 2 ** 53 },
        { ...good, rows: 'rows' },
        { ...good, rows: [contribution()] },
        { ...good, rows: null },
        { ...good, recorder: 'alice.eth' },
        { ...good, recorder: [good.recorder] },
        { ...good, signature: '0x' },
        { ...good, signature: `${good.signature}00` },
        { ...good, chainId: '31337' },
        { ...good, distributor: 7 },
      ];
      for (const body of hostile) await expectRefused(await endpoint.post(body), 400, 'BODY_INVALID');
      const proto = JSON.stringify(good).replace('{', '{"__proto__":{"x":1},');
      await expectRefused(await endpoint.post(proto), 400, 'BODY_INVALID');
    });

    it('400: a batch for another chain or deployment says so', async () => {
      const chain = { ...INGEST_DOMAIN, chainId: 1 };
      const answer = await endpoint.post(await signed(1, rowsOf('a'), { domain: chain }));
      await expectRefused(answer, 400, 'CHAIN_DIFFERS');
      expect(answer.body['message']).to.equal('the batch is for chain 1, this endpoint for chain 31337');
      const other = { ...INGEST_DOMAIN, distributor: `0x${'e'.repeat(40)}` };
      await expectRefused(
        await endpoint.post(await signed(1, rowsOf('a'), { domain: other })),
        400,
        'DISTRIBUTOR_DIFFERS',
      );
    });

    it('400: no rows, or more than 20', async () => {
      await expectRefused(await endpoint.post(await signed(1, [])), 400, 'ROWS_COUNT');
      await expectRefused(await endpoint.post(await signed(1, rowsOf('a', 21))), 400, 'ROWS_COUNT');
    });

    it('400: a row that the ledger would reject refuses the batch, and is named by its number', async () => {
      const bad: readonly (readonly [string, string])[] = [
        [row({ units: '-1' }), 'number-negative'],
        [row({ units: '1e3' }), 'number-exponent'],
        [row({ units: '1,000' }), 'number-separator'],
        [row({ units: 'NaN' }), 'number-malformed'],
        [row({ units: (10n ** 16n).toString() }), 'number-too-large'],
        [row({ account: 'alice.eth' }), 'address-name'],
        [row({ account: `0x${'0'.repeat(40)}` }), 'address-zero'],
        [row({ time: '2020-01-01T00:00:00+01:00' }), 'time-offset'],
        [row({ time: '2020-01-01T23:59:60Z' }), 'time-leap-second'],
        [row({ id: 'a\u200bb' }), 'id-not-canonical'],
        [row({ id: '' }), 'text-empty'],
        [row({ id: 'x'.repeat(201) }), 'text-too-long'],
        [row({ task: 'a\nb' }), 'control-character'],
        ['{"id":"1"}', 'column-missing'],
        ['{"id":{"a":1}}', 'json'],
        [row({}).replace('{', '{"id":"twice",'), 'json'],
        [`${row({})}\n${row({ id: 'second' })}`, 'json'],
        [`#batch ${row({})}`, 'json'],
        [`  ${row({})}`, 'json'],
        ['\ud800', 'json'],
        ['', 'json'],
      ];
      for (const [text, reason] of bad) {
        const rows = [...rowsOf('good', 2), text, ...rowsOf('more', 1)];
        const answer = await endpoint.post(
          await signed(1, rows).catch(() =>
            signed(
              1,
              rows.map((one) => one.replace(/\ud800/, '')),
            ),
          ),
        );
        await expectRefused(answer, 400, 'ROW_INVALID');
        expect(answer.body['details'], text).to.deep.equal({ row: 3, reason });
        expect(answer.body['message']).to.match(new RegExp(`^row 3 cannot be used: ${reason}: `));
      }
    });

    it('400: two rows of one id that say different things; the same row twice is the same', async () => {
      const conflict = [row({ id: 'x' }), row({ id: 'x', account: bob })];
      const answer = await endpoint.post(await signed(1, conflict));
      await expectRefused(answer, 400, 'ROW_INVALID');
      expect(answer.body['details']).to.deep.equal({ row: 1, reason: 'conflict' });
      const twice = [row({ id: 'x' }), row({ id: 'x' })];
      expect((await endpoint.post(await signed(1, twice))).status).to.equal(200);
    });

    it("400: a row for one of the deployment's own contracts", async () => {
      await endpoint.close();
      endpoint = await startEndpoint(folder.path('forbidden'), { forbidden: new Set([bob]) });
      const answer = await endpoint.post(await signed(1, [row({ account: bob })]));
      await expectRefused(answer, 400, 'ROW_INVALID');
      expect(answer.body['details']).to.deep.equal({ row: 1, reason: 'address-forbidden' });
    });

    it('401: a signature by somebody else, over something else, for another chain, or none at all', async () => {
      const good = await signed(1, rowsOf('a'));
      const byOther = await signed(1, rowsOf('a'), { by: recorderOf(1) });
      const elsewhere = await signed(1, rowsOf('a'), { domain: { ...INGEST_DOMAIN, chainId: 1 } });
      for (const body of [
        { ...good, signature: byOther.signature },
        { ...good, sequence: 2 },
        { ...good, rows: rowsOf('b') },
        { ...good, rows: [...good.rows, ...rowsOf('b')] },
        { ...good, rows: [`${good.rows[0]!.slice(0, -1)} }`] },
        { ...good, signature: elsewhere.signature },
        { ...good, signature: `0x${'00'.repeat(65)}` },
        { ...good, signature: `0x${'ff'.repeat(65)}` },
        { ...good, signature: mirrored(good.signature) },
        { ...good, recorder: recorderOf(1).address },
      ]) {
        await expectRefused(await endpoint.post(body), 401, 'SIGNATURE_INVALID');
      }
    });

    it('403: a recorder that is not registered, though the signature is its own', async () => {
      const answer = await endpoint.post(await signed(1, rowsOf('a'), { by: recorderOf(2) }));
      await expectRefused(answer, 403, 'RECORDER_UNKNOWN');
    });

    it('404 and 405: other paths and methods', async () => {
      for (const path of ['/', '/v1/batches/', '/v2/batches', '/v1/recorders/alice', '/../lock', '//v1']) {
        await expectRefused(await endpoint.get(path), 404, 'PATH_UNKNOWN');
      }
      const unknown = `/v1/recorders/${recorderOf(2).address}`;
      await expectRefused(await endpoint.get(unknown), 404, 'RECORDER_UNKNOWN');
      const wrong = await endpoint.get('/v1/batches');
      await expectRefused(wrong, 405, 'METHOD_UNKNOWN');
      expect(wrong.headers.get('allow')).to.equal('POST');
      const deleted = await endpoint.get('/v1', { method: 'DELETE' });
      await expectRefused(deleted, 405, 'METHOD_UNKNOWN');
      expect(deleted.headers.get('allow')).to.equal('GET');
    });

    it('409: a sequence that was used for something else, or that lies behind', async () => {
      expect((await endpoint.post(await signed(5, rowsOf('a')))).status).to.equal(200);
      const taken = await endpoint.post(await signed(5, rowsOf('b')));
      expect({ status: taken.status, code: taken.code }).to.deep.equal({ status: 409, code: 'SEQUENCE_TAKEN' });
      const old = await endpoint.post(await signed(4, rowsOf('b')));
      expect({ status: old.status, code: old.code }).to.deep.equal({ status: 409, code: 'SEQUENCE_OLD' });
      expect(old.body['details']).to.deep.equal({ last: 5 });
      expect(await endpoint.ids()).to.deep.equal(['a.0']);
      expect((await endpoint.get(`/v1/recorders/${recorderOf(0).address}`)).body['last']).to.equal(5);
      expect((await endpoint.get(`/v1/recorders/${recorderOf(1).address}`)).body['last']).to.equal(null);
    });

    it('429: more rows a second than agreed on, of one recorder and not of the others', async () => {
      await endpoint.close();
      endpoint = await startEndpoint(folder.path('limited'), { rowsPerSecond: 20 });
      expect((await endpoint.post(await signed(1, rowsOf('a', 20)))).status).to.equal(200);
      const next = await signed(2, rowsOf('b', 20));
      const limited = await endpoint.post(next);
      expect({ status: limited.status, code: limited.code }).to.deep.equal({ status: 429, code: 'RATE_LIMITED' });
      expect(Number(limited.headers.get('retry-after'))).to.equal(1);
      expect((await endpoint.post(await signed(1, rowsOf('c', 20), { by: recorderOf(1) }))).status).to.equal(200);
      await new Promise((resolve) => setTimeout(resolve, 1_050));
      expect((await endpoint.post(next)).status).to.equal(200);
    });

    it('503: more requests under way than it may hold', async () => {
      await endpoint.close();
      endpoint = await startEndpoint(folder.path('busy'), { maxWaiting: 3 });
      const batch = await signed(1, rowsOf('a'));
      const half = `POST /v1/batches HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n{`;
      const port = Number(new URL(endpoint.url).port);
      const held = [0, 1, 2].map(() => connect(port, '127.0.0.1').on('error', () => undefined));
      for (const socket of held) socket.write(half);
      let busy = await endpoint.post(batch);
      for (let attempt = 0; attempt < 50 && busy.status === 200; attempt++) busy = await endpoint.post(batch);
      expect({ status: busy.status, code: busy.code }).to.deep.equal({ status: 503, code: 'BUSY' });
      expect(busy.headers.get('retry-after')).to.equal('1');
      for (const socket of held) socket.destroy();
      let again = await endpoint.post(batch);
      for (let attempt = 0; attempt < 50 && again.status === 503; attempt++) again = await endpoint.post(batch);
      expect(again.status).to.equal(200);
    });

    it('408, 431 and 400: what comes too slowly, with too large headers, or is no HTTP', async () => {
      await endpoint.close();
      endpoint = await startEndpoint(folder.path('slow'), { requestTime: 1_000 });
      const head =
        'POST /v1/batches HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n{';
      const [slow, large, nonsense] = await Promise.all([
        raw(endpoint.url, head),
        raw(endpoint.url, `GET /v1 HTTP/1.1\r\nhost: x\r\nx-long: ${'x'.repeat(9_000)}\r\n\r\n`),
        raw(endpoint.url, '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'),
      ]);
      expect(slow).to.contain('HTTP/1.1 408').and.contain('"code":"TOO_SLOW"');
      expect(large).to.contain('HTTP/1.1 431').and.contain('"code":"HEADERS_TOO_LARGE"');
      expect(nonsense).to.contain('HTTP/1.1 400').and.contain('"code":"REQUEST_UNREADABLE"');
      expect((await endpoint.get('/healthz')).status).to.equal(200);
    });

    it('500: what nobody expected is told to the operator and not to the sender', async () => {
      await endpoint.close();
      const failures: unknown[] = [];
      const failed = (error: unknown) => failures.push(error);
      const metrics = async () => Promise.reject(new Error('secret'));
      endpoint = await startEndpoint(folder.path('failing'), { failed, metrics });
      const answer = await endpoint.get('/metrics');
      await expectRefused(answer, 500, 'INTERNAL');
      expect(JSON.stringify(answer.body)).not.to.contain('secret');
      expect(failures.map(String)).to.deep.equal(['Error: secret']);
    });

    it('refuses whatever is made of a batch by changing some of its bytes, and never fails at it', async () => {
      await endpoint.close();
      const failures: unknown[] = [];
      endpoint = await startEndpoint(folder.path('mutated'), { failed: (error) => failures.push(error) });
      const text = JSON.stringify(await signed(1, rowsOf('a', 2)));
      const { index } = random('changed batches');
      for (let round = 0; round < runs(200, 5_000); round++) {
        const bytes = Buffer.from(text);
        const at = index(bytes.length);
        const kind = index(3);
        const cut = at + 1 + index(20);
        if (kind === 0) bytes[at] = bytes[at]! ^ (1 << index(8));
        const body =
          kind === 0
            ? bytes
            : kind === 1
              ? bytes.subarray(0, at)
              : Buffer.concat([bytes.subarray(0, at), bytes.subarray(cut)]);
        // Of a hexadecimal digit the other case says the same.
        if (body.toString().toLowerCase() === text.toLowerCase()) continue;
        const { status, code } = await endpoint.post(Uint8Array.from(body));
        expect([400, 401, 403], `${code ?? ''} for ${body.toString()}`).to.include(status);
      }
      expect(failures).to.deep.equal([]);
      expect(await endpoint.ids()).to.deep.equal([]);
    });

    it('goes on after connections that end in the middle of a body', async () => {
      const batch = JSON.stringify(await signed(1, rowsOf('a')));
      const head = `POST /v1/batches HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${batch.length}\r\n\r\n`;
      const { index } = random('cut connections');
      for (let round = 0; round < 50; round++) {
        const socket = connect(Number(new URL(endpoint.url).port), '127.0.0.1');
        await once(socket, 'connect');
        socket.write(head + batch.slice(0, index(batch.length)));
        socket.destroy();
      }
      expect(await endpoint.ids()).to.deep.equal([]);
      expect((await endpoint.post(batch)).status).to.equal(200);
    });
  });

  it('tells what it takes, how it is, and what it counted', async () => {
    expect((await endpoint.get('/v1')).body).to.deep.equal({
      ...{ format: 'lode-ingest-v1', ...INGEST_DOMAIN, maxBatchRows: 20, maxBodyBytes: 65_536, rowsPerSecond: 4_000 },
    });
    expect((await endpoint.get('/healthz?x=1')).body).to.deep.equal({ status: 'ok', waiting: 0 });
  });

  it('hashes a batch as EIP-712 says', () => {
    const digestOf = digestsIn(INGEST_DOMAIN);
    const { index } = random('digests');
    for (let round = 0; round < 30; round++) {
      const rows = Array.from({ length: index(21) }, (_, at) => `{"id":"${'ä😀x'.repeat(index(30))}${at}"}`);
      const batch = { recorder: recorderOf(index(5)).address.toLowerCase(), sequence: index(2 ** 40), rows };
      const expected = TypedDataEncoder.hash(typedDataDomain(INGEST_DOMAIN), BATCH_TYPES, batch);
      expect(digestOf(batch)).to.equal(expected);
    }
  });
});

/** The other signature that the same key could have made: s mirrored at the curve's order. */
function mirrored(signature: string): string {
  const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
  const s = order - BigInt(`0x${signature.slice(66, 130)}`);
  const v = signature.endsWith('1b') ? '1c' : '1b';
  return `${signature.slice(0, 66)}${s.toString(16).padStart(64, '0')}${v}`;
}
