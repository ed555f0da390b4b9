import { tokens } from '../../../src/protocol/tokens.ts';

/**
 * Wei as tokens, grouped and cut to two places; of what is less it says so, since nobody should take it for nothing.
 *
 * @example
 * tokenText(1n) // '< 0.01'
 */
export function tokenText(wei: bigint): string {
  const text = tokens(wei);
  return wei === 0n || /[1-9]/.test(text) ? text : '< 0.01';
}
