import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect } from 'chai';

import type { EnginePackage } from '../../../scripts/clickhouse/engine-folder.ts';
import { engineFolder, enginePackages, isEngineInstalled } from '../../../scripts/clickhouse/engine-folder.ts';
import { installEngine } from '../../../scripts/clickhouse/install-engine.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

describe('installEngine', () => {
  const folder = temporaryFolder();
  let archive: Buffer;
  let packages: EnginePackage[];
  let fetched: string[] = [];
  const fetch = async ({ name }: EnginePackage, into: string): Promise<void> => {
    fetched.push(name);
    await writeFile(join(into, 'package.tgz'), archive);
  };
  const install = async (
    into: string,
    more: { readonly packages?: EnginePackage[]; readonly fetch?: typeof fetch } = {},
  ) => {
    const said: string[] = [];
    await installEngine({ folder: into, packages, fetch, say: (line) => said.push(line), ...more });
    return said;
  };

  before(async () => {
    await mkdir(folder.path('made/package'), { recursive: true });
    await writeFile(folder.path('made/package/index.js'), 'module.exports = 7;\n');
    execFileSync('tar', ['-czf', folder.path('made.tgz'), '-C', folder.path('made'), 'package']);
    archive = readFileSync(folder.path('made.tgz'));
    const integrity = `sha512-${createHash('sha512').update(archive).digest('base64')}`;
    packages = ['@some/engine', 'around'].map((name) => ({ name, version: '1.0.0', integrity }));
  });

  it('puts every package where Node finds it, says how large it is, and does nothing a second time', async () => {
    const into = folder.path('cache/engine');
    const said = await install(into);
    expect(said.at(-1))
      .to.contain(into)
      .and.to.match(/[0-9.]+ MB/);
    for (const { name } of packages)
      expect(readFileSync(join(into, 'node_modules', name, 'index.js'), 'utf8')).to.contain('7');
    expect(isEngineInstalled(into, packages)).to.equal(true);
    fetched = [];
    await install(into);
    expect(fetched).to.deep.equal([]);
    expect(await readdir(folder.path('cache'))).to.deep.equal(['engine']);
  });

  it('refuses an archive with another hash, and one that does not come; nothing of it stays', async () => {
    const into = folder.path('refused/engine');
    const other = packages.map((one) => ({ ...one, integrity: 'sha512-AAAA' }));
    const wrong: unknown = await install(into, { packages: other }).catch((error: unknown) => error);
    expect(String(wrong)).to.contain('is not what it must be');
    const none: unknown = await install(into, { fetch: () => Promise.resolve() }).catch((error: unknown) => error);
    expect(String(none)).to.contain('the registry gave no archive');
    expect(existsSync(into)).to.equal(false);
    expect(await readdir(folder.path('refused'))).to.deep.equal([]);
  });

  it('installs anew over another version, and over what was left half done', async () => {
    const into = folder.path('stale/engine');
    await mkdir(into, { recursive: true });
    await writeFile(join(into, 'installed.json'), '[]\n');
    expect(isEngineInstalled(into, packages)).to.equal(false);
    await install(into);
    expect(isEngineInstalled(into, packages)).to.equal(true);
  });

  it('has an engine for linux-x64, and says of other machines that it has none', () => {
    expect(enginePackages('linux-x64')?.every(({ integrity }) => /^sha512-.{86}==$/.test(integrity))).to.equal(true);
    expect(enginePackages('plan9-mips')).to.equal(undefined);
    expect(isEngineInstalled(folder.path('nowhere'), undefined)).to.equal(false);
    expect(engineFolder({ XDG_CACHE_HOME: '/cache' })).to.match(/^\/cache\/lode\/clickhouse-/);
  });
});
