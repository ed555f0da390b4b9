import { MissingError, optionFault } from '../errors.ts';
import { findPath } from './find-path.ts';

/**
 * The absolute path of a file that an option names, after a look that it is there and a file.
 *
 * @throws {MissingError} `FILE_MISSING`
 * @throws {InputError} `OPTION_INVALID` when it is a folder
 */
export async function inputFile(option: string, given: string, cwd: string): Promise<string> {
  const { path, found } = await findPath(given, cwd);
  if (found === null) {
    throw new MissingError({
      code: 'FILE_MISSING',
      shortMessage: `${option}: there is no file '${given}'`,
      details: { option, looked: path },
    });
  }
  if (!found.isFile()) throw optionFault(option, given, 'a file, not a folder');
  return path;
}
