import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

import type { AddressBook } from '../../chain/address-book.ts';
import type { Endpoint } from '../../chain/agreement.ts';
import type { OperatorConfig } from '../../operator/operator-config.ts';
import { RefusedError } from '../../protocol/errors.ts';
import type { Io } from '../io.ts';
import { inputFile } from '../options/input-file.ts';
import { progressOn } from '../output/progress.ts';

/** A data folder with its settings, and the chain within reach. */
export interface OpenData {
  /** Absolute. */
  readonly data: string;
  readonly config: OperatorConfig;
  readonly addressBook: AddressBook;
  readonly endpoints: readonly Endpoint[];
  /**
   * Makes sure that the folder is still this process's alone; where nothing is to be written nobody asked for that.
   *
   * @throws {RefusedError} `DATA_FOLDER_LOST`
   */
  readonly checkAlone: () => Promise<void>;
}

/**
 * Opens a data folder, for this process alone if something is to be written; runs a task with it, and closes it.
 *
 * @throws {MissingError} `CONFIG_MISSING`, `FILE_MISSING`
 * @throws {InputError} `CONFIG_INVALID`, `ADDRESS_BOOK_INVALID`, `CHAIN_DIFFERS`, `CONTRACT_MISSING`
 * @throws {RefusedError} `DATA_FOLDER_BUSY`
 * @throws {RetryableError} `NODE_UNAVAILABLE`
 */
export async function withData<T>(
  given: { readonly data: string; readonly writes: boolean },
  io: Io,
  task: (open: OpenData) => Promise<T>,
): Promise<T> {
  const data = resolve(io.cwd, given.data);
  const { readConfig } = await import('../../operator/config.ts');
  const config = await readConfig(data);
  const { ensureBuilt } = await import('../demo/project-hardhat.ts');
  await ensureBuilt(progressOn(io).say);
  const { parseAddressBook } = await import('../../chain/address-book.ts');
  const book = await inputFile('addresses', config.addresses, data);
  const addressBook = parseAddressBook(await readFile(book, 'utf8'));
  const closing: (() => Promise<void>)[] = [];
  let checkAlone = (): Promise<void> => Promise.resolve();
  try {
    if (given.writes) {
      const { lockData } = await import('../../operator/data-folder.ts');
      const lock = await lockData(data);
      closing.push(() => lock.release());
      checkAlone = async () => {
        if (!(await lock.isHeld())) throw lost(data);
      };
    }
    const { openEndpoints } = await import('../options/endpoints.ts');
    const { endpoints, close } = await openEndpoints(addressBook, config.rpc);
    closing.push(close);
    return await task({ data, config, addressBook, endpoints, checkAlone });
  } finally {
    for (const close of closing.toReversed()) await close();
  }
}

function lost(data: string): RefusedError {
  return new RefusedError({
    code: 'DATA_FOLDER_LOST',
    shortMessage: `somebody took the lock of ${data} away from this process`,
    details: { data, next: 'see that nobody else works in that folder, and start it again' },
  });
}
