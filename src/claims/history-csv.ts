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

/** What an epoch gave an account. */
export interface EpochGrant {
  /** Unix seconds. */
  readonly start: number;
  readonly end: number;
  /** In wei. */
  readonly granted: bigint;
  /** All that it was granted up to the epoch's end, in wei. */
  readonly total: bigint;
}

/** An epoch, and what it gave an account; null where that is not known. */
export interface KnownEpoch {
  readonly epoch: number;
  readonly grant: EpochGrant | null;
}

const EPOCH_COLUMNS = ['account', 'epoch', 'start', 'end', 'granted', 'total', 'token'];

/** What epochs gave an account as CSV, a line each; what is not known is left empty, which nobody takes for nothing. */
export function epochsCsv(account: string, epochs: readonly KnownEpoch[], token: string): string {
  const rows = epochs.map(({ epoch, grant }) => {
    const known =
      grant === null
        ? ['', '', '', '']
        : [moment(grant.start), moment(grant.end), exact(grant.granted), exact(grant.total)];
    return [account, String(epoch), ...known, token];
  });
  return csv(EPOCH_COLUMNS, rows);
}

/** Wei or a wad with a point and 18 places, ungrouped: what programs and spreadsheets read. */
function exact(amount: bigint): string {
  return tokens(amount, 18).replaceAll(',', '');
}
