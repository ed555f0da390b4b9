import { once } from 'node:events';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { request, type IncomingMessage } from 'node:http';
import { gunzipSync } from 'node:zlib';

import { expect } from 'chai';

import { SERVED_POLICY } from '../../src/cli/web/content-security-policy.ts';
import { pageFolder } from '../../src/cli/web/page-folder.ts';
import { servePage, type PageServer } from '../../src/cli/web/page-server.ts';
import { checkVisible, pageSurroundings } from '../../src/cli/web/page-settings.ts';
import { expectCode } from '../support/expect-code.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const SECRET = 'not for visitors';

interface Answer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

describe('the server of the page', () => {
  const files = temporaryFolder();
  let server: PageServer;

  before(async () => {
    for (const folder of ['site/assets', 'site/.git', 'reports/epochs/000000', 'private']) {
      await mkdir(files.path(folder), { recursive: true });
    }
    const texts: Readonly<Record<string, string>> = {
      'site/index.html': '<!doctype html>',
      'site/config.json': SECRET,
      'site/assets/code-1a2b.js': 'export {};'.repeat(100),
      'site/assets/empty.css': '',
      'site/.git/config': SECRET,
      'reports/epochs/000000/manifest.json': '{}',
      'private/key': SECRET,
      'reports-of-another': SECRET,
    };
    for (const [path, text] of Object.entries(texts)) await writeFile(files.path(path), text);
    await symlink(files.path('private/key'), files.path('site/linked.json'));
    await symlink(files.path('private'), files.path('reports/linked'));
    await symlink(files.path('reports/epochs'), files.path('reports/same'));
    const page = {
      page: files.path('site'),
      texts: new Map([['config.json', '{"format":"lode-web-v1"}\n']]),
      folders: new Map([['reports', files.path('reports')]]),
    };
    server = await servePage(page, { host: '127.0.0.1', port: 0 });
  });

  after(async () => {
    await server.close();
  });

  /** Asks for a path exactly as it is written, which `fetch` would tidy up. */
  async function ask(path: string, method = 'GET', headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const { hostname, port } = new URL(server.url);
    const asking = request({ hostname, port, path, method, headers, agent: false }).end();
    const [response] = (await once(asking, 'response')) as [IncomingMessage];
    const pieces: Buffer[] = [];
    for await (const piece of response as AsyncIterable<Buffer>) pieces.push(piece);
    return { status: response.statusCode, headers: response.headers, body: Buffer.concat(pieces) };
  }

  it('gives the page, its settings and the reports, each as what it is', async () => {
    const expected: readonly (readonly [string, string, string])[] = [
      ['/', 'text/html; charset=utf-8', '<!doctype html>'],
      ['/index.html?x=../y#z', 'text/html; charset=utf-8', '<!doctype html>'],
      ['/config.json', 'application/json', '{"format":"lode-web-v1"}\n'],
      ['/assets/code-1a2b.js', 'text/javascript; charset=utf-8', 'export {};'.repeat(100)],
      ['/assets/empty.css', 'text/css; charset=utf-8', ''],
      ['/reports/epochs/000000/manifest.json', 'application/json', '{}'],
      ['/reports/same/000000/manifest.json', 'application/json', '{}'],
    ];
    for (const [path, type, text] of expected) {
      const { status, headers, body } = await ask(path);
      expect([status, headers['content-type'], body.toString()], path).to.deep.equal([200, type, text]);
      expect(headers['content-security-policy']).to.equal(SERVED_POLICY);
      expect(headers['x-content-type-options']).to.equal('nosniff');
    }
  });

  it('lets a browser keep what never changes, and packs what it can unpack', async () => {
    expect((await ask('/assets/code-1a2b.js')).headers['cache-control']).to.contain('immutable');
    expect((await ask('/')).headers['cache-control']).to.equal('no-cache');
    const { headers, body } = await ask('/assets/code-1a2b.js', 'GET', { 'accept-encoding': 'br, gzip' });
    expect(headers['content-encoding']).to.equal('gzip');
    expect(gunzipSync(body).toString()).to.equal('export {};'.repeat(100));
  });

  it('gives nothing from outside of its folders, however it is asked', async () => {
    const paths = [
      '/../private/key',
      '/assets/../../private/key',
      '/assets/..%2f..%2fprivate/key',
      '/%2e%2e/private/key',
      '/%252e%252e/private/key',
      '/..%5cprivate%5ckey',
      '/..\\private\\key',
      '/reports/../../private/key',
      '/reports/..',
      '/reports/linked/key',
      '/linked.json',
      '/.git/config',
      '/reports-of-another',
      '/reports/%00',
      '/assets/code-1a2b.js%00.css',
      '/%',
      '/assets//code-1a2b.js',
      '/assets',
      '/assets/',
      '/reports',
      '/C:/private/key',
      `/${files.path('private/key')}`,
      `/assets/${'a/'.repeat(1000)}`,
    ];
    for (const path of paths) {
      const { status, body } = await ask(path);
      expect(body.toString(), path).not.to.contain(SECRET);
      expect(status, path).to.equal(404);
    }
    const proxied = await ask('http://example.org/private/key');
    expect([proxied.status, proxied.body.toString()]).to.deep.equal([404, 'there is nothing at this address\n']);
  });

  it('can only be read', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE']) {
      const { status, headers } = await ask('/', method);
      expect([status, headers['allow']], method).to.deep.equal([405, 'GET, HEAD']);
    }
    for (const path of ['/', '/config.json', '/assets/code-1a2b.js']) {
      const head = await ask(path, 'HEAD');
      expect([head.status, head.body.length], path).to.deep.equal([200, 0]);
    }
  });

  it('says what is in its way', async () => {
    const { port } = new URL(server.url);
    const page = { page: files.path('site'), texts: new Map(), folders: new Map() };
    await expectCode(servePage(page, { host: '127.0.0.1', port: Number(port) }), 'PAGE_UNAVAILABLE');
    expect(() => pageFolder(files.path('private/')))
      .to.throw()
      .with.property('code', 'PAGE_MISSING');
  });
});

