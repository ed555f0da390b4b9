import { readFile } from 'node:fs/promises';

import { parseAddressBook } from '../../chain/address-book.ts';
import { openEndpoints } from '../options/endpoints.ts';
import { pageFolder } from './page-folder.ts';
import { servePage, type ListeningPlace, type PageServer } from './page-server.ts';
import { pageSurroundings, type PageSettings } from './page-settings.ts';

/** What `lode web` is told. */
export interface WebOptions extends PageSettings, ListeningPlace {
  /** The path of the address book. */
  readonly addresses: string;
}

/**
 * Serves the page over a deployment, after a look that every node is on its chain and has its contracts.
 *
 * @throws {MissingError} `PAGE_MISSING`
 * @throws {RefusedError} `PAGE_UNAVAILABLE`, and what {@link openEndpoints} throws
 */
export async function serveDeployment(options: WebOptions): Promise<PageServer> {
  const page = pageFolder();
  const text = await readFile(options.addresses, 'utf8');
  const { close } = await openEndpoints(parseAddressBook(text), options.rpc);
  await close();
  const { config, folders } = pageSurroundings(options);
  const texts = new Map([
    ['config.json', config],
    ['addresses.json', text],
  ]);
  return await servePage({ page, texts, folders }, options);
}
