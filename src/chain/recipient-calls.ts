import type { Address } from '../protocol/brands.ts';
import type { Addresses } from './address-book.ts';
import { interfaceOf } from './bindings.ts';
import type { Call } from './calls.ts';

const vault = interfaceOf('vault');

/** Has the rewards of whoever sends it go to another address from now on; its own address: to itself again. */
export function setRecipientCall(addresses: Pick<Addresses, 'vault'>, to: Address): Call {
  return { to: addresses.vault, data: vault.encodeFunctionData('setRecipient', [to]), value: 0n };
}

/** Calls off the waiting change of the sender's recipient, and makes every change that it signed before void. */
export function cancelRecipientCall(addresses: Pick<Addresses, 'vault'>): Call {
  return { to: addresses.vault, data: vault.encodeFunctionData('cancelRecipient'), value: 0n };
}
