import { cp, readFile, rm, writeFile } from 'node:fs/promises';

import { expect } from 'chai';

import { explanationPathOf } from '../../src/settlement/report/explanation-schema.ts';
import { requestHash } from '../../src/settlement/report/replay-document.ts';
import { accountsSchema, manifestSchema, parseReportFile } from '../../src/settlement/report/report-schema.ts';
import { sha256Hex } from '../../src/settlement/report/sha256.ts';
import { canonicalBytes } from '../../src/settlement/report/canonical-json.ts';
import { explainAccount } from '../../src/store/read-account.ts';
import type { Replay } from '../../src/store/replay.ts';
import { readReport } from '../../src/store/report-folder.ts';
import { verify } from '../../src/store/verify.ts';
import { testAddress } from '../support/history.ts';
import { runSmallReplay } from '../support/small-replay.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const EPOCH = 'epochs/000003';
const FILE = 'explanations/0.json';

describe('a replay whose reports say how the scores came about', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();
  let explained: Replay;
  let plain: Replay;

  before(async () => {
    explained = await runSmallReplay(folder.path('.'), 'out', undefined, { explanations: true });
    plain = await runSmallReplay(folder.path('.'), 'plain');
  });

  const manifestAt = async (at: string) =>
    parseReportFile(manifestSchema, 'manifest.json', await readFile(folder.path(`${at}/manifest.json`)));

  it('has one file more in each epoch with work, and all others as without it', async () => {
    expect(explained.document.request.explanations).to.equal(true);
    expect(plain.document.request).not.to.have.property('explanations');
    const { explanations: _, ...request } = explained.document.request;
    expect(requestHash(request)).to.equal(plain.document.requestHash);
    for (const [epoch, { root, participants }] of plain.document.epochs.entries()) {
      expect(explained.document.epochs[epoch]?.root).to.equal(root);
      const at = `epochs/00000${epoch}`;
      const [more, less] = [await readReport(folder.path(`out/${at}`)), await readReport(folder.path(`plain/${at}`))];
      expect([...more.keys()].filter((path) => !less.has(path))).to.deep.equal(participants === 0 ? [] : [FILE]);
      for (const [path, bytes] of less) if (path !== 'manifest.json') expect(more.get(path)).to.deep.equal(bytes);
      if (participants > 0) expect((await manifestAt(`out/${at}`)).files[FILE]).to.equal(sha256Hex(more.get(FILE)!));
    }
  });

  it('verifies as a whole, epoch by epoch, and as bare reports', async () => {
    expect(await verify(folder.path('out'))).to.deep.equal({ equal: true, difference: null, epochs: 9 });
    expect((await verify(folder.path(`out/${EPOCH}`))).difference).to.equal(null);
    await cp(folder.path('out/epochs'), folder.path('bare/epochs'), { recursive: true });
    expect(await verify(folder.path('bare'))).to.deep.equal({ equal: true, difference: null, epochs: 9 });
  });

  it('explains from bare reports what it explains beside the ledger', async () => {
    const { accounts } = parseReportFile(
      accountsSchema,
      'accounts.json',
      await readFile(folder.path(`out/${EPOCH}/accounts.json`)),
    );
    const stranger = testAddress(999);
    for (const account of [...accounts.slice(0, 5).map((row) => row.account), stranger]) {
      const beside = await explainAccount({ folder: folder.path('out'), account, epoch: 3 });
      const alone = await explainAccount({ folder: folder.path('bare'), account, epoch: 3 });
      expect((beside.rows?.length ?? 0) > 0).to.equal(account !== stranger);
      const nameless = beside.tasks.map((task) => ({ ...task, name: null }));
      const rows = beside.rows?.map((row) => ({ ...row, contribution: { ...row.contribution, attributes: {} } }));
      expect(alone).to.deep.equal({ ...beside, rows, tasks: nameless });
    }
    const other = await explainAccount({ folder: folder.path('plain/epochs/000003'), account: stranger, epoch: 3 });
    expect(other.rows, 'it has the ledger beside it').to.deep.equal([]);
  });

  it('names a file that was bent, is missing or does not belong there, with the ledger and without it', async () => {
    const path = folder.path(`out/${EPOCH}/${FILE}`);
    const bytes = await readFile(path);
    const differenceAt = async (at: string) => (await verify(folder.path(at))).difference?.file;
    const both = async () => [await differenceAt('out'), await differenceAt(`out/${EPOCH}`)];
    const named = [`${EPOCH}/${FILE}`, FILE];
    await writeFile(path, bytes.toString().replace(/"after":"(\d)/, '"after":"9$1'));
    expect(await both(), 'bent').to.deep.equal(named);
    await rm(path);
    expect(await both(), 'missing').to.deep.equal(named);
    await writeFile(path, bytes);
    const other = folder.path(`out/${EPOCH}/explanations/1.json`);
    await writeFile(other, bytes);
    expect(await both(), 'one too many').to.deep.equal([`${EPOCH}/explanations/1.json`, 'explanations/1.json']);
    await rm(other);
    expect(await both()).to.deep.equal([undefined, undefined]);
    await cp(folder.path(`out/${EPOCH}/explanations`), folder.path(`plain/${EPOCH}/explanations`), { recursive: true });
    expect(await differenceAt('plain'), 'where the request asks for none').to.equal(`${EPOCH}/explanations`);
    await rm(folder.path(`plain/${EPOCH}/explanations`), { recursive: true });
    expect(await differenceAt('plain')).to.equal(undefined);
  });

  it('sees without the ledger that steps do not lead to the scores, whatever hash the manifest has of them', async () => {
    const at = folder.path(`bare/${EPOCH}`);
    const text = (await readFile(`${at}/${FILE}`)).toString();
    const [, points = ''] = /"earned":"(\d+)","factors":\[\],"task"/.exec(text) ?? [];
    const lie = text.replace(`"earned":"${points}"`, `"earned":"1${points}"`);
    expect(lie).not.to.equal(text);
    const { check: _, ...manifest } = JSON.parse((await readFile(`${at}/manifest.json`)).toString()) as {
      check: string;
      files: Record<string, string>;
    };
    const files = { ...manifest.files, [FILE]: sha256Hex(Buffer.from(lie)) };
    const bent = { ...manifest, files };
    const check = sha256Hex(canonicalBytes(bent));
    await writeFile(`${at}/${FILE}`, lie);
    await writeFile(`${at}/manifest.json`, canonicalBytes({ ...bent, check }));
    const { difference } = await verify(at);
    expect(difference).to.include({ file: FILE, expected: 'steps that lead to the scores' });
    expect(difference?.found).to.match(/^the points of 0x[0-9a-f]{40} in epoch 3 do not add up: /);
    const path = explanationPathOf(await manifestAt(`bare/${EPOCH}`), testAddress(1));
    expect(path).to.equal(FILE);
  });
});
