import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';

import { MissingError, optionFault } from '../errors.ts';

/**
 * The absolute path of a folder of reports, after a look that it is there and a folder.
 *
 * @throws {MissingError} `FOLDER_MISSING`
 * @throws {InputError} `OPTION_INVALID` when it is a file
 */
export async function reportFolder(option: string, given: string, cwd: string): Promise<string> {
  const path = resolve(cwd, given);
  const found = await stat(path).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return null;
    throw error;
  });
  if (found === null) {
    throw new MissingError({
      code: 'FOLDER_MISSING',
      shortMessage: `${option}: there is no folder '${given}'`,
      details: { option, looked: path },
    });
  }
  if (!found.isDirectory()) throw optionFault(option, given, 'a folder, not a file');
  return path;
}
