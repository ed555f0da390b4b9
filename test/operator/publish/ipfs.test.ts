import { expect } from 'chai';

import { IpfsTarget } from '../../../src/operator/publish/ipfs.ts';
import type { Publication } from '../../../src/operator/publish/target.ts';
import { contentIdOf } from '../../../src/settlement/report/content-id.ts';
import { expectCode } from '../../support/expect-code.ts';
import type { KuboServer } from '../../support/kubo-server.ts';
import { startKuboServer } from '../../support/kubo-server.ts';
import { oldPublication, QUICK } from '../../support/publication.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

describe('publishing to an IPFS node', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();
  const never = new AbortController().signal;
  let server: KuboServer;
  let publication: Publication;

  before(async () => {
    publication = await oldPublication(folder.path('inputs'));
  });
  beforeEach(async () => {
    server = await startKuboServer();
  });
  afterEach(async () => await server.close());

  const publish = (what = publication) => new IpfsTarget(server.url, {}, QUICK).publish(what, never);
  const details = async (): Promise<Readonly<Record<string, unknown>>> => {
    const thrown: unknown = await publish().catch((error: unknown) => error);
    if (thrown instanceof Error && 'details' in thrown) return thrown.details as never;
    throw thrown instanceof Error ? thrown : new Error('nothing failed');
  };

  it('adds and pins the report and its inputs under the content ids computed here; the second time nothing is sent', async () => {
    const size = publication.report.size + 2;
    expect(await publish()).to.include({ sent: size, kept: 0 });
    const ids = [publication.cid, ...publication.inputs.map(({ cid }) => cid)];
    expect([...server.pins].sort()).to.deep.equal([...ids].sort());
    expect(ids.every((cid) => server.blocks.has(cid))).to.be.true;
    expect(server.calls.filter((call) => call === 'add')).to.have.length(3);
    server.calls.length = 0;
    expect(await publish()).to.deep.equal({ sent: 0, kept: size, bytes: 0 });
    expect(new Set(server.calls)).to.deep.equal(new Set(['pin/ls', 'cat']));
  });

  it('names one block where a file fits in it, and a tree above', () => {
    const [small, large] = publication.inputs;
    expect(small?.cid).to.match(/^bafkrei/);
    expect(large?.cid).to.match(/^bafybei/);
  });

  it('agrees with the node on a report of so many shards that its folder is split', async () => {
    // Long names fill the block of a folder as many short ones do.
    const names = Array.from({ length: 1_200 }, (_, i) => `shards/${i.toString(16).padStart(200, '0')}.json`);
    const report = new Map(
      ['manifest.json', ...names].map((name) => [name, new TextEncoder().encode(`{"${name}":1}`)]),
    );
    const { cid } = await contentIdOf(report);
    await publish({ epoch: 5, cid, report, inputs: [] });
    expect(server.pins.has(cid)).to.be.true;
  });

  it('does not accept another content id, such as that of a node which takes the parameters otherwise', async () => {
    const wrong = { ...publication, cid: publication.inputs[0]!.cid, inputs: [] };
    await expectCode(publish(wrong), 'TARGET_UNCONFIRMED');
    server.trouble = (request) => {
      request.url = (request.url ?? '').replace('raw-leaves=true', 'raw-leaves=false');
      return false;
    };
    const { expected, found } = await details();
    expect(expected).to.equal(`content id ${publication.inputs[0]!.cid}`);
    expect(found).to.match(/^content id bafybei/);
  });

  it('does not count as published what the node does not pin', async () => {
    server.trouble = (request) => {
      request.url = (request.url ?? '').replace('pin=true', 'pin=false');
      return false;
    };
    expect((await details())['found']).to.equal('no pin, so that the node may drop it');
  });

  it('does not believe a pin: a block that the node lost is sent again, and what it does not give back is told', async () => {
    await publish();
    const [, large] = publication.inputs;
    const leaf = [...server.blocks].find(([cid, block]) => cid.startsWith('bafkrei') && block.length === 1_048_576)![0];
    server.blocks.delete(leaf);
    const size = publication.report.size + 2;
    expect(await publish()).to.deep.equal({ sent: 1, kept: size - 1, bytes: large!.bytes });
    expect(server.blocks.has(leaf)).to.be.true;
    server.trouble = (request) => {
      if (!(request.url ?? '').includes('/cat?')) return false;
      server.blocks.delete(leaf);
      return false;
    };
    const { path, found } = await details();
    expect(path).to.equal(large!.cid);
    expect(found).to.match(/^block was not found locally/);
    // Another content under a name that was pinned: the bytes decide.
    server.trouble = (request, response) => {
      const isManifest = (request.url ?? '').includes('manifest.json');
      if (isManifest) response.writeHead(200).end('{}');
      return isManifest;
    };
    expect((await details())['found']).to.match(/^sha-256 [0-9a-f]{64}, 2 bytes$/);
  });

  it('asks again where the node is in trouble, and says where it cannot', async () => {
    let met = 0;
    server.trouble = (_, response) => {
      if (met++ >= 2) return false;
      response.writeHead(503, { 'retry-after': '0' }).end();
      return true;
    };
    await publish();
    server.trouble = (_, response) => {
      response.writeHead(502).end('<html></html>');
      return true;
    };
    await expectCode(publish(), 'TARGET_UNAVAILABLE');
    await expectCode(new IpfsTarget('http://127.0.0.1:9', {}, QUICK).publish(publication, never), 'TARGET_UNAVAILABLE');
  });

  it('tells what the node complains of, and a list that breaks off in the middle', async () => {
    server.trouble = (request, response) => {
      if (!(request.url ?? '').includes('/add?')) return false;
      request.resume();
      response.writeHead(500).end(JSON.stringify({ Message: 'no space left on device', Code: 0, Type: 'error' }));
      return true;
    };
    expect((await details())['reason']).to.equal('no space left on device');
    server.trouble = (request, response) => {
      if (!(request.url ?? '').includes('/add?')) return false;
      request.resume();
      response.writeHead(200).end();
      return true;
    };
    expect((await details())['reason']).to.match(/^it did not confirm /);
  });

  it('says when what answers is no IPFS node: a page, another server, a gateway', async () => {
    const answers = [
      [200, '<!doctype html>', 'TARGET_UNAVAILABLE'],
      [200, '{}', 'TARGET_UNAVAILABLE'],
      [404, 'not found', 'TARGET_REFUSED'],
      [403, 'forbidden', 'TARGET_REFUSED'],
      [301, '', 'TARGET_REFUSED'],
    ] as const;
    for (const [status, body, code] of answers) {
      server.trouble = (request, response) => {
        request.resume();
        response.writeHead(status, { location: '/elsewhere' }).end(body);
        return true;
      };
      await expectCode(publish(), code);
    }
  });
});
