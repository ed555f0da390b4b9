import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { MissingError } from '../protocol/errors.ts';

const PRESETS = fileURLToPath(new URL('../../presets/', import.meta.url));

/**
 * The file of a preset that was named on the command line: one of the presets that come with lode, or a file of one's own.
 *
 * @throws {MissingError} `PRESET_UNKNOWN` with the names that there are
 */
export async function presetFile(nameOrPath: string, cwd: string): Promise<string> {
  const isName = isPresetName(nameOrPath);
  const path = isName ? resolve(PRESETS, nameOrPath, 'preset.jsonc') : resolve(cwd, nameOrPath);
  if (existsSync(path)) return path;
  throw new MissingError({
    code: 'PRESET_UNKNOWN',
    shortMessage: isName ? `there is no preset called '${nameOrPath}'` : `there is no preset file '${basename(path)}'`,
    details: { looked: path, presets: await presetNames() },
  });
}

/** Whether a preset is named, and not a file of one's own. */
export function isPresetName(nameOrPath: string): boolean {
  return /^[a-z0-9-]+$/.test(nameOrPath);
}

/** The presets that come with lode, sorted. */
export async function presetNames(): Promise<readonly string[]> {
  const entries = await readdir(PRESETS, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}
