import { expect } from 'chai';

import type { Address } from '../../src/protocol/brands.ts';
import { parseAddress, parseHash32 } from '../../src/protocol/brands.ts';
import { bytesToHex } from '../../src/protocol/words.ts';
import type { FinalTree } from '../../src/settlement/final-tree.ts';
import { showsAbsence } from '../../src/settlement/final-tree.ts';
import { claimProof, shardPathOf } from '../../src/settlement/proof.ts';
import type { ReportFiles } from '../../src/settlement/report/report-file.ts';
import { buildReport } from '../../src/settlement/report/build-report.ts';
import { contentIdOf } from '../../src/settlement/report/content-id.ts';
import { sha256Hex } from '../../src/settlement/report/sha256.ts';
import type { Manifest, Shard } from '../../src/settlement/report/report-schema.ts';
import { manifestSchema, parseReportFile, shardSchema } from '../../src/settlement/report/report-schema.ts';
import { checkShard } from '../../src/settlement/report/shard-leaves.ts';
import type { EpochSettlement } from '../../src/settlement/settle-epoch.ts';
import type { LeafLimits } from '../../src/store/fetch-leaves.ts';
import { PublishedLeaves } from '../../src/store/fetch-leaves.ts';
import { REPORT_LIMITS, ReportDifferentError, ReportUnavailableError } from '../../src/store/fetch-report.ts';
import { writeFiles } from '../../src/store/folder-writer.ts';
import { parseReportPlace } from '../../src/store/parse-report-place.ts';
import { crowd } from '../support/crowd.ts';
import { expectCode } from '../support/expect-code.ts';
import type { ReportServer, Trouble } from '../support/report-server.ts';
import { publishAt, startReportServer } from '../support/report-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const QUICK: LeafLimits = { ...REPORT_LIMITS, attempts: 2, firstWait: 5, answerWithin: 300, within: 2_000 };
const LEAVES = 1_300;
const encoder = new TextEncoder();

/** A server that answers everything in the same way. */
function answering(status: number, body = '', type = 'application/json'): Trouble {
  return (_, response) => {
    response.writeHead(status, { 'content-type': type }).end(body);
    return true;
  };
}

