import { lstat, mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

import { InputError } from '../protocol/errors.ts';
import { systemCode } from './if-there.ts';

/** Codes that pass by themselves, and are told as what they are. */
const PASSING = new Set(['ENOSPC', 'EDQUOT', 'EMFILE', 'ENFILE']);

/**
 * Makes a folder and those above it that are missing, one by one: on file systems where nothing can be made, `recursive`
 * never ends.
 *
 * @throws InputError `FOLDER_UNUSABLE` when one of them cannot be made
 */
export async function makeFolder(path: string): Promise<void> {
  const missing: string[] = [];
  for (let at = resolve(path); !(await isThere(at)); at = dirname(at)) missing.push(at);
  for (const at of missing.reverse()) {
    await mkdir(at).catch((error: unknown) => {
      // Somebody else made it meanwhile.
      if (systemCode(error) !== 'EEXIST') throw unusable(path, `${at} cannot be made`, error);
    });
  }
}

/**
 * Makes `temporary`, which shall later be renamed to `target`, after a look that nothing speaks against it: what would only
 * be refused at the very end is refused before anything is computed.
 *
 * @throws InputError `FOLDER_UNUSABLE`
 */
export async function makeTemporary(temporary: string, target: string): Promise<void> {
  const parent = dirname(resolve(target));
  await makeFolder(parent);
  const [own, above] = await Promise.all([lstat(target).catch(() => null), stat(parent).catch(() => null)]);
  if (own?.isSymbolicLink() === true) throw unusable(target, 'it is a link to another folder');
  if (own !== null && own.dev !== above?.dev) throw mounted(target);
  await mkdir(temporary).catch((error: unknown) => {
    throw unusable(target, `nothing can be made in ${parent}`, error);
  });
}

/** The error for a target that can only be written into, since it is a file system of its own. */
export function mounted(target: string, cause?: unknown): Error {
  return unusable(target, 'it is a mount point, which cannot appear whole or not at all', cause);
}

function unusable(target: string, reason: string, cause?: unknown): Error {
  const code = systemCode(cause);
  if (cause instanceof Error && PASSING.has(code)) return cause;
  return new InputError({
    code: 'FOLDER_UNUSABLE',
    shortMessage: `${target} cannot be written: ${reason}${code === '' ? '' : ` (${code})`}`,
    details: { target, next: 'name a folder inside it, or one where you may write' },
    ...(cause === undefined ? {} : { cause }),
  });
}

/** Whether a name is taken; where that cannot be told, making it will. */
async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    (error: unknown) => systemCode(error) !== 'ENOENT' || dirname(path) === path,
  );
}
