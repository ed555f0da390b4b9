import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { ifThere } from '../../store/if-there.ts';
import { makeFolder } from '../../store/make-folder.ts';
import { RefusedError } from '../../protocol/errors.ts';
import { jsonDocument } from '../output/json-document.ts';

/** Where the demo leaves what it made. */
export interface DemoFolder {
  readonly folder: string;
  /** The result as JSON; from the first moment on it marks the folder as the demo's own. */
  readonly result: string;
  readonly addresses: string;
  readonly chart: string;
  /** The published reports, and nothing else. */
  readonly reports: string;
}

const MARK = 'demo.json';

/**
 * Makes sure that a demo can be written to a folder, which is made if it is not there. Costs nothing, so it can be asked
 * before anything else is done.
 *
 * @returns the names of what stands in it, all of an earlier demo
 * @throws {RefusedError} `FOLDER_EXISTS` when the folder holds something that is not a demo's
 * @throws {InputError} `FOLDER_UNUSABLE` when it cannot be made
 */
export async function openDemoFolder(folder: string): Promise<readonly string[]> {
  const names = (await ifThere(readdir(folder))) ?? [];
  if (names.length > 0 && !names.includes(MARK)) {
    throw new RefusedError({
      code: 'FOLDER_EXISTS',
      shortMessage: `${folder} holds something that is not an earlier demo`,
      details: { folder, next: 'name an empty or new folder with --out' },
    });
  }
  await makeFolder(folder);
  return names;
}

/**
 * Begins the folder of a demo. What an earlier demo left there is replaced, anything else is left alone.
 *
 * @throws what `openDemoFolder` throws
 */
export async function demoFolder(folder: string): Promise<DemoFolder> {
  // The folder itself stays: it may be a mount point.
  for (const name of await openDemoFolder(folder)) await rm(join(folder, name), { recursive: true, force: true });
  const result = join(folder, MARK);
  await writeFile(result, jsonDocument({ format: 'lode-demo-v1', state: 'running' }));
  return {
    folder,
    result,
    addresses: join(folder, 'addresses.json'),
    chart: join(folder, 'chart.svg'),
    reports: join(folder, 'reports'),
  };
}
