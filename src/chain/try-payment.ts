import type { Provider } from 'ethers';

import type { Address } from '../protocol/brands.ts';
import { RetryableError } from '../protocol/errors.ts';
import type { Call } from './calls.ts';
import { onChain, RevertError } from './revert-error.ts';

/** What a call would pay, in wei, or why the chain would refuse it. */
export type Trial = { readonly pays: bigint } | { readonly refusal: RevertError };

/**
 * Tries out a call whose answer is what it pays, on the newest block. Nothing is sent.
 *
 * @throws {RetryableError} `NODE_UNAVAILABLE`, `NODE_INCONSISTENT` when the node gives something else
 */
export async function tryPayment(provider: Provider, from: Address | null, { to, data }: Call): Promise<Trial> {
  try {
    const answer = await onChain(() => provider.call({ to, data, ...(from === null ? {} : { from }) }));
    if (/^0x[0-9a-f]{64}$/i.test(answer)) return { pays: BigInt(answer) };
  } catch (error) {
    if (error instanceof RevertError) return { refusal: error };
    throw error;
  }
  throw new RetryableError({ code: 'NODE_INCONSISTENT', shortMessage: 'the node does not say what a claim would pay' });
}
