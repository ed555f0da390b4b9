import type { JsonRpcProvider, Provider } from 'ethers';

import { InputError, RetryableError } from '../protocol/errors.ts';

/** The host of a node's address; the rest of an address can hold a key. */
export function endpointHost(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'the node';
}

/** The host of the node behind a provider; null where it has no address, such as a chain of this process. */
export function hostOf(provider: Provider): string | null {
  if (!('_getConnection' in provider)) return null;
  const { url } = (provider as Pick<JsonRpcProvider, '_getConnection'>)._getConnection(); // just seen to have it
  return endpointHost(url);
}

/** The same error, saying which node it is about, if it is about one. */
export function ofEndpoint(error: unknown, endpoint: string | null): unknown {
  if (endpoint === null || !(error instanceof RetryableError || error instanceof InputError)) return error;
  if ('endpoint' in error.details) return error;
  const { code, cause } = error;
  const shortMessage = error.shortMessage.startsWith(endpoint)
    ? error.shortMessage
    : `${endpoint}: ${error.shortMessage}`;
  const details = { ...error.details, endpoint };
  const Kind = error instanceof RetryableError ? RetryableError : InputError;
  return new Kind({ code, shortMessage, details, cause });
}
