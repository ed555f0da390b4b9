import { readFile } from 'node:fs/promises';

import type { Command } from 'commander';

import type { AddressBook } from '../../chain/address-book.ts';
import type { AgreedBlock, Endpoint } from '../../chain/agreement.ts';
import { RetryableError } from '../../protocol/errors.ts';
import type { Io } from '../io.ts';
import { inputFile } from '../options/input-file.ts';
import type { AgreedNodesFlags } from '../options/agreed-nodes.ts';
import { addAgreedNodesOptions } from '../options/agreed-nodes.ts';
import type { Sender, SignerFlags } from '../options/signer.ts';
import { progressOn } from '../output/progress.ts';

/** Options of every command for those who are paid. */
export interface MinerFlags extends Omit<SignerFlags, 'network' | 'rpc'>, AgreedNodesFlags {
  readonly addresses: string;
  readonly json?: true;
}

/** A deployment as its nodes agree on it in one block, and in whose name something may be sent to it. */
export interface MinerSession {
  readonly addressBook: AddressBook;
  /** The first is the one by which is sent. */
  readonly endpoints: readonly [Endpoint, ...Endpoint[]];
  readonly block: AgreedBlock;
  readonly sender: Sender;
  /** The token's symbol. */
  readonly symbol: string;
  readonly io: Io;
}

/** Gives a command the options of {@link MinerFlags} but those about keys. */
export function addMinerOptions(command: Command): Command {
  return addAgreedNodesOptions(command.requiredOption('--addresses <file>', 'the address book of the deployment'));
}

/**
 * Connects to a deployment, has its nodes agree on a block, and runs a task with it.
 *
 * @throws {EndpointsDisagreeError} `ENDPOINTS_DISAGREE`
 * @throws {RetryableError} `NODE_UNAVAILABLE`, `NOTHING_CONFIRMED` when the chain is too short
 * @throws {InputError} `ENDPOINTS_EQUAL`, `CHAIN_DIFFERS`, `CONTRACT_MISSING`
 */
export async function withMinerSession<T>(
  flags: MinerFlags,
  io: Io,
  { sends }: { readonly sends: boolean },
  task: (session: MinerSession) => Promise<T>,
): Promise<T> {
  const path = await inputFile('--addresses', flags.addresses, io.cwd);
  const { ensureBuilt } = await import('../demo/project-hardhat.ts');
  await ensureBuilt(progressOn(io).say);
  const { parseAddressBook } = await import('../../chain/address-book.ts');
  const { agreed, agreedBlock } = await import('../../chain/agreement.ts');
  const { endpointOf, openEndpoints } = await import('../options/endpoints.ts');
  const { openSender } = await import('../options/signer.ts');
  const addressBook = parseAddressBook(await readFile(path, 'utf8'));
  const { rpc, ...others } = flags;
  const [first] = rpc ?? [];
  const sender = await openSender({ ...others, ...(first === undefined ? {} : { rpc: first }) }, io.cwd, { sends });
  const open: { readonly close: () => Promise<void> }[] = [sender];
  try {
    let endpoints: readonly Endpoint[] = [];
    if (rpc === undefined) endpoints = [await endpointOf(addressBook, sender, flags.network ?? 'the node')];
    else {
      const opened = await openEndpoints(addressBook, rpc);
      open.push(opened);
      endpoints = opened.endpoints;
    }
    const [own, ...more] = endpoints;
    if (own === undefined) throw new TypeError('no endpoint');
    if (more.length === 0) io.err(`note: ${own.name} is believed alone; name a second --rpc of another operator\n`);
    const block = await agreedBlock(endpoints, flags.confirmations);
    if (block.number < addressBook.startBlock) throw tooShort(block, flags.confirmations);
    const symbol = await agreed(endpoints, "the token's symbol", async ({ contracts }) =>
      shownSymbol(await contracts.token.symbol()),
    );
    return await task({ addressBook, endpoints: [own, ...more], block, sender, symbol, io });
  } finally {
    for (const { close } of open) await close();
  }
}

/** A symbol stands beside every amount: what a node makes of it must not move the cursor, or begin a line of its own. */
function shownSymbol(symbol: string): string {
  return symbol.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '?').slice(0, 32);
}

function tooShort({ number }: AgreedBlock, confirmations: number): RetryableError {
  return new RetryableError({
    code: 'NOTHING_CONFIRMED',
    shortMessage: `the deployment has not ${confirmations} blocks on top of it yet`,
    details: { block: number, confirmations, next: 'wait for some blocks, or give a smaller --confirmations' },
  });
}
