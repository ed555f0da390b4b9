import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';

import { ifThere, NOTHING_THERE } from '../../store/if-there.ts';

/** The absolute path that an option names, and what stands there; `null` if nothing does. */
export async function findPath(given: string, cwd: string): Promise<{ path: string; found: Stats | null }> {
  const path = resolve(cwd, given);
  const found = await ifThere(stat(path), NOTHING_THERE);
  return { path, found };
}
