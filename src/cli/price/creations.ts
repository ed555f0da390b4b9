import { AggregatorV3PriceSource__factory } from '../../../types/typechain/factories/contracts/reserve/AggregatorV3PriceSource__factory.ts';
import { MedianPriceSource__factory } from '../../../types/typechain/factories/contracts/reserve/MedianPriceSource__factory.ts';
import { IAggregatorV3__factory } from '../../../types/typechain/factories/contracts/reserve/interfaces/IAggregatorV3__factory.ts';
import { part, span } from '../../chain/governance/units.ts';
import { onChain } from '../../chain/revert-error.ts';
import type { Address } from '../../protocol/brands.ts';
import { InputError, ProtocolError, RetryableError } from '../../protocol/errors.ts';
import type { Session } from '../governance/session.ts';
import { moment } from '../../chain/moment.ts';
import { grouped } from '../../protocol/tokens.ts';
import type { Creation } from './create-source.ts';

export interface FeedRules {
  readonly feed: Address;
  /** In seconds. */
  readonly maxAge: number;
}

/**
 * An adapter of a feed, with what the feed says at present.
 *
 * @throws {InputError} `FEED_UNUSABLE` when it does not answer like a feed
 */
export async function feedCreation({ sender }: Session, { feed, maxAge }: FeedRules): Promise<Creation> {
  const asked = IAggregatorV3__factory.connect(feed, sender.provider);
  const [decimals, latest] = await orUnusable(feed, () => Promise.all([asked.decimals(), asked.latestRoundData()]));
  const [, answer, , updatedAt] = latest;
  const { data } = await new AggregatorV3PriceSource__factory().getDeployTransaction(feed, maxAge);
  const preview = [
    `the feed ${feed} says ${answer} (${decimals} decimals), since ${moment(Number(updatedAt))}\n`,
    `an answer counts for ${span(maxAge)}; compare its unit with that of the reserve's reference price\n`,
  ].join('');
  return { contract: 'AggregatorV3PriceSource', rules: { FEED: feed, MAX_AGE: maxAge }, preview, code: data };
}

async function orUnusable<Answer>(feed: Address, ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await onChain(ask);
  } catch (error) {
    // An address without code gives empty data, which looks like a node that does not answer.
    if (error instanceof RetryableError && !hasNoData(error)) throw error;
    if (!(error instanceof ProtocolError)) throw error;
    throw new InputError({
      code: 'FEED_UNUSABLE',
      shortMessage: `${feed} does not answer like a feed of the AggregatorV3 shape`,
      details: { feed, next: 'see that the feed is on this very chain' },
      cause: error,
    });
  }
}

function hasNoData({ cause }: RetryableError): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'BAD_DATA';
}

export interface MedianRules {
  readonly minReports: number;
  /** In seconds. */
  readonly maxAge: number;
  readonly interval: number;
  /** Wad. */
  readonly maxChange: bigint;
}

/** A median of reporters, who are named afterwards by whoever decides. */
export async function medianCreation(
  { connection }: Session,
  { minReports, maxAge, interval, maxChange }: MedianRules,
): Promise<Creation> {
  const { authority } = connection.addresses;
  const values = [authority, minReports, maxAge, interval, maxChange] as const;
  const { data } = await new MedianPriceSource__factory().getDeployTransaction(...values);
  const rules = { MIN_REPORTS: minReports, MAX_AGE: maxAge, INTERVAL: interval, MAX_CHANGE: maxChange, authority };
  const preview = [
    `a price takes ${grouped(minReports)} reports of the last ${span(maxAge)}; each reporter may report every ${span(interval)}, `,
    `by at most ${part(maxChange)} more than before\n`,
    `reporters are named by --set-reporter once it is the price source\n`,
  ].join('');
  return { contract: 'MedianPriceSource', rules, preview, code: data };
}
