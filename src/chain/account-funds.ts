import type { Address } from '../protocol/brands.ts';
import { parseAddress } from '../protocol/brands.ts';
import type { AgreedBlock } from './agreement.ts';
import type { Connection } from './connect.ts';
import { inPieces } from './in-pieces.ts';

/** What the chain keeps of an account, in one block. Amounts in wei. */
export interface AccountFunds {
  readonly account: Address;
  /** All that the vault ever paid for it. */
  readonly claimed: bigint;
  /** Whom a claim that anybody sends pays: the account itself, or the recipient that it chose. */
  readonly recipient: Address;
  /** A recipient that it signed for, and from when on it is the one, unix seconds; null if no change waits. */
  readonly nextRecipient: { readonly to: Address; readonly from: number } | null;
  /** Its units, where any were sold to it. */
  readonly units: UnitFunds | null;
}

/** What units of the pool have released to an account, and what of it was paid. */
export interface UnitFunds {
  readonly units: bigint;
  readonly released: bigint;
  readonly claimed: bigint;
}

/** How many accounts are asked about at the same time. */
const AT_ONCE = 50;

/** Reads what the chain keeps of accounts, in their order. */
export async function readAccountFunds(
  connection: Connection,
  accounts: readonly Address[],
  block: Pick<AgreedBlock, 'number' | 'time'>,
): Promise<AccountFunds[]> {
  return await inPieces(accounts, AT_ONCE, async (account) => await fundsOf(connection, account, block));
}

async function fundsOf(
  { contracts: { vault, unitPool } }: Connection,
  account: Address,
  { number, time }: Pick<AgreedBlock, 'number' | 'time'>,
): Promise<AccountFunds> {
  const at = { blockTag: number };
  const [claimed, recipient, pending, units] = await Promise.all([
    vault.claimed(account, at),
    vault.recipientOf(account, at),
    vault.pendingRecipientOf(account, at),
    unitPool === null ? 0n : unitPool.unitsOf(account, at),
  ]);
  const nextRecipient =
    pending.effectiveAt === 0n ? null : { to: parseAddress(pending.to), from: Number(pending.effectiveAt) };
  const own = { account, claimed, recipient: parseAddress(recipient), nextRecipient };
  if (unitPool === null || units === 0n) return { ...own, units: null };
  const [perUnit, paid] = await Promise.all([unitPool.releasedPerUnitAt(time, at), unitPool.claimed(account, at)]);
  return { ...own, units: { units, released: units * perUnit, claimed: paid } };
}
