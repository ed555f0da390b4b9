import type { TransactionRequest } from 'ethers';

import type { Endpoint } from '../../chain/agreement.ts';
import { askEach, EndpointsDisagreeError } from '../../chain/agreement.ts';
import { RetryableError } from '../../protocol/errors.ts';

/** What a transaction offers for a unit of gas, in wei. */
export interface Fees {
  /** At most, the tip included. */
  readonly price: bigint;
  /** Null: the chain knows no tips. */
  readonly tip: bigint | null;
}

/** How much more nodes are offered to take a transaction in the place of one that they have, in per cent; they ask for ten. */
const RAISE = 15n;
/** Fees are not raised above so many times what the market asks for. */
const MOST_TIMES = 10n;

/** Endpoints whose prices lie further apart than that many times do not look at the same market. */
const MOST_APART = 10n;

/**
 * The lowest fees that an endpoint asks for: a node that lies cannot make a transaction dear, nor so cheap that nobody takes it.
 *
 * @throws {EndpointsDisagreeError} `ENDPOINTS_DISAGREE` when their prices lie far apart
 * @throws {RetryableError} `FEES_UNKNOWN`, `NODE_UNAVAILABLE`
 */
export async function marketFees(endpoints: readonly Endpoint[]): Promise<Fees> {
  const given = await askEach(endpoints, ({ provider }) => provider.getFeeData());
  const fees = given.map(({ maxFeePerGas, maxPriorityFeePerGas, gasPrice }): Fees => {
    if (maxFeePerGas !== null && maxPriorityFeePerGas !== null)
      return { price: maxFeePerGas, tip: maxPriorityFeePerGas };
    if (gasPrice !== null) return { price: gasPrice, tip: null };
    throw new RetryableError({
      code: 'FEES_UNKNOWN',
      shortMessage: 'an endpoint does not say what a transaction costs',
    });
  });
  const prices = fees.map(({ price }) => price);
  const [price, highest] = [lowest(prices), prices.reduce((a, b) => (a > b ? a : b))];
  if (highest > price * MOST_APART) {
    const answers = endpoints.map(({ name }, index) => ({ endpoint: name, answer: fees[index] }));
    throw new EndpointsDisagreeError('what a transaction costs', answers);
  }
  const tips = fees.flatMap(({ tip }) => (tip === null ? [] : [tip]));
  const tip = tips.length < fees.length ? null : lowest(tips);
  return { price, tip: tip === null || tip < price ? tip : price };
}

/** `fees`, raised where nodes would otherwise keep the transaction that they have; bounded by the market. */
export function dearerThan(offered: { readonly price: string; readonly tip: string }, fees: Fees, market: Fees): Fees {
  const price = bounded(raised(BigInt(offered.price)), fees.price, market.price);
  if (fees.tip === null || market.tip === null) return { price, tip: null };
  // A tip of nothing raised by any part is still nothing.
  const tip = bounded(raised(BigInt(offered.tip)), fees.tip, market.tip > 0n ? market.tip : 1n);
  return { price, tip: tip < price ? tip : price };
}

/** Whether what the market asks for at present, without the room for what it may ask for later, is within what may be paid. */
export function isAffordable({ price, tip }: Fees, maxFeePerGas: bigint): boolean {
  // Twice the base fee and the tip: so ethers says it.
  return maxFeePerGas >= (tip === null ? price : (price - tip) / 2n + tip);
}

/** `fees`, and no more than may be paid for a unit of gas; null: there is no such bound. */
export function within({ price, tip }: Fees, maxFeePerGas: bigint | null): Fees {
  const most = maxFeePerGas === null || price < maxFeePerGas ? price : maxFeePerGas;
  return { price: most, tip: tip === null || tip < most ? tip : most };
}

/** Whether nodes take a transaction for `fees` in the place of one that was offered for less. */
export function replaces({ price, tip }: Fees, offered: { readonly price: string; readonly tip: string }): boolean {
  return price >= outbidding(offered.price) && (tip ?? price) >= outbidding(offered.tip);
}

/** As a transaction says it. */
export function overrides({
  price,
  tip,
}: Fees): Pick<TransactionRequest, 'type' | 'gasPrice' | 'maxFeePerGas' | 'maxPriorityFeePerGas'> {
  return tip === null ? { type: 0, gasPrice: price } : { type: 2, maxFeePerGas: price, maxPriorityFeePerGas: tip };
}

/** The least that nodes ask for in the place of this price. */
function outbidding(offered: string): bigint {
  return (BigInt(offered) * 110n + 99n) / 100n;
}

function raised(value: bigint): bigint {
  return value + (value * RAISE + 99n) / 100n;
}

function bounded(wanted: bigint, least: bigint, market: bigint): bigint {
  const most = market * MOST_TIMES;
  const value = wanted < most ? wanted : most;
  return value > least ? value : least;
}

function lowest(values: readonly bigint[]): bigint {
  return values.reduce((a, b) => (a < b ? a : b));
}
