import { mkdtempSync, readdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build } from 'vite';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const DIST = `${ROOT}web/dist/`;
const SOURCES = ['web/src', 'web/build', 'src'];
const FILES = ['web/index.html', 'web/vite.config.ts', 'package-lock.json'];

/** The folder of a page that is built from the present sources: `web/dist` where it is newer than they are, else a new one. */
export async function builtPage(): Promise<string> {
  const built = timeOf(`${DIST}index.html`);
  const newest = Math.max(
    ...SOURCES.flatMap((folder) => timesIn(`${ROOT}${folder}`)),
    ...FILES.map((file) => timeOf(`${ROOT}${file}`)),
  );
  if (built > newest) return DIST;
  const outDir = mkdtempSync(join(tmpdir(), 'lode-page-'));
  await build({ root: `${ROOT}web`, configFile: `${ROOT}web/vite.config.ts`, logLevel: 'error', build: { outDir } });
  return `${outDir}/`;
}

/** Builds the page where programs look for it, unless that was done before. */
export async function ensurePage(): Promise<void> {
  if (timeOf(`${DIST}index.html`) > 0) return;
  await build({ root: `${ROOT}web`, configFile: `${ROOT}web/vite.config.ts`, logLevel: 'error' });
}

function timesIn(folder: string): number[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => timeOf(join(parentPath, name)));
}

function timeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
