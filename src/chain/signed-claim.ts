import type { TypedDataDomain } from 'ethers';

import type { Address } from '../protocol/brands.ts';
import type { AddressBook } from './address-book.ts';
import { interfaceOf } from './bindings.ts';
import type { Call } from './calls.ts';
import type { Connection } from './connect.ts';
import type { Claim } from './convert.ts';
import { claimToChain } from './convert.ts';

/** What an account signs so that somebody else may send its claim. */
export interface ClaimPermission {
  /** Who is paid. */
  readonly to: Address;
  /** The account's next one for claims. */
  readonly nonce: bigint;
  /** The last second in which it can be sent, unix seconds. */
  readonly deadline: number;
}

/** The message of a claim that its account only signs (EIP-712); its order of fields is the contract's. */
export const CLAIM_TO = {
  ClaimTo: [
    { name: 'account', type: 'address' },
    { name: 'to', type: 'address' },
    { name: 'epoch', type: 'uint32' },
    { name: 'nonce', type: 'uint256' },
    { name: 'deadline', type: 'uint256' },
  ],
};

/** For which chain and which vault a claim is signed. */
export function claimDomain({ chainId, contracts }: Pick<AddressBook, 'chainId' | 'contracts'>): TypedDataDomain {
  return { name: 'VestingVault', version: '1', chainId, verifyingContract: contracts.vault };
}

/** The values of {@link CLAIM_TO}. */
export function claimMessage({ account, epoch }: Pick<Claim, 'account' | 'epoch'>, permission: ClaimPermission) {
  const { to, nonce, deadline } = permission;
  return { account, to, epoch, nonce, deadline };
}

/** The next nonce of an account for signed claims, now or in a block. */
export async function claimNonce({ contracts: { vault } }: Connection, account: string): Promise<bigint> {
  return await vault['nonces(address,uint192)'](account, await vault.CLAIM_KEY());
}

const vault = interfaceOf('vault');

/** Pays what an account has signed for; anyone may send it. */
export function claimBySignatureCall(
  { vault: to }: Pick<AddressBook['contracts'], 'vault'>,
  claim: Claim,
  { to: recipient, deadline, signature }: ClaimPermission & { readonly signature: string },
): Call {
  const values = [claimToChain(claim), recipient, deadline, signature] as const;
  return { to, data: vault.encodeFunctionData('claimToBySig', [...values]), value: 0n };
}
