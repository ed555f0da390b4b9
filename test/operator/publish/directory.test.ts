import { cp, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect } from 'chai';

import { DirectoryTarget } from '../../../src/operator/publish/directory.ts';
import type { Publication } from '../../../src/operator/publish/target.ts';
import { listFolder, readReport } from '../../../src/store/report-folder.ts';
import { contentIdOf } from '../../../src/settlement/report/content-id.ts';
import { expectCode } from '../../support/expect-code.ts';
import { oldPublication, OLD_REPORTS } from '../../support/publication.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

describe('publishing to a directory', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();
  let publication: Publication;
  before(async () => {
    publication = await oldPublication(folder.path('inputs'));
  });

  it('puts the report and its inputs there, byte by byte, and the second time sends nothing', async () => {
    const root = folder.path('fresh/below');
    const target = new DirectoryTarget(root);
    const { report, inputs } = publication;
    const bytes = [...report.values(), ...inputs.map((input) => new Uint8Array(input.bytes))];
    expect(await target.publish(publication)).to.deep.equal({
      ...{ sent: report.size + 2, kept: 0 },
      bytes: bytes.reduce((sum, { length }) => sum + length, 0),
    });
    expect(await readReport(join(root, 'epochs/000004'))).to.deep.equal(report);
    for (const { name, from } of inputs) {
      expect(Buffer.compare(await readFile(join(root, 'inputs', name)), await readFile(from))).to.equal(0);
    }
    const before = await listing(root);
    expect(await target.publish(publication)).to.deep.equal({ sent: 0, kept: report.size + 2, bytes: 0 });
    expect(await listing(root)).to.deep.equal(before);
  });

  it('fills up what somebody else began, and leaves what is there as it is', async () => {
    const root = folder.path('begun');
    await cp(join(OLD_REPORTS, '000004'), join(root, 'epochs/000004'), { recursive: true });
    await rm(join(root, 'epochs/000004/manifest.json'));
    await rm(join(root, 'epochs/000004/shards'), { recursive: true });
    const kept = await stat(join(root, 'epochs/000004/accounts.json'));
    const { sent } = await new DirectoryTarget(root).publish(publication);
    expect(sent).to.equal(publication.report.size);
    expect(await readReport(join(root, 'epochs/000004'))).to.deep.equal(publication.report);
    expect((await stat(join(root, 'epochs/000004/accounts.json'))).ino).to.equal(kept.ino);
  });

  it('fills up the explanations of a report too', async () => {
    const root = folder.path('explained');
    const own = ['0', '1'].map(
      (name) => [`explanations/${name}.json`, new TextEncoder().encode(`{"${name}":1}`)] as const,
    );
    const report = new Map([...publication.report, ...own]);
    const explained = { ...publication, report, cid: (await contentIdOf(report)).cid };
    const target = new DirectoryTarget(root);
    await target.publish(explained);
    await rm(join(root, 'epochs/000004/explanations/1.json'));
    expect(await target.publish(explained)).to.include({ sent: 1 });
    expect(await readReport(join(root, 'epochs/000004'))).to.deep.equal(report);
  });

  it('never writes over something else: another file, one too many, another folder, another input', async () => {
    const others: Readonly<Record<string, (root: string) => Promise<void>>> = {
      'epochs/000004/accounts.json': (root) => writeFile(join(root, 'epochs/000004/accounts.json'), '{}'),
      'epochs/000004/more.json': (root) => writeFile(join(root, 'epochs/000004/more.json'), '{}'),
      'epochs/000004/other': (root) => mkdir(join(root, 'epochs/000004/other')).then(() => undefined),
      [`inputs/${publication.inputs[1]!.name}`]: (root) =>
        writeFile(join(root, 'inputs', publication.inputs[1]!.name), 'cut short'),
    };
    for (const [path, make] of Object.entries(others)) {
      const root = folder.path(`other-${path.replaceAll('/', '-').slice(-20)}`);
      await new DirectoryTarget(root).publish(publication);
      await make(root);
      const before = await listing(root);
      const thrown: unknown = await new DirectoryTarget(root).publish(publication).catch((error: unknown) => error);
      expect(thrown, path).to.include({ code: 'TARGET_DIFFERS' });
      expect(thrown).to.have.nested.property('details.path', path);
      expect(await listing(root)).to.deep.equal(before);
    }
  });

  it('says when what it wrote does not come back as it was', async () => {
    const wrong = { ...publication, cid: 'bafybeidifferent' };
    await expectCode(new DirectoryTarget(folder.path('wrong')).publish(wrong), 'TARGET_UNCONFIRMED');
  });

  it('says where nothing can be written', async () => {
    const file = await folder.write('a-file', 'in the way');
    const thrown: unknown = await new DirectoryTarget(join(file, 'below')).publish(publication).catch(String);
    expect(thrown).to.match(/not a directory/);
  });
});

/** Every file with its size and when it was written. */
async function listing(root: string): Promise<readonly string[]> {
  const entries = await listFolder(root);
  return Promise.all(
    entries.map(async ({ path, size }) => `${path} ${size} ${(await stat(join(root, path))).mtimeMs}`),
  );
}
