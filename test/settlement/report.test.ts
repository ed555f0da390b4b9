import { createHash } from 'node:crypto';

import { expect } from 'chai';
import fc from 'fast-check';

import { InputError } from '../../src/protocol/errors.ts';
import { proofOf } from '../../src/protocol/positional-merkle.ts';
import { bytesToHex } from '../../src/protocol/words.ts';
import { valueAt } from '../../src/settlement/economy-parameters.ts';
import { claimProof, shardPathOf } from '../../src/settlement/proof.ts';
import type { ReportFiles } from '../../src/settlement/report/report-file.ts';
import { buildReport } from '../../src/settlement/report/build-report.ts';
import { contentIdFrom, contentIdOf } from '../../src/settlement/report/content-id.ts';
import { loadState } from '../../src/settlement/report/load-state.ts';
import { prefixBitsFor, prefixOf, shardPath } from '../../src/settlement/report/prefix.ts';
import {
  accountsSchema,
  manifestSchema,
  parseReportFile,
  rejectsSchema,
  shardSchema,
} from '../../src/settlement/report/report-schema.ts';
import type { EpochSettlement } from '../../src/settlement/settle-epoch.ts';
import type { State } from '../../src/settlement/state.ts';
import { crowd } from '../support/crowd.ts';
import { runs, seed } from '../support/effort.ts';
import { histories, runHistory, testAddress } from '../support/history.ts';

const reportOf = (settled: EpochSettlement, unlockPerUse = 0n): ReportFiles =>
  buildReport(settled, { parentManifest: null, inputs: {}, unlockPerUse, rejects: [] });
const comparable = (state: State) => ({
  ...state,
  accounts: [...state.accounts].map(({ account, curve, curveHash }) => ({ account, curve, curveHash })),
  foundationCurves: [...state.foundationCurves].sort(([a], [b]) => (a < b ? -1 : 1)),
});
const manifestOf = (files: ReportFiles) => parseReportFile(manifestSchema, 'manifest.json', files.get('manifest.json'));
const shardOf = (files: ReportFiles, path: string) => parseReportFile(shardSchema, path, files.get(path));

