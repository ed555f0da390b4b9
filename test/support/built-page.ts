import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { buildPage } from '../../scripts/tasks/all-steps.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const DIST = `${ROOT}web/dist/`;
const LOCK = `${ROOT}cache/page-is-built`;
const SOURCES = ['web/src', 'web/build', 'web/public', 'src'];
const FILES = ['web/index.html', 'web/vite.config.ts', 'package-lock.json'];
/** Nobody builds for so long, in milliseconds: whoever held the lock is gone. */
const PATIENCE = 180_000;

/**
 * The folder of the page, `web/dist`, built from the present sources: by whoever asks first, while every other process waits for it.
 */
export async function builtPage(): Promise<string> {
  mkdirSync(`${ROOT}cache`, { recursive: true });
  while (!isFresh()) {
    if (!taken()) {
      await sleep(100);
      continue;
    }
    try {
      if (!isFresh()) await buildAnew();
    } finally {
      rmSync(LOCK, { recursive: true, force: true });
    }
  }
  return DIST;
}

function isFresh(): boolean {
  const newest = [
    ...SOURCES.flatMap((folder) => timesIn(`${ROOT}${folder}`)),
    ...FILES.map((file) => timeOf(ROOT + file)),
  ];
  return timeOf(`${DIST}index.html`) > Math.max(...newest);
}

/** Whether this process may build; a folder is made by one alone. */
function taken(): boolean {
  const since = timeOf(LOCK);
  if (since > 0 && Date.now() - since > PATIENCE) rmSync(LOCK, { recursive: true, force: true });
  try {
    mkdirSync(LOCK);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Builds beside the page and puts it in its place when it is whole. */
async function buildAnew(): Promise<void> {
  const outDir = mkdtempSync(`${ROOT}cache/page-`);
  const old = `${outDir}-old`;
  if ((await buildPage(['--logLevel', 'error', '--outDir', outDir])) !== 0) throw new Error('the page cannot be built');
  if (timeOf(DIST) > 0) renameSync(DIST, old);
  renameSync(outDir, DIST);
  rmSync(old, { recursive: true, force: true });
}

function timesIn(folder: string): number[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => timeOf(join(parentPath, name)));
}

function timeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
