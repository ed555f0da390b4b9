import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';

/** The absolute path that an option names, and what stands there; `null` if nothing does. */
export async function findPath(given: string, cwd: string): Promise<{ path: string; found: Stats | null }> {
  const path = resolve(cwd, given);
  const found = await stat(path).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return null;
    throw error;
  });
  return { path, found };
}
