import type { Endpoint } from '../../chain/agreement.ts';
import { askEach } from '../../chain/agreement.ts';
import type { Call } from '../../chain/calls.ts';
import { withMargin } from '../../chain/send.ts';
import type { Address } from '../../protocol/brands.ts';

/**
 * What a call of an account needs by the highest estimate of the endpoints, with room above it.
 *
 * @throws {RevertError} when one of them says that it would fail
 * @throws {RetryableError} when one of them does not answer
 */
export async function estimateGas(
  endpoints: readonly Endpoint[],
  from: Address,
  { to, data, value }: Call,
): Promise<bigint> {
  const estimates = await askEach(endpoints, ({ provider }) => provider.estimateGas({ from, to, data, value }));
  return withMargin(estimates.reduce((a, b) => (a > b ? a : b), 0n));
}
