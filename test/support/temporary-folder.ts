import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder for the files of a test suite, removed when the suite is over. Call it inside `describe`. */
export function temporaryFolder(): { readonly path: (name: string) => string; readonly write: typeof writeIn } {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lode-test-'));
  });
  after(async () => {
    await rm(folder, { recursive: true, force: true });
  });
  const path = (name: string) => join(folder, name);
  return { path, write: (name, content) => writeIn(path(name), content) };
}

async function writeIn(path: string, content: string | Uint8Array): Promise<string> {
  await writeFile(path, content);
  return path;
}