describe('PublishedLeaves', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();
  let server: ReportServer;
  let settled: EpochSettlement;
  let files: ReportFiles;
  let tree: FinalTree;
  let cid: string;
  let manifest: Manifest;
  let accounts: readonly Address[];

  before(async () => {
    server = await startReportServer();
    settled = crowd(LEAVES, (n) => parseAddress(`0x${sha256Hex(encoder.encode(String(n))).slice(0, 40)}`));
    files = buildReport(settled, { parentManifest: null, inputs: {}, unlockPerUse: 0n, rejects: [] });
    manifest = parseReportFile(manifestSchema, 'manifest.json', files.get('manifest.json'));
    const content = await contentIdOf(files);
    cid = content.cid;
    const { root, leafCount } = settled.settlement;
    const reportCid = parseHash32(bytesToHex(content.digest));
    tree = { epoch: settled.record.epoch, root: parseHash32(root), leafCount, reportCid };
    accounts = [...settled.next.accounts].map(({ account }) => account);
    await writeFiles(folder.path(`by-id/${cid}`), files);
  });
  after(async () => await server.close());
  beforeEach(() => {
    server.trouble = () => false;
    server.files.clear();
    server.asked.length = 0;
    publishAt(server, `reports/${cid}`, files);
  });

  const leaves = (...places: readonly string[]) =>
    new PublishedLeaves(
      (places.length === 0 ? [`${server.url}/reports`] : places).map((place) => parseReportPlace(place, '/')),
      tree,
      QUICK,
    );
  const pathOf = (account: Address) => shardPathOf(manifest, account);
  const shardOf = (account: Address) => {
    const path = pathOf(account);
    return { path, shard: parseReportFile(shardSchema, path, files.get(path)) };
  };
  /** Puts another text in the place of a file. */
  const put = (path: string, text: string) => server.files.set(`reports/${cid}/${path}`, encoder.encode(text));
  const bend = (path: string, change: (document: Record<string, never>) => unknown) => {
    const document = JSON.parse(new TextDecoder().decode(files.get(path))) as Record<string, never>;
    put(path, JSON.stringify(change(document)));
  };
  const failing = async (account: Address, ...places: readonly string[]) => {
    const error: unknown = await leaves(...places)
      .find(account)
      .catch((thrown: unknown) => thrown);
    if (!(error instanceof ReportUnavailableError || error instanceof ReportDifferentError)) throw error;
    return { code: error.code, reasons: error.answers.map(({ reason }) => reason) };
  };
  /** An address next to another one. */
  const beside = (account: Address, step: bigint) =>
    parseAddress(`0x${(BigInt(account) + step).toString(16).padStart(40, '0')}`);

  it('finds the leaf of an account by the manifest and one shard, each asked for once', async () => {
    const found = leaves();
    const [first, last] = [accounts[0]!, accounts.at(-1)!];
    for (const account of [first, last, first]) {
      const { proof, from } = await found.find(account);
      expect(proof).to.deep.equal(claimProof(shardOf(account).shard, account, tree.root));
      expect(from).to.equal(`${server.url}/reports/${cid}`);
    }
    const shards = [pathOf(first), pathOf(last)];
    expect(new Set(shards).size).to.equal(2);
    expect(server.asked).to.deep.equal(['manifest.json', ...shards].map((path) => `reports/${cid}/${path}`));
  });

  it('finds it in a folder, at a gateway, and by the number of the epoch', async () => {
    const account = accounts[7]!;
    expect((await leaves(folder.path('by-id')).find(account)).proof?.account).to.equal(account);
    publishAt(server, `ipfs/${cid}`, files);
    expect((await leaves(`${server.url}/ipfs`).find(account)).proof?.account).to.equal(account);
    server.files.clear();
    publishAt(server, 'reports/epochs/000000', files);
    expect((await leaves().find(account)).from).to.equal(`${server.url}/reports/epochs/000000`);
  });

  it('says that an account has no leaf only when the leaves beside its place show it', async () => {
    for (const account of [accounts[0]!, accounts[650]!, accounts.at(-1)!]) {
      for (const step of [-1n, 1n]) expect((await leaves().find(beside(account, step))).proof).to.equal(null);
    }
    expect((await leaves().find(parseAddress(`0x${'0'.repeat(40)}`))).proof).to.equal(null);
    expect((await leaves().find(parseAddress(`0x${'f'.repeat(40)}`))).proof).to.equal(null);
  });

  it('needs nobody for a tree without leaves', async () => {
    const empty = new PublishedLeaves([], { ...tree, leafCount: 0 }, QUICK);
    expect(await empty.find(accounts[0]!)).to.deep.equal({ proof: null, from: 'the chain', shard: null });
  });

  it('takes no run of leaves that was cut before an account for a proof that it has none', async () => {
    const bits = manifest.prefixBits;
    expect(bits).to.be.greaterThan(0);
    // The whole of the tree is known, so that whoever keeps a place can cut a run of leaves where he likes.
    const one = accounts.find((account, at) => at > 0 && pathOf(account) !== pathOf(accounts[at - 1]!))!;
    const { path, shard } = shardOf(one);
    const checked = checkShard(shard, tree.root);
    expect(showsAbsence([checked], one, LEAVES)).to.equal(false);
    const without = (from: number, to: number) => [{ ...checked, leaves: checked.leaves.slice(from, to) }];
    expect(showsAbsence(without(1, checked.leaves.length), one, LEAVES)).to.equal(false);
    expect(showsAbsence(without(0, 0), one, LEAVES)).to.equal(false);
    const second = checked.leaves[1]!.account;
    expect(showsAbsence(without(0, 1), second, LEAVES)).to.equal(false);
    // A manifest that hides the shard: its neighbours stand too far from each other.
    bend('manifest.json', (document) => {
      const { [path]: hidden, ...kept } = document['files'] as unknown as Record<string, string>;
      expect(hidden).to.be.a('string');
      return { ...document, files: kept };
    });
    expect(await failing(one)).to.deep.include({ code: 'REPORT_DIFFERENT' });
  });

  it('takes no wrong amount, no shard of another account, no other root and no other epoch', async () => {
    const account = accounts[40]!;
    const path = pathOf(account);
    const other = shardOf(accounts.find((one) => pathOf(one) !== path)!);
    const cases: readonly [string, () => void, RegExp][] = [
      [
        'a wrong amount',
        () =>
          bend(path, (document) => {
            const rows = (document as unknown as Shard).leaves as unknown as [string, string][];
            for (const row of rows) row[1] = `${BigInt(row[1]) + 1n}`;
            return document;
          }),
        /does not lead to the root/,
      ],
      ['another shard', () => put(path, new TextDecoder().decode(files.get(other.path))), /neither a leaf|root/],
      ['another root', () => bend('manifest.json', (document) => ({ ...document, settlement: { root: '0x00' } })), /another root/],
      ['another epoch', () => bend('manifest.json', (document) => ({ ...document, epoch: 5 })), /is of epoch 5/],
      ['fewer leaves', () => bend(path, (document) => ({ ...document, leafCount: 3 })), /a tree of 3 leaves/],
      ['no object', () => put('manifest.json', '{"epoch":1}'), /manifest.json/],
      ['no list of leaves', () => bend(path, (document) => ({ ...document, leaves: [] })), /no leaf/],
    ]; // prettier-ignore
    for (const [name, spoil, expected] of cases) {
      server.files.clear();
      publishAt(server, `reports/${cid}`, files);
      spoil();
      const { code, reasons } = await failing(account);
      expect({ name, code }).to.deep.equal({ name, code: 'REPORT_DIFFERENT' });
      expect(reasons[0], name).to.match(expected);
      // Another place has it.
      expect((await leaves(`${server.url}/reports`, folder.path('by-id')).find(account)).proof?.account).to.equal(
        account,
      );
    }
  });

  it('never takes an answer of nothing, a page or a refusal for an account without rewards', async () => {
    const account = accounts[3]!;
    const troubles: readonly [string, Trouble, RegExp][] = [
      ['404', answering(404), /status 404/],
      ['nothing', answering(200), /an empty answer/],
      ['a page', answering(200, '<html>', 'text/html'), /a page of HTML/],
      ['busy', answering(503), /status 503/],
      ['no answer', () => true, /no answer in time/],
      ['an object without anything', answering(200, '{}'), /manifest.json/],
    ];
    for (const [name, trouble, expected] of troubles) {
      server.trouble = trouble;
      const { code, reasons } = await failing(account);
      const isAnswer = name.startsWith('an object');
      expect({ name, code }).to.deep.equal({ name, code: isAnswer ? 'REPORT_DIFFERENT' : 'REPORT_UNAVAILABLE' });
      expect(reasons[0], name).to.match(expected);
    }
    await expectCode(leaves(folder.path('nowhere')).find(account), 'REPORT_UNAVAILABLE');
    await writeFiles(folder.path(`hollow/${cid}`), new Map([['manifest.json', new Uint8Array()]]));
    await expectCode(leaves(folder.path('hollow')).find(account), 'REPORT_UNAVAILABLE');
  });
});
