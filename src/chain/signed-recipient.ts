import type { Address } from '../protocol/brands.ts';
import type { AddressBook } from './address-book.ts';
import { interfaceOf } from './bindings.ts';
import type { Call } from './calls.ts';
import type { Connection } from './connect.ts';

/** What an account signs so that somebody else may send its change of recipient. */
export interface RecipientPermission {
  readonly account: Address;
  /** Who is to be paid; the account itself: no recipient any more. */
  readonly to: Address;
  /** The account's next one for changes of its recipient. */
  readonly nonce: bigint;
  /** The last second in which it can be sent, unix seconds. */
  readonly deadline: number;
}

/** The message of a change of recipient that its account only signs (EIP-712); its order of fields is the contract's. */
export const SET_RECIPIENT = {
  SetRecipient: [
    { name: 'account', type: 'address' },
    { name: 'to', type: 'address' },
    { name: 'nonce', type: 'uint256' },
    { name: 'deadline', type: 'uint256' },
  ],
};

/** The next nonce of an account for signed changes of its recipient. */
export async function recipientNonce({ contracts: { vault } }: Connection, account: string): Promise<bigint> {
  return await vault['nonces(address,uint192)'](account, await vault.RECIPIENT_KEY());
}

const vault = interfaceOf('vault');

/** Announces the change that an account has signed for; anyone may send it, and it acts after the delay of the vault. */
export function recipientBySignatureCall(
  { vault: contract }: Pick<AddressBook['contracts'], 'vault'>,
  { account, to, deadline, signature }: RecipientPermission & { readonly signature: string },
): Call {
  const data = vault.encodeFunctionData('setRecipientBySig', [account, to, deadline, signature]);
  return { to: contract, data, value: 0n };
}
