import { listContracts } from '../../chain/address-book.ts';
import type { AgreedBlock, Endpoint } from '../../chain/agreement.ts';
import { agreed, agreedBlock, askEach } from '../../chain/agreement.ts';
import { readClock } from '../../chain/closed-epoch.ts';
import type { ProposalView } from '../../chain/epoch-state.ts';
import { readProposal } from '../../chain/epoch-state.ts';
import type { Address, Hash32 } from '../../protocol/brands.ts';
import { parseHash32 } from '../../protocol/brands.ts';
import type { Finality } from '../operator-config.ts';

/** Where the epochs stand, as of one block that every endpoint has. */
export interface ChainView {
  readonly block: AgreedBlock;
  /** Start of epoch 0, unix seconds; and how long an epoch is. */
  readonly start: number;
  readonly epochLength: number;
  /** How many epochs are over. */
  readonly ended: number;
  readonly nextToClose: number;
  readonly nextToFinalise: number;
  /** Proposals are refused until then, unix seconds. */
  readonly pausedUntil: number;
  readonly pending: ProposalView | null;
}

/** What an account may and has, as of one block. */
export interface AccountView {
  readonly account: Address;
  readonly mayPropose: boolean;
  /** Unix seconds; 0: it is not suspended. */
  readonly suspendedUntil: number;
  /** What is credited to it from bonds, in wei. */
  readonly credit: bigint;
  readonly balance: bigint;
}

/**
 * The newest block that counts.
 *
 * @throws {RetryableError} `NODE_UNAVAILABLE`, `ENDPOINTS_DISAGREE`, `FINALITY_UNKNOWN`
 */
export async function finalBlock(endpoints: readonly Endpoint[], finality: Finality): Promise<AgreedBlock> {
  return await agreedBlock(endpoints, finality === 'finalized' ? finality : finality.confirmations);
}

/** Whether the deployment stands in a block already. */
export async function isDeployed(endpoints: readonly Endpoint[], block: AgreedBlock): Promise<boolean> {
  return await agreed(endpoints, 'whether the deployment is there', async ({ provider, addresses, addressBook }) => {
    if (block.number < addressBook.startBlock) return false;
    const found = listContracts(addresses).map(([, address]) => provider.getCode(address, block.number));
    return (await Promise.all(found)).every((code) => code !== '0x');
  });
}

/** What was read of a block is read once, however many steps ask. */
const views = new WeakMap<AgreedBlock, Promise<ChainView>>();

/**
 * Where the epochs stand in a block.
 *
 * @throws {RetryableError} when the endpoints do not answer or do not agree
 */
export async function readView(endpoints: readonly Endpoint[], block: AgreedBlock): Promise<ChainView> {
  const known = views.get(block);
  if (known !== undefined) return await known;
  const read = readAt(endpoints, block);
  views.set(block, read);
  read.catch(() => views.delete(block));
  return await read;
}

/**
 * What an account may and has in a block.
 *
 * @throws {RetryableError} when the endpoints do not answer or do not agree
 */
export async function readAccount(
  endpoints: readonly Endpoint[],
  block: AgreedBlock,
  account: Address,
): Promise<AccountView> {
  const at = { blockTag: block.number };
  return await agreed(endpoints, `the account ${account}`, async ({ contracts, addresses, provider }) => {
    const { authority, distributor } = contracts;
    const { selector } = distributor.interface.getFunction('propose');
    const [may, suspendedUntil, credit, balance] = await Promise.all([
      authority.canCall(account, addresses.distributor, selector, at),
      distributor.suspendedUntil(account, at),
      distributor.bondCreditOf(account, at),
      provider.getBalance(account, block.number),
    ]);
    return { account, mayPropose: may.immediate, suspendedUntil: Number(suspendedUntil), credit, balance };
  });
}

/** The root with which an epoch became final; of one that is not final it is zero. */
export async function readFinalRoot(
  endpoints: readonly Endpoint[],
  block: AgreedBlock,
  epoch: number,
): Promise<{ readonly root: Hash32; readonly leafCount: number }> {
  return await agreed(endpoints, `the root of epoch ${epoch}`, async ({ contracts }) => {
    const { root, leafCount } = await contracts.vault.rootOf(epoch, { blockTag: block.number });
    return { root: parseHash32(root), leafCount: Number(leafCount) };
  });
}

/** What became of a proposal by a block. */
export async function readProposalView(
  endpoints: readonly Endpoint[],
  block: AgreedBlock,
  proposalId: bigint,
): Promise<ProposalView> {
  return await agreed(endpoints, `proposal ${proposalId}`, (connection) =>
    readProposal(connection, proposalId, block.number),
  );
}

/** Where the newest blocks of all endpoints stand, which may not last: by it is only decided what is not sent. */
export interface NewestView {
  /** The highest that any of them says. */
  readonly nextToClose: number;
  readonly nextToFinalise: number;
  /** The settlements that wait, one for each endpoint where one does. */
  readonly pending: readonly ProposalView[];
  /** The lowest time, unix seconds. */
  readonly time: number;
}

/**
 * Where the epochs stand in the newest blocks: what is done there already is not sent again, though it does not count yet.
 *
 * @throws {RetryableError} when an endpoint does not answer
 */
export async function readNewest(endpoints: readonly Endpoint[]): Promise<NewestView> {
  const answers = await askEach(endpoints, async (connection) => {
    const { distributor } = connection.contracts;
    const [nextToClose, nextToFinalise, pendingId, block] = await Promise.all([
      distributor.nextToClose(),
      distributor.nextToFinalise(),
      distributor.pendingProposal(),
      connection.provider.getBlock('latest'),
    ]);
    const pending = pendingId === 0n ? null : await readProposal(connection, pendingId, 'latest');
    return {
      ...{ nextToClose: Number(nextToClose), nextToFinalise: Number(nextToFinalise), pending },
      time: block?.timestamp ?? 0,
    };
  });
  return {
    nextToClose: Math.max(...answers.map((one) => one.nextToClose)),
    nextToFinalise: Math.max(...answers.map((one) => one.nextToFinalise)),
    pending: answers.flatMap(({ pending }) => (pending === null ? [] : [pending])),
    time: Math.min(...answers.map(({ time }) => time)),
  };
}

async function readAt(endpoints: readonly Endpoint[], block: AgreedBlock): Promise<ChainView> {
  const at = { blockTag: block.number };
  const read = await agreed(endpoints, `where the epochs stand in block ${block.number}`, async (connection) => {
    const { distributor } = connection.contracts;
    const [clock, nextToClose, nextToFinalise, pausedUntil, pendingId] = await Promise.all([
      readClock(connection, block.number),
      distributor.nextToClose(at),
      distributor.nextToFinalise(at),
      distributor.pausedUntil(at),
      distributor.pendingProposal(at),
    ]);
    return {
      ...{ start: clock.start, epochLength: clock.length },
      ...{ nextToClose: Number(nextToClose), nextToFinalise: Number(nextToFinalise) },
      pausedUntil: Number(pausedUntil),
      pending: pendingId === 0n ? null : await readProposal(connection, pendingId, block.number),
    };
  });
  const ended = Math.max(0, Math.floor((block.time - read.start) / read.epochLength));
  return { block, ended, ...read };
}
