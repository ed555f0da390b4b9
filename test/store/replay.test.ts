import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect } from 'chai';

import { InputError } from '../../src/protocol/errors.ts';
import { hexToBytes } from '../../src/protocol/words.ts';
import { contentIdFrom } from '../../src/settlement/report/content-id.ts';
import type { Replay } from '../../src/store/replay.ts';
import { replay } from '../../src/store/replay.ts';
import { listFolder } from '../../src/store/report-folder.ts';
import { verify } from '../../src/store/verify.ts';
import { random, runs } from '../support/effort.ts';
import { PRESET, runSmallReplay, smallLedger, START } from '../support/small-replay.ts';

describe('replay', function () {
  this.timeout(120_000);
  let folder: string;
  let made: Replay;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lode-replay-'));
    made = await runSmallReplay(folder);
  });
  after(() => rm(folder, { recursive: true }));

  it('writes an epoch folder each, every row accounted for, and balances', () => {
    const { epochs, accounts, counts, totalGranted, foundations } = made.document;
    expect(epochs.map(({ epoch }) => epoch)).to.deep.equal([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(counts.contributions).to.deep.equal({ read: 163, accepted: 160, duplicates: 1, rejected: 2, outOfRange: 0 });
    for (const row of epochs) expect(row.granted + row.withheld).to.equal(row.budget + row.injected);
    const all = [...accounts!, ...foundations];
    expect(all.reduce((sum, { granted }) => sum + granted, 0n)).to.equal(totalGranted);
    for (const { granted, unlocked, locked } of all) expect(unlocked + locked).to.equal(granted);
    expect(epochs.some(({ participants }) => participants > 0)).to.be.true;
    for (const row of epochs) expect(contentIdFrom(hexToBytes(row.reportCid)).cid).to.equal(row.cid);
  });

  it('DIFF-1 gives the same bytes for another order of rows, time zone and locale', async () => {
    const before = { ...process.env };
    process.env['TZ'] = 'Pacific/Kiritimati';
    process.env['LC_ALL'] = 'tr_TR.UTF-8';
    try {
      const [head, ...rows] = smallLedger().split('\n');
      const turned = await runSmallReplay(folder, 'turned', [head, ...rows.reverse()].join('\n'));
      expect(turned.document.epochs.map(({ root }) => root)).to.deep.equal(
        made.document.epochs.map(({ root }) => root),
      );
      const again = await runSmallReplay(folder, 'again');
      expect(again.json, 'DIFF-1').to.deep.equal(made.json);
      for (const { path, kind } of await listFolder(made.folder)) {
        if (kind !== 'file') continue;
        const [one, other] = await Promise.all([made, again].map((each) => readFile(join(each.folder, path))));
        expect(other!.equals(one!), `DIFF-1 ${path}`).to.be.true;
      }
    } finally {
      process.env = before;
    }
  });

  it('rejects rows for the contracts that the changes name, and the folder verifies', async () => {
    const changes = join(folder, 'changes.json');
    const [own, other] = ['ab', 'cd'].map((byte) => `0x${byte.repeat(20)}`) as [string, string];
    const text = [
      smallLedger(),
      ...[own, other].map((account, i) => `own${i},${account},2023-11-16T00:00:00Z,corpus,5`),
    ];
    await writeFile(changes, JSON.stringify({ format: 'lode-changes-v1', contracts: [own] }));
    const { folder: out, document } = await runSmallReplay(folder, 'contracts', text.join('\n'), { changes });
    const { rejects } = JSON.parse(await readFile(join(out, 'rejects.json'), 'utf8')) as {
      rejects: readonly { readonly code: string; readonly line: number }[];
    };
    const refused = rejects.filter(({ code }) => code === 'address-forbidden');
    expect(refused.map(({ line }) => line)).to.deep.equal([165]);
    const accounts = document.accounts!.map(({ account }) => account);
    expect([accounts.includes(own), accounts.includes(other)]).to.deep.equal([false, true]);
    expect(await verify(out)).to.deep.equal({ equal: true, difference: null, epochs: 9 });
  });

  it('refuses to write where something stands', async () => {
    await expectInputError(runSmallReplay(folder), 'FOLDER_EXISTS');
  });

  it('leaves nothing behind when its input cannot be read', async () => {
    const broken = replay({
      preset: PRESET,
      contributions: [join(folder, 'none.csv')],
      from: START,
      epochs: 1,
      out: join(folder, 'gone'),
    });
    await expectInputError(broken, 'FILE_UNREADABLE');
    expect((await readdir(folder)).filter((name) => name.startsWith('gone'))).to.deep.equal([]);
  });

  describe('verify', () => {
    let copy: string;
    beforeEach(async () => {
      copy = join(folder, 'copy');
      await cp(made.folder, copy, { recursive: true });
    });
    afterEach(() => rm(copy, { recursive: true, force: true }));

    it('finds nothing in what was written', async () => {
      expect(await verify(copy)).to.deep.equal({ equal: true, difference: null, epochs: 9 });
    });

    it('finds nothing in any single report', async () => {
      for (let epoch = 0; epoch < 9; epoch++) {
        expect(await verify(join(copy, `epochs/00000${epoch}`))).to.deep.equal({
          equal: true,
          difference: null,
          epochs: 1,
        });
      }
    });

    it('names file, JSON path, expected and found of a changed amount', async () => {
      const path = join(copy, 'epochs/000003/manifest.json');
      const text = await readFile(path, 'utf8');
      const { outcome } = JSON.parse(text) as { outcome: { payout: string } };
      await writeFile(path, text.replace(`"payout":"${outcome.payout}"`, '"payout":"17"'));
      const { difference } = await verify(copy);
      expect(difference).to.deep.include({
        file: 'epochs/000003/manifest.json',
        path: '$.outcome.payout',
        expected: `"${outcome.payout}"`,
        found: '"17"',
      });
    });

    it('names any changed byte of any file', async () => {
      const numbers = random('changed bytes');
      const files = (await listFolder(copy)).filter(({ kind }) => kind === 'file');
      for (let i = 0; i < runs(files.length, 20 * files.length); i++) {
        const { path, size } = files[i % files.length]!;
        const bytes = await readFile(join(copy, path));
        const at = numbers.index(size);
        const changed = Buffer.from(bytes);
        changed[at] = changed[at]! ^ (1 + numbers.index(255));
        await writeFile(join(copy, path), changed);
        const { equal, difference } = await verify(copy);
        expect(equal, `${path} byte ${at}`).to.be.false;
        expect(difference!.file, `${path} byte ${at}`).to.equal(path);
        if (path.startsWith('epochs/')) {
          const report = await verify(join(copy, path.slice(0, 13)));
          expect(report.equal, `${path} byte ${at} alone`).to.be.false;
        }
        await writeFile(join(copy, path), bytes);
      }
    });

    it('names what is missing, extra, cut short or no plain file', async () => {
      const shard = 'epochs/000004/shards/0.json';
      const cases: [string, (path: string) => Promise<void>][] = [
        [shard, (path) => rm(path)],
        ['rejects.json', (path) => rm(path)],
        ['replay.json', (path) => truncate(path, 0)],
        ['replay.json', (path) => truncate(path, 1000)],
        ['epochs/000002/accounts.json', (path) => truncate(path, 7)],
        ['epochs/000002/extra.json', (path) => writeFile(path, '{}')],
        ['epochs/000002/shards/1.json', (path) => writeFile(path, '{}')],
        ['notes.txt', (path) => writeFile(path, '')],
        ['epochs/000009', (path) => mkdir(path)],
        ['inputs/note.csv', (path) => writeFile(path, '')],
        ['epochs/000001/manifest.json', (path) => rm(path).then(() => mkdir(path))],
        ['epochs/000005/link.json', (path) => symlink('/etc/hostname', path)],
        ['epochs/000006/rejects.json', (path) => writeFile(path, '['.repeat(200_000))],
        ['replay.json', (path) => writeFile(path, Buffer.from([0xff, 0xfe, 0, 0]))],
      ];
      for (const [file, spoil] of cases) {
        await spoil(join(copy, file));
        const { equal, difference } = await verify(copy);
        expect(equal, file).to.be.false;
        expect(difference!.file, file).to.equal(file);
        await rm(copy, { recursive: true });
        await cp(made.folder, copy, { recursive: true });
      }
    });

    it('never throws on a manifest with any value in any place', async () => {
      const numbers = random('any value');
      const values = [
        0,
        -1,
        2 ** 53,
        1.5,
        null,
        true,
        '',
        '0',
        '1',
        `${2n ** 128n - 1n}`,
        `${10n ** 18n}`,
        '-5',
        'x',
        [],
        {},
      ];
      const path = join(copy, 'epochs/000003/manifest.json');
      const text = await readFile(path, 'utf8');
      for (let i = 0; i < runs(150, 5000); i++) {
        const manifest = JSON.parse(text) as Record<string, unknown>;
        let [holder, keys] = [manifest, Object.keys(manifest)];
        let key = keys[numbers.index(keys.length)]!;
        while (typeof holder[key] === 'object' && holder[key] !== null && numbers.index(8) > 0) {
          const inner = holder[key] as Record<string, unknown>;
          keys = Object.keys(inner);
          if (keys.length === 0) break;
          [holder, key] = [inner, keys[numbers.index(keys.length)]!];
        }
        holder[key] = values[numbers.index(values.length)];
        const changed = JSON.stringify(manifest);
        await writeFile(path, `${changed}\n`);
        const { equal } = await verify(join(copy, 'epochs/000003'));
        expect(equal, changed).to.equal(`${changed}\n` === text);
      }
    });

    it('removes what a crashed run left, and nothing of a living one', async () => {
      const dead = join(folder, 'fresh.partial-4194303');
      const alive = join(folder, `fresh.partial-${process.ppid}`);
      await mkdir(dead);
      await mkdir(alive);
      await runSmallReplay(folder, 'fresh');
      const names = (await readdir(folder)).filter((name) => name.startsWith('fresh'));
      expect(names.sort()).to.deep.equal(['fresh', `fresh.partial-${process.ppid}`]);
    });

    it('says that a report stands without its parent', async () => {
      await rename(join(copy, 'epochs/000003'), join(copy, 'epochs/moved'));
      await expectInputError(verify(join(copy, 'epochs/000004')), 'PARENT_MISSING');
      await expectInputError(verify(join(copy, 'inputs')), 'NOT_A_REPORT');
    });
  });
});

async function expectInputError(promise: Promise<unknown>, code: string): Promise<void> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).to.be.instanceOf(InputError);
  expect((error as InputError).code).to.equal(code);
}
