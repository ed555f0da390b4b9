import { harmless } from '../../../src/chain/node-error.ts';
import { ProtocolError, RefusedError, RetryableError } from '../../../src/protocol/errors.ts';

/** What wallets say with a number (EIP-1193, EIP-3326, EIP-1474). */
const REJECTED = 4001;
const CHAIN_UNKNOWN = 4902;
const BUSY = -32_002;

/**
 * What a wallet has against something that it was asked for and that sends nothing: to connect, or to go to another chain. Wallets throw
 * what they like, be it no error at all.
 *
 * @param chainId the deployment's
 */
export function requestError(error: unknown, chainId: number): unknown {
  if (error instanceof ProtocolError) return error;
  const code = codeOf(error);
  if (code === REJECTED) {
    return new RefusedError({
      code: 'WALLET_REJECTED',
      shortMessage: 'the wallet was told not to',
      details: { next: 'try again whenever you like' },
      cause: error,
    });
  }
  if (code === CHAIN_UNKNOWN) {
    return new RefusedError({
      code: 'WALLET_CHAIN_UNKNOWN',
      shortMessage: `the wallet does not know chain ${chainId}`,
      details: { chainId, next: 'add that chain in the wallet, with a node of it, and switch again' },
      cause: error,
    });
  }
  const isBusy = code === BUSY;
  return new RetryableError({
    code: isBusy ? 'WALLET_BUSY' : 'WALLET_FAILED',
    shortMessage: isBusy ? 'the wallet waits for an earlier answer' : `the wallet did not do it: ${reasonOf(error)}`,
    details: { next: 'look into the wallet; it may be locked' },
    cause: error,
  });
}

/** Some wallets wrap what another one has said. */
function codeOf(error: unknown, depth = 3): unknown {
  if (!isObject(error) || depth === 0) return undefined;
  const { code, data, originalError } = error;
  if (code === CHAIN_UNKNOWN || code === REJECTED) return code;
  for (const inner of [data, originalError]) {
    const found = codeOf(inner, depth - 1);
    if (found === CHAIN_UNKNOWN || found === REJECTED) return found;
  }
  return code;
}

function reasonOf(error: unknown): string {
  if (isObject(error) && typeof error['message'] === 'string') return harmless(error['message']);
  return typeof error === 'string' ? harmless(error) : 'it does not say why';
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
