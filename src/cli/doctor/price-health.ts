import { moment } from '../../chain/moment.ts';
import type { Provider } from 'ethers';

import type { CheckCode } from '../../../deploy/checks/code.ts';
import { compareCode } from '../../../deploy/checks/code.ts';
import { AggregatorV3PriceSource__factory } from '../../../types/typechain/factories/contracts/reserve/AggregatorV3PriceSource__factory.ts';
import { MedianPriceSource__factory } from '../../../types/typechain/factories/contracts/reserve/MedianPriceSource__factory.ts';
import { IAggregatorV3__factory } from '../../../types/typechain/factories/contracts/reserve/interfaces/IAggregatorV3__factory.ts';
import { IPriceSource__factory } from '../../../types/typechain/factories/contracts/reserve/interfaces/IPriceSource__factory.ts';
import type { Contracts } from '../../chain/bindings.ts';
import { chainError, RevertError } from '../../chain/revert-error.ts';
import { ZERO_ADDRESS } from '../../protocol/brands.ts';
import type { FeedHealth, MedianHealth, PriceHealth, SeatHealth } from './diagnosis.ts';

export interface ExaminePrice {
  readonly contracts: Contracts;
  readonly provider: Provider;
  readonly compiled: CheckCode['compiled'];
  /** The epoch that runs, and the present moment, unix seconds. */
  readonly epoch: number;
  readonly time: number;
}

/** As much as the protocol itself gives a price source. */
const PRICE_READ_GAS = 1_500_000n;
/** A round's upper bits say in which phase of the feed it was answered. */
const PHASE_SHIFT = 64n;

/**
 * Asks the source as if an epoch ended now: what it leaves out as too old is not fresh. Of the two sources of this repository it
 * also says why, reporter by reporter, or by the feed's last round; they are known by their code, since any other could answer
 * anything.
 */
export async function examinePrice(request: ExaminePrice): Promise<PriceHealth> {
  const { contracts, provider, epoch, time } = request;
  const { priceSource } = await contracts.reserve.parametersAt(Math.max(0, epoch));
  const nobody = { source: null, price: null, kind: null, feed: null, median: null };
  if (priceSource === ZERO_ADDRESS) return nobody;
  const start = time - Number(await contracts.curve.EPOCH_LENGTH());
  const source = IPriceSource__factory.connect(priceSource, provider);
  const price = await answerOr(null, priceSource, provider, () =>
    source.priceOver(start, time, { gasLimit: PRICE_READ_GAS }),
  );
  const kind = await kindOf(priceSource, request);
  return {
    source: priceSource,
    price: price === 0n ? null : price,
    kind,
    feed: kind === 'AggregatorV3PriceSource' ? await examineFeed(priceSource, request) : null,
    median: kind === 'MedianPriceSource' ? await examineMedian(priceSource, request) : null,
  };
}

async function kindOf(address: string, { provider, compiled }: ExaminePrice): Promise<PriceHealth['kind']> {
  for (const kind of ['AggregatorV3PriceSource', 'MedianPriceSource'] as const) {
    const { hash, expected } = await compareCode({ provider, compiled }, kind, address);
    if (hash === expected) return kind;
  }
  return null;
}

async function examineFeed(address: string, { provider, time }: ExaminePrice): Promise<FeedHealth> {
  const source = AggregatorV3PriceSource__factory.connect(address, provider);
  const feed = await source.FEED();
  const asked = IAggregatorV3__factory.connect(feed, provider);
  const maxAge = Number(await source.MAX_AGE());
  const round = await answerOr(0n, feed, provider, () => source.roundBefore(time));
  const last = round === 0n ? null : await answerOr(null, feed, provider, () => asked.getRoundData(round));
  const newest = await answerOr(null, feed, provider, () => asked.latestRoundData());
  return {
    feed,
    updatedAt: last === null ? null : Number(last[3]),
    maxAge,
    phase: Number(await source.phase()),
    feedPhase: newest === null ? null : Number(newest[0] >> PHASE_SHIFT),
  };
}

async function examineMedian(address: string, { contracts, provider, time }: ExaminePrice): Promise<MedianHealth> {
  const source = MedianPriceSource__factory.connect(address, provider);
  const maxAge = Number(await source.MAX_AGE());
  const seats: SeatHealth[] = [];
  for (let seat = 0; seat < Number(await source.SEATS()); seat += 1) {
    const reporter = await source.reporterOf(seat);
    if (reporter === ZERO_ADDRESS) continue;
    const [price, reportedAt] = await source.reportBefore(seat, time);
    const isFresh = price !== 0n && time - Number(reportedAt) <= maxAge;
    seats.push({
      seat,
      reporter,
      price: price === 0n ? null : price,
      reportedAt: price === 0n ? null : Number(reportedAt),
      isFresh,
    });
  }
  const authority = await source.authority();
  const isOurs = authority.toLowerCase() === (await contracts.authority.getAddress()).toLowerCase();
  return { needed: Number(await source.MIN_REPORTS()), maxAge, seats, authority: isOurs ? null : authority };
}

/** What a foreign contract answers, or `fallback` when it is at fault; a node that does not answer is another matter. */
async function answerOr<Answer>(
  fallback: Answer,
  address: string,
  provider: Provider,
  ask: () => Promise<Answer>,
): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    const known = chainError(error);
    // No code there gives empty data, which ethers calls bad.
    if (known instanceof RevertError || (await provider.getCode(address)) === '0x') return fallback;
    throw known;
  }
}

/** What somebody should look at of a price. */
export function attentionToPrice({ source, price, kind, feed, median }: PriceHealth, time: number): string[] {
  if (source === null) return [];
  const lines: string[] = [];
  if (price === null) lines.push('the price source has no fresh price: epochs that end now are neutral');
  if (kind === null) lines.push(`the price source ${source} is no contract of this repository; read its code`);
  if (feed !== null) {
    const { updatedAt, maxAge, phase, feedPhase } = feed;
    if (updatedAt === null) lines.push(`the feed ${feed.feed} has no round that the source can use`);
    else if (time - updatedAt > maxAge)
      lines.push(`the feed ${feed.feed} is stale: its last round is from ${moment(updatedAt)}, ${ageBound(maxAge)}`);
    if (feedPhase === null) lines.push(`the feed ${feed.feed} does not answer`);
    else if (feedPhase > phase)
      lines.push(`the feed is in phase ${feedPhase}, the source knows ${phase}: anyone may call observePhase()`);
  }
  if (median !== null) {
    const { needed, maxAge, seats, authority } = median;
    const fresh = seats.filter(({ isFresh }) => isFresh).length;
    for (const { seat, reporter, reportedAt, isFresh } of seats) {
      if (isFresh) continue;
      const last = reportedAt === null ? 'has reported nothing' : `last reported at ${moment(reportedAt)}`;
      lines.push(`stale: the reporter on seat ${seat}, ${reporter}, ${last}, ${ageBound(maxAge)}`);
    }
    if (fresh === needed)
      lines.push(`${fresh} reporters are fresh and ${needed} are needed: one more silent, and no price`);
    if (authority !== null) lines.push(`reporters are named by ${authority}, which is not this deployment's authority`);
  }
  return lines;
}

function ageBound(seconds: number): string {
  return `and ${Math.floor(seconds / 3_600)} hours are allowed`;
}
