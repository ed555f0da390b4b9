import { formatEther } from 'ethers';

import type { Endpoint } from '../../chain/agreement.ts';
import { askEach } from '../../chain/agreement.ts';
import type { Address } from '../../protocol/brands.ts';
import type { Trouble } from './sender.ts';

/** What a call takes along, in wei. */
export interface Need {
  readonly value: bigint;
  /** 0: it is not known. */
  readonly gas: bigint;
}

/**
 * Why an account cannot pay by the lowest balance that an endpoint says; null if it can. With `isRefused` a node has said already that it
 * cannot.
 */
export async function missingFunds(
  endpoints: readonly Endpoint[],
  account: Address,
  { value, gas }: Need,
  isRefused = false,
): Promise<Trouble | null> {
  const balances = await askEach(endpoints, ({ provider }) => provider.getBalance(account));
  const least = balances.reduce((a, b) => (a < b ? a : b));
  const needed = value + gas;
  if (least >= needed && !isRefused) return null;
  const beside = gas === 0n ? ' and the gas' : '';
  const reason = `${account} has ${formatEther(least)} of the native coin, and ${formatEther(needed)}${beside} are needed`;
  return { code: 'BALANCE_TOO_SMALL', reason };
}
