import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

import { syncFolders } from './report-folder.ts';

/** Writes a file so that a reader sees all of it or what was there before, also after a crash. */
export async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${path}.new`;
  const file = await open(temporary, 'w');
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
  await syncFolders(dirname(path));
}