describe('the report', () => {
  it('DIFF-1 gives back the state that it was written from, and its root', () => {
    fc.assert(
      fc.property(histories({ maxEpochs: 6, maxAccounts: 9 }), (history) => {
        for (const settled of runHistory(history)) {
          const files = reportOf(settled, valueAt(history.parameters.unlockPerUse, settled.record.epoch));
          expect(comparable(loadState(files)), 'DIFF-1').to.deep.equal(comparable(settled.next));
          const manifest = manifestOf(files);
          expect(manifest.settlement.root, 'DIFF-1').to.equal(settled.settlement.root);
          expect(manifest.record).to.deep.equal(settled.record);
          expect(manifest.outcome).to.deep.equal(settled.outcome);
          parseReportFile(accountsSchema, 'accounts.json', files.get('accounts.json'));
          parseReportFile(rejectsSchema, 'rejects.json', files.get('rejects.json'));
        }
      }),
      { numRuns: runs(200, 5000), seed: seed() },
    );
  });

  it('DIFF-1 is the same bytes whatever the order of the rows', () => {
    const [history] = fc.sample(histories({ maxEpochs: 6, maxAccounts: 9 }), { numRuns: 1, seed: 11 });
    const turned = {
      ...history!,
      epochs: history!.epochs.map((epoch) => ({
        ...epoch,
        scores: epoch.scores.toReversed(),
        uses: epoch.uses.toReversed(),
      })),
    };
    const [one, other] = [runHistory(history!), runHistory(turned)];
    expect(other.map((settled) => reportOf(settled))).to.deep.equal(one.map((settled) => reportOf(settled)));
  });

  describe('shards', () => {
    it('let every account make the proof that the tree gives', () => {
      for (const accounts of [1, 2, 3, 511, 512, 513, 1025, 1500]) {
        const settled = crowd(accounts);
        const files = reportOf(settled);
        const manifest = manifestOf(files);
        expect(manifest.prefixBits).to.equal(prefixBitsFor(accounts));
        [...settled.next.accounts].forEach(({ account }, index) => {
          if (accounts > 3 && index % 211 !== 0 && index !== accounts - 1) return;
          const path = shardPathOf(manifest, account);
          const proof = claimProof(shardOf(files, path), account, manifest.settlement.root);
          expect(proof.index).to.equal(index);
          expect(proof.siblings).to.deep.equal(proofOf(settled.tree, index).map(bytesToHex));
        });
        expect(loadState(files).root).to.equal(settled.settlement.root);
      }
    });

    it('refuse an account without a leaf, and a shard of another root', () => {
      const files = reportOf(crowd(20));
      const path = shardPath(0, 0);
      expect(() => claimProof(shardOf(files, path), testAddress(999))).to.throw(InputError, 'ACCOUNT_NOT_IN_SHARD');
      expect(() => claimProof(shardOf(files, path), testAddress(1), `0x${'11'.repeat(32)}`)).to.throw(
        InputError,
        'SHARD_INVALID',
      );
    });

    it('refuse any leaf, audit or node that was changed', () => {
      const settled = crowd(700);
      const files = reportOf(settled);
      const account = settled.next.accounts.at(3)!.account;
      const path = shardPathOf(manifestOf(files), account);
      const text = Buffer.from(files.get(path)!).toString();
      for (let at = 20; at < text.length; at += 997) {
        const digit = text[at]!;
        if (!/[0-9a-f]/.test(digit)) continue;
        const changed = `${text.slice(0, at)}${digit === '7' ? '8' : '7'}${text.slice(at + 1)}`;
        expect(
          () => claimProof(parseReportFile(shardSchema, path, Buffer.from(changed)), account),
          `byte ${at}`,
        ).to.throw(InputError);
      }
    });

    it('hold at most 512 leaves on average and are named by their number in hex', () => {
      expect([0, 1, 512, 513, 1024, 1025, 3351].map(prefixBitsFor)).to.deep.equal([0, 0, 0, 1, 1, 2, 3]);
      expect(shardPath(0, 0)).to.equal('shards/0.json');
      expect(shardPath(5, 3)).to.equal('shards/5.json');
      expect(shardPath(0x1f, 9)).to.equal('shards/01f.json');
      expect(prefixOf('0xff00000000000000000000000000000000000000', 3)).to.equal(7);
      expect(prefixOf('0xff00000000000000000000000000000000000000', 0)).to.equal(0);
      expect(prefixOf('0xabcdef0000000000000000000000000000000000', 24)).to.equal(0xabcdef);
    });
  });

  describe('parsing', () => {
    it('gives a list up at the first entry that is none, however many there are', () => {
      const files = reportOf(crowd(3));
      const junk = Array.from({ length: 5000 }, () => 1);
      const cases = [
        ['accounts.json', accountsSchema, 'accounts', junk],
        ['rejects.json', rejectsSchema, 'rejects', junk],
        [shardPath(0, 0), shardSchema, 'leaves', junk],
        [shardPath(0, 0), shardSchema, 'leaves', [[testAddress(1), '0', junk, 0]]],
        [shardPath(0, 0), shardSchema, 'audits', junk],
        [shardPath(0, 0), shardSchema, 'left', junk],
        ['manifest.json', manifestSchema, 'files', Object.fromEntries(junk.entries())],
      ] as const;
      for (const [path, schema, key, value] of cases) {
        const document = JSON.parse(new TextDecoder().decode(files.get(path))) as Record<string, unknown>;
        expect(schema.safeParse(document).success, path).to.equal(true);
        const { error } = schema.safeParse({ ...document, [key]: value });
        expect(error!.issues, `${path} ${key}`).to.have.length(1);
        expect(error!.issues[0]!.path[0]).to.equal(key);
      }
    });

    it('names file, path and reason, and throws nothing but input errors on any bytes', () => {
      const good = reportOf(crowd(3)).get('manifest.json')!;
      fc.assert(
        fc.property(fc.nat(good.length - 1), fc.uint8Array({ maxLength: 4 }), (at, bytes) => {
          const changed = Uint8Array.from(good);
          changed.set(bytes.subarray(0, good.length - at), at);
          try {
            parseReportFile(manifestSchema, 'manifest.json', changed);
          } catch (error) {
            expect(error).to.be.instanceOf(InputError);
          }
        }),
        { numRuns: runs(500, 20_000), seed: seed() },
      );
      expect(() =>
        parseReportFile(manifestSchema, 'manifest.json', Buffer.from('{"format":"lode-report-v2"}')),
      ).to.throw(InputError, 'manifest.json $.format');
      expect(() => parseReportFile(manifestSchema, 'manifest.json', undefined)).to.throw(InputError, 'missing');
    });
  });

  describe('content id', () => {
    it('is the dag-pb root of the folder, computed here from the specification', async () => {
      const files = new Map([
        ['b.json', Buffer.from('hello\n')],
        ['shards/0.json', Buffer.from('world\n')],
      ]);
      const raw = (text: string): Link => ({ cid: cidOf(0x55, Buffer.from(text)), size: text.length });
      const shards = folder([['0.json', raw('world\n')]]);
      const root = folder([
        ['b.json', raw('hello\n')],
        ['shards', shards],
      ]);
      const { cid, digest } = await contentIdOf(files);
      expect(Buffer.from(digest).toString('hex')).to.equal(root.cid.subarray(4).toString('hex'));
      expect(cid).to.match(/^bafybei[a-z2-7]{52}$/);
      expect(contentIdFrom(digest).cid).to.equal(cid);
      expect((await contentIdOf(new Map([...files].reverse()))).cid).to.equal(cid);
    });
  });
});

interface Link {
  readonly cid: Buffer;
  /** Bytes of everything below. */
  readonly size: number;
}

/** CIDv1: version, codec, sha2-256, length, digest. */
function cidOf(codec: number, block: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([1, codec, 0x12, 0x20]), createHash('sha256').update(block).digest()]);
}

/** A UnixFS directory as dag-pb: links (field 2) of hash, name and size, then data (field 1) `08 01`. */
function folder(entries: readonly (readonly [string, Link])[]): Link {
  const field = (tag: number, bytes: Uint8Array): Buffer => Buffer.concat([Buffer.from([tag, bytes.length]), bytes]);
  const links = entries.map(([name, { cid, size }]) =>
    field(0x12, Buffer.concat([field(0x0a, cid), field(0x12, Buffer.from(name)), Buffer.from([0x18, size])])),
  );
  const block = Buffer.concat([...links, field(0x0a, Buffer.from([0x08, 0x01]))]);
  return { cid: cidOf(0x70, block), size: block.length + entries.reduce((sum, [, link]) => sum + link.size, 0) };
}
