import { open, realpath, type FileHandle } from 'node:fs/promises';
import { join, sep } from 'node:path';

/** A file that is open for reading, which whoever asked for it closes. */
export interface FoundFile {
  readonly handle: FileHandle;
  readonly size: number;
}

/**
 * Opens what a path of an address names inside of a folder; null when there is no such file. Nothing outside of the folder is
 * ever given, whatever the path says and wherever a link in the folder leads, and nothing whose name begins with a dot.
 */
export async function findFile(folder: string, path: string): Promise<FoundFile | null> {
  const names = namesIn(path);
  if (names === null) return null;
  const [top, asked] = await Promise.all([realPath(folder), realPath(join(folder, ...names))]);
  if (top === null || asked === null || !asked.startsWith(top.endsWith(sep) ? top : `${top}${sep}`)) return null;
  const handle = await open(asked, 'r').catch(() => null);
  if (handle === null) return null;
  const found = await handle.stat().catch(() => null);
  if (found?.isFile() === true) return { handle, size: found.size };
  await handle.close();
  return null;
}

/** The names between the slashes, each of which must be a plain one. */
function namesIn(path: string): readonly string[] | null {
  let names: string[];
  try {
    names = path.split('/').map(decodeURIComponent);
  } catch {
    return null;
  }
  // A name with a slash was written `%2f`; backslashes and colons lead elsewhere on Windows.
  return names.every((name) => /^[^./\\:\p{Cc}][^/\\:\p{Cc}]*$/u.test(name)) ? names : null;
}

async function realPath(path: string): Promise<string | null> {
  return await realpath(path).catch(() => null);
}
