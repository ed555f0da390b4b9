import { ProtocolError, RetryableError } from '../protocol/errors.ts';

/** What a node answered in place of a result. */
export interface NodeAnswer {
  readonly code: number;
  readonly message: string;
}

/** What a node, or the way to it, had against a request; nothing of the request itself stands in it. */
export type NodeFault =
  { readonly kind: 'funds' | 'reverted' } | { readonly kind: 'later'; readonly error: RetryableError };

/** What nodes say of a transaction, whatever their software: the first that fits counts. */
const SAYINGS: readonly (readonly [RegExp, (cause: unknown) => NodeFault])[] = [
  [
    /insufficient (?:funds|balance)|(?:doesn't|does not) have enough funds|base fee exceeds gas limit|exceeds allowance \(0\)/i,
    () => ({ kind: 'funds' }),
  ],
  [
    /nonce.*too low|nonce has already been used/i,
    later('NONCE_TAKEN', 'another transaction of this account took its place', 'see what it was, and run this again'),
  ],
  [
    /nonce.*too high/i,
    later(
      'NONCE_AHEAD',
      'an earlier transaction of this account is not known to the node',
      'run this again in a while',
    ),
  ],
  [
    /underpriced|fee too low|less than (?:the )?(?:block|pending) base ?fee|lower than (?:the )?block base fee/i,
    later('FEE_TOO_LOW', 'the fee offered is less than the node asks for', 'run this again in a while'),
  ],
  [
    /already known|already imported|known transaction/i,
    later(
      'TRANSACTION_PENDING',
      'this transaction is on its way already',
      'see what became of it before anything else',
    ),
  ],
  [
    /revert|vm exception|out of gas|invalid (?:opcode|jump)|stack (?:under|over)flow|gas required exceeds/i,
    () => ({ kind: 'reverted' }),
  ],
];

/** Codes of ethers that say the same of a transaction. */
const CODES: Readonly<Record<string, string>> = {
  INSUFFICIENT_FUNDS: 'insufficient funds',
  NONCE_EXPIRED: 'nonce too low',
  REPLACEMENT_UNDERPRICED: 'underpriced',
};

const NO_ANSWER = new Set(['NETWORK_ERROR', 'TIMEOUT', 'ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN']);

/** What browsers throw where nobody answers, or where the node does not permit the page to read what it says. */
const NOT_FETCHED = /^(?:Failed to fetch|NetworkError when attempting to fetch resource|Load failed|fetch failed)/;

/** What an error of ethers or Hardhat says of the node; null when it says nothing of it. */
export function nodeFault(error: unknown): NodeFault | null {
  if (!isObject(error) || error instanceof ProtocolError) return null;
  const code = typeof error['code'] === 'string' ? error['code'] : '';
  const answer = nodeAnswer(error, 4);
  const text = CODES[code] ?? answer?.message;
  if (text !== undefined) {
    const known = SAYINGS.find(([pattern]) => pattern.test(text));
    if (known !== undefined) return known[1](error);
  }
  if (answer !== null) return unavailable(`the node refuses: ${harmless(answer.message)} (${answer.code})`, error);
  if (code === 'CALL_EXCEPTION') return { kind: 'reverted' };
  if (error instanceof TypeError && NOT_FETCHED.test(error.message)) {
    return unavailable('the node does not answer, or does not permit this page to ask it', error);
  }
  if (NO_ANSWER.has(code)) return unavailable(`the node does not answer (${code})`, error);
  if (code === 'SERVER_ERROR') return unavailable(serverWords(error), error);
  if (code === 'BAD_DATA') return unavailable(`the node's answer is not what was asked for (${code})`, error);
  if (code === 'UNSUPPORTED_OPERATION' && isObject(error['info']) && 'response' in error['info']) {
    return unavailable('the node answers with something else than JSON', error);
  }
  return null;
}

/**
 * Text of others, as it may be shown: one line, short, without what was sent (a transaction, a call) and without addresses of
 * nodes, which can hold a key.
 */
export function harmless(text: string): string {
  const [line = ''] = text
    .replace(/0x[0-9a-f]{65,}/gi, (hex) => `0x… (${(hex.length - 2) >> 1} bytes)`)
    .replace(/\b[a-z]+:\/\/\S+/gi, 'its address')
    .trim()
    .split('\n');
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
}

function later(code: string, shortMessage: string, next: string): (cause: unknown) => NodeFault {
  return (cause) => ({ kind: 'later', error: new RetryableError({ code, shortMessage, details: { next }, cause }) });
}

function unavailable(shortMessage: string, cause: unknown): NodeFault {
  return { kind: 'later', error: new RetryableError({ code: 'NODE_UNAVAILABLE', shortMessage, cause }) };
}

/** The error of the node's JSON answer, wherever the layers in between put it. */
function nodeAnswer(error: unknown, depth: number): NodeAnswer | null {
  if (!isObject(error) || depth === 0) return null;
  const { code, message } = error;
  if (typeof code === 'number' && isAnswerCode(code) && typeof message === 'string') return { code, message };
  for (const key of ['error', 'info', 'cause']) {
    const found = nodeAnswer(error[key], depth - 1);
    if (found !== null) return found;
  }
  return null;
}

/** Those of JSON-RPC, of reverts, of HTTP, of wallets; other errors have small numbers. */
function isAnswerCode(code: number): boolean {
  return code < 0 || code === 3 || code >= 400;
}

function serverWords({ info }: Readonly<Record<string, unknown>>): string {
  const status = isObject(info) && typeof info['responseStatus'] === 'string' ? info['responseStatus'] : '';
  // Behind the last try ethers puts the status in parentheses.
  const [, number = '', words = ''] = /\((\d{3}) ([^;)]*)/.exec(status) ?? /^(\d{3}) (.*)/.exec(status) ?? [];
  if (number === '429') return `the node takes no more requests for now (429 ${harmless(words)})`;
  return number === '' ? 'the node does not answer (SERVER_ERROR)' : `the node answers ${number} ${harmless(words)}`;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