describe('the settings of a served page', () => {
  it('name folders by where they stand beside it, and addresses as they are', () => {
    const { config, folders } = pageSurroundings({
      title: 'Mining',
      rpc: ['https://node.example'],
      places: [
        { kind: 'folder', at: '/a' },
        { kind: 'gateway', at: 'https://ipfs.example/ipfs' },
        { kind: 'folder', at: '/b' },
      ],
      confirmations: 6,
      pollSeconds: 4,
    });
    expect(JSON.parse(config)).to.deep.equal({
      format: 'lode-web-v1',
      title: 'Mining',
      addresses: 'addresses.json',
      rpc: ['https://node.example'],
      reports: ['reports/', 'https://ipfs.example/ipfs', 'reports-2/'],
      confirmations: 6,
      pollSeconds: 4,
    });
    expect([...folders]).to.deep.equal([
      ['reports', '/a'],
      ['reports-2', '/b'],
    ]);
  });

  it('hold no address that a browser cannot reach, and no password', () => {
    for (const good of ['https://node.example/key', 'http://127.0.0.1:8545', 'http://localhost:1']) {
      checkVisible('--rpc', good);
    }
    const wrong: readonly (readonly [string, string])[] = [
      ['http://node.example', 'an address with https://, or one of this machine (http://127.0.0.1 or localhost)'],
      ['node.example', 'an address with https://, or one of this machine (http://127.0.0.1 or localhost)'],
      [['https://me', 'word@node.example'].join(':'), 'an address without a name and password: every visitor reads it'],
    ];
    for (const [given, expected] of wrong) {
      expect(() => checkVisible('--rpc', given))
        .to.throw()
        .that.deep.includes({ code: 'OPTION_INVALID' })
        .and.has.nested.property('details.expected', expected);
    }
  });
});
