import { MissingError } from '../../protocol/errors.ts';
import { optionFault } from '../errors.ts';
import { findPath } from './find-path.ts';

/**
 * The absolute path of a folder of reports, after a look that it is there and a folder.
 *
 * @throws {MissingError} `FOLDER_MISSING`
 * @throws {InputError} `OPTION_INVALID` when it is a file
 */
export async function reportFolder(option: string, given: string, cwd: string): Promise<string> {
  const { path, found } = await findPath(given, cwd);
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
