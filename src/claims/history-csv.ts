import { moment } from '../chain/moment.ts';
import type { PricedPayment } from '../chain/payment-history.ts';
import { csv } from '../protocol/csv.ts';
import { mulDivDown, WAD } from '../protocol/fixed-point.ts';
import { tokens } from '../protocol/tokens.ts';

/** A payment, and what it was worth at the price of its time, wad; null where there was no price. */
export interface ValuedPayment extends PricedPayment {
  readonly value: bigint | null;
}

/** What each payment was worth; rounded down. */
export function valued(payments: readonly PricedPayment[]): readonly ValuedPayment[] {
  return payments.map((one) => ({
    ...one,
    value: one.price === null ? null : mulDivDown(one.amount, one.price.value, WAD),
  }));
}

const COLUMNS = [
  ...['date', 'kind', 'account', 'paid_to', 'epoch', 'amount', 'token', 'price', 'price_epoch', 'value'],
  ...['block', 'transaction', 'log_index'],
];

/** Payments as CSV: a line each, by time; amounts, prices and values with all their 18 places. */
export function historyCsv(payments: readonly ValuedPayment[], token: string): string {
  const rows = payments.map(
    ({ time, kind, account, recipient, epoch, amount, price, value, block, transaction, logIndex }) => [
      ...[moment(time), kind, account, recipient, epoch === null ? '' : String(epoch), exact(amount), token],
      ...[price === null ? '' : exact(price.value), price === null ? '' : String(price.epoch)],
      ...[value === null ? '' : exact(value), String(block), transaction, String(logIndex)],
    ],
  );
  return csv(COLUMNS, rows);
}

/** Wei or a wad with a point and 18 places, ungrouped: what programs and spreadsheets read. */
function exact(amount: bigint): string {
  return tokens(amount, 18).replaceAll(',', '');
}
