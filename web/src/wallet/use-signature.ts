import { useMutation, type UseMutationResult } from '@tanstack/react-query';
import type { Signer } from 'ethers';

import { walletError } from './send-transaction.ts';
import { useWallets } from './wallet-context.ts';

/** A message of named and typed fields (EIP-712). */
export type Message = Parameters<Signer['signTypedData']>;

/** Has the wallet sign messages in the name of the connected account; what it has against that is put into words. */
export type SignMessage = (...message: Message) => Promise<string>;

/**
 * Something that takes a signature of the connected account and sends nothing.
 *
 * @param make is given a way to have messages signed, and makes something of them
 */
export function useSignature<T>(make: (sign: SignMessage) => Promise<T>): UseMutationResult<T, unknown, void> {
  const { signer } = useWallets();
  return useMutation({
    mutationFn: async () => {
      const wallet = await signer();
      return await make(async (...message) => {
        try {
          return await wallet.signTypedData(...message);
        } catch (error) {
          throw walletError(error, 'sign');
        }
      });
    },
  });
}
