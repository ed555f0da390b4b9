import type { Address } from '../protocol/brands.ts';
import { InputError } from '../protocol/errors.ts';
import type { Addresses } from './address-book.ts';
import { interfaceOf } from './bindings.ts';
import type { Call } from './calls.ts';

const unitPool = interfaceOf('unitPool');

/** Units for an account. */
export interface Order {
  readonly account: string;
  readonly units: bigint;
}

/** Books units to those who ordered them; for the timelock. */
export function allotCall(addresses: Addresses, orders: readonly Order[]): Call {
  const lists = [orders.map(({ account }) => account), orders.map(({ units }) => units)] as const;
  return { to: unitPoolOf(addresses), data: unitPool.encodeFunctionData('allot', [...lists]), value: 0n };
}

/** Closes the unit pool after its sale; anyone may. */
export function closePoolCall(addresses: Addresses): Call {
  return { to: unitPoolOf(addresses), data: unitPool.encodeFunctionData('close'), value: 0n };
}

/** Pays an account what its units have released; anyone may. */
export function claimUnitsCall(addresses: Addresses, account: string): Call {
  return { to: unitPoolOf(addresses), data: unitPool.encodeFunctionData('claim', [account]), value: 0n };
}

/** Pays whoever sends it what its units have released, where it wants it. */
export function claimUnitsToCall(addresses: Addresses, to: string): Call {
  return { to: unitPoolOf(addresses), data: unitPool.encodeFunctionData('claimTo', [to]), value: 0n };
}

function unitPoolOf({ unitPool: address }: Addresses): Address {
  if (address !== undefined) return address;
  throw new InputError({ code: 'NO_UNIT_POOL', shortMessage: 'this deployment sells no units in advance' });
}
