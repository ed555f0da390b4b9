import { tokens } from '../../../src/protocol/tokens.ts';

const PLACES = 6;
const LEAST = 10n ** 12n;

/**
 * An amount of the chain's own coin, cut to six places.
 *
 * @example
 * coins(1_234_567_890_000_000n) // '0.001234'
 */
export function coins(wei: bigint): string {
  if (wei > 0n && wei < LEAST) return 'less than 0.000001';
  return tokens(wei, PLACES).replace(/\.?0+$/, '');
}
