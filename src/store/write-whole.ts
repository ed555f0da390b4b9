import { rename } from 'node:fs/promises';
import { dirname } from 'node:path';

import { syncFolders, writeDurably } from './report-folder.ts';

/** Writes a file so that a reader sees all of it or what was there before, also after a crash. */
export async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${path}.new`;
  await writeDurably(temporary, bytes, 'w');
  await rename(temporary, path);
  await syncFolders(dirname(path));
}
