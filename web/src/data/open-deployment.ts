import { parseAddressBook, type AddressBook } from '../../../src/chain/address-book.ts';
import { agreed, type Endpoint } from '../../../src/chain/agreement.ts';
import { connect, type Connection } from '../../../src/chain/connect.ts';
import { nodeAt } from '../../../src/chain/node-at.ts';
import { RetryableError } from '../../../src/protocol/errors.ts';
import { parsePageConfig, type PageConfig } from './page-config.ts';

/** A deployment as the page reads it. */
export interface Deployment {
  readonly config: PageConfig;
  readonly addressBook: AddressBook;
  /** Every node of the settings, connected and on the right chain. The first is the one that is read at length. */
  readonly endpoints: readonly [Endpoint, ...Endpoint[]];
  readonly connection: Connection;
  /** The token's symbol, as it may be shown. */
  readonly symbol: string;
}

/**
 * Reads the page's settings and its address book, and connects to every node.
 *
 * @throws {InputError} `PAGE_CONFIG_INVALID`, `ADDRESS_BOOK_INVALID`, `CHAIN_DIFFERS`, `CONTRACT_MISSING`
 * @throws {RetryableError} `PAGE_FILE_UNAVAILABLE`, `NODE_UNAVAILABLE`
 */
export async function openDeployment(): Promise<Deployment> {
  const config = parsePageConfig(await pageFile('config.json'));
  const addressBook = parseAddressBook(await pageFile(config.addresses));
  const [first, ...more] = await Promise.all(config.rpc.map((url) => openEndpoint(addressBook, url)));
  if (first === undefined) throw new TypeError('no node');
  const endpoints = [first, ...more] as const;
  const symbol = await agreed(endpoints, "the token's symbol", async ({ contracts }) => await contracts.token.symbol());
  return { config, addressBook, endpoints, connection: first.connection, symbol: shownSymbol(symbol) };
}

/** A file beside the page. */
async function pageFile(path: string): Promise<string> {
  const url = new URL(path, document.baseURI);
  const failed = (reason: string): RetryableError =>
    new RetryableError({
      code: 'PAGE_FILE_UNAVAILABLE',
      shortMessage: `${path} beside the page cannot be read: ${reason}`,
      details: { path, reason, next: 'put it there, or see whether the file host answers' },
    });
  const response = await fetch(url, { cache: 'no-cache' }).catch((error: unknown) => {
    throw failed(error instanceof Error ? error.message : String(error));
  });
  if (!response.ok) throw failed(`status ${response.status}`);
  return await response.text();
}

async function openEndpoint(addressBook: AddressBook, given: string): Promise<Endpoint> {
  const url = new URL(given, document.baseURI);
  const { provider, answered } = await nodeAt(url.href);
  return { name: url.host, connection: await connect(addressBook, provider), answered };
}

/** A symbol stands beside every amount; a hostile one must not bring line breaks or change the direction of the text. */
function shownSymbol(symbol: string): string {
  return symbol.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '?').slice(0, 32);
}
