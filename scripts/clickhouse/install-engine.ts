import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, readdirSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import type { EnginePackage } from './engine-folder.ts';
import { INSTALLED, installedText, isEngineInstalled } from './engine-folder.ts';

/** What is installed, where, and who is told how far it is. */
export interface Installing {
  readonly folder: string;
  readonly packages: readonly EnginePackage[];
  readonly say: (line: string) => void;
  /** Fetches a package's archive into a folder. */
  readonly fetch?: (one: EnginePackage, into: string, say: (line: string) => void) => Promise<void>;
}

/**
 * Installs the engine: fetches each archive from the npm registry, holds it against its hash, unpacks it. The folder appears whole or not at
 * all; where it is there already nothing is done. No script of a package is run.
 *
 * @throws when an archive cannot be fetched, or has another hash than it must have
 */
export async function installEngine({ folder, packages, say, fetch = fetchPackage }: Installing): Promise<void> {
  if (isEngineInstalled(folder, packages)) {
    say(`the engine is in ${folder}`);
    return;
  }
  await mkdir(dirname(folder), { recursive: true });
  const fresh = await mkdtemp(`${folder}.part-`);
  try {
    for (const one of packages) {
      const archives = join(fresh, 'archives');
      await mkdir(archives);
      say(`${one.name} ${one.version}: fetching`);
      await fetch(one, archives, say);
      const archive = join(archives, theOnly(archives));
      const found = `sha512-${await hashOf(archive)}`;
      if (found !== one.integrity) {
        throw new Error(`${one.name} ${one.version} is not what it must be: ${found} instead of ${one.integrity}`);
      }
      const place = join(fresh, 'node_modules', one.name);
      await mkdir(place, { recursive: true });
      say(`${one.name} ${one.version}: ${megabytes(statSync(archive).size)} as it must be, unpacking`);
      await run('tar', ['-xzf', archive, '-C', place, '--strip-components=1']);
      await rm(archives, { recursive: true });
    }
    await writeFile(join(fresh, 'package.json'), '{"private":true}\n');
    await writeFile(join(fresh, INSTALLED), installedText(packages));
    await rm(folder, { recursive: true, force: true });
    await rename(fresh, folder);
    say(`the engine is in ${folder}, ${megabytes(sizeOf(folder))}; delete the folder to be rid of it`);
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

async function fetchPackage(one: EnginePackage, into: string, say: (line: string) => void): Promise<void> {
  const ticking = setInterval(() => say(`${one.name}: ${megabytes(sizeOf(into))} so far`), 10_000);
  try {
    await run('npm', [
      'pack',
      `${one.name}@${one.version}`,
      '--pack-destination',
      into,
      '--ignore-scripts',
      '--silent',
    ]);
  } finally {
    clearInterval(ticking);
  }
}

function theOnly(folder: string): string {
  const [name, ...more] = readdirSync(folder);
  if (name === undefined || more.length > 0) throw new Error('the registry gave no archive');
  return name;
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha512');
  for await (const piece of createReadStream(path)) hash.update(piece as Buffer);
  return hash.digest('base64');
}

function sizeOf(folder: string): number {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  return entries.reduce((sum, one) => sum + (one.isFile() ? statSync(join(one.parentPath, one.name)).size : 0), 0);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

async function run(command: string, args: readonly string[]): Promise<void> {
  await new Promise<void>((done, failed) => {
    const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'inherit'] });
    child.on('error', failed);
    child.on('exit', (code) =>
      code === 0 ? done() : failed(new Error(`${command} ${args[0] ?? ''} ended with ${code}`)),
    );
  });
}
