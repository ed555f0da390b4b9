import { newestTime } from '../../chain/newest-time.ts';
import { MedianPriceSource__factory } from '../../../types/typechain/factories/contracts/reserve/MedianPriceSource__factory.ts';
import { onChain } from '../../chain/revert-error.ts';
import type { Address } from '../../protocol/brands.ts';
import { parseAddress, ZERO_ADDRESS } from '../../protocol/brands.ts';
import { decimal } from '../../chain/governance/units.ts';
import { MissingError } from '../../protocol/errors.ts';
import type { Session } from '../governance/session.ts';
import type { Outgoing } from '../governance/submit.ts';
import { moment } from '../../chain/moment.ts';

/** A report that is to be sent. */
export interface Reporting {
  readonly outgoing: Outgoing;
  readonly source: Address;
  /** Null where the sender has none. */
  readonly seat: number | null;
  /** In wad; `before` is null where nothing was reported. */
  readonly price: bigint;
  readonly before: bigint | null;
}

/**
 * The call by which a reporter says what a token is worth, to the source that is asked in the present epoch or to a given one.
 *
 * @throws {MissingError} `PRICE_SOURCE_MISSING` when nobody is asked for a price
 */
export async function reporting(
  { connection, sender }: Session,
  { price, source: given }: { readonly price: bigint; readonly source: Address | undefined },
): Promise<Reporting> {
  const { provider } = connection;
  return await onChain(async () => {
    const source = given ?? (await sourceInOffice(connection));
    const median = MedianPriceSource__factory.connect(source, provider);
    const now = await newestTime(provider);
    const seats = Array.from({ length: Number(await median.SEATS()) }, (_, index) => index);
    let [seat, before]: [number | null, bigint | null] = [null, null];
    let since = '';
    for (const index of seats) {
      const reporter = await median.reporterOf(index);
      if (reporter === ZERO_ADDRESS || parseAddress(reporter) !== sender.account) continue;
      const [last, reportedAt] = await median.reportBefore(index, now + 1);
      [seat, before] = [index, last === 0n ? null : last];
      since = last === 0n ? ', nothing so far' : `, ${decimal(last)} since ${moment(Number(reportedAt))}`;
    }
    const who = seat === null ? `${sender.account ?? 'the sender'} has no seat` : `seat ${seat}${since}`;
    const preview = `${who}; now a token is worth ${decimal(price)}\n`;
    const calls = [{ to: source, data: median.interface.encodeFunctionData('report', [price]), value: 0n }];
    return {
      outgoing: { title: `report ${decimal(price)} to ${source}`, preview, calls },
      source,
      seat,
      price,
      before,
    };
  });
}

async function sourceInOffice({ contracts, provider }: Session['connection']): Promise<Address> {
  const { curve, reserve } = contracts;
  const now = await newestTime(provider);
  const epoch = Math.floor((now - Number(await curve.START())) / Number(await curve.EPOCH_LENGTH()));
  const source = parseAddress((await reserve.parametersAt(Math.max(0, epoch))).priceSource);
  if (source !== ZERO_ADDRESS) return source;
  throw new MissingError({
    code: 'PRICE_SOURCE_MISSING',
    shortMessage: 'nobody is asked for the price in the present epoch',
    details: { epoch, next: 'name the source with --source, or wait until the one that was voted for is asked' },
  });
}
