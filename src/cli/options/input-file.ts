import { MissingError } from '../../protocol/errors.ts';
import { optionFault } from '../errors.ts';
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

/** The same for an option that takes several files, or none. */
export async function inputFiles(option: string, given: readonly string[] | undefined, cwd: string): Promise<string[]> {
  const paths: string[] = [];
  for (const path of given ?? []) paths.push(await inputFile(option, path, cwd));
  return paths;
}
