import { readFile } from 'node:fs/promises';

import { InputError } from '../protocol/errors.ts';

/**
 * A whole file as text.
 *
 * @throws {InputError} `FILE_UNREADABLE` when it is not there or not UTF-8
 */
export async function readText(path: string): Promise<string> {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path));
  } catch (cause) {
    const shortMessage = `cannot read ${path} as text`;
    throw new InputError({ code: 'FILE_UNREADABLE', shortMessage, details: { path }, cause });
  }
}
