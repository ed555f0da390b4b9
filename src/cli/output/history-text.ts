import type { PricedPayment } from '../../chain/payment-history.ts';
import { moment } from '../../chain/moment.ts';
import { mulDivDown, WAD } from '../../protocol/fixed-point.ts';
import { csv } from './csv.ts';
import { table } from './table.ts';
import { counted, tokens } from '../../protocol/tokens.ts';

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

/** Payments in words. */
export function historyText(payments: readonly ValuedPayment[], token: string): string {
  const right = (title: string) => ({ title, align: 'right' as const });
  const columns = [
    { title: 'date' },
    { title: 'account' },
    { title: 'from' },
    right('amount'),
    right('price'),
    right('value'),
  ];
  const rows = payments.map(({ time, account, kind, epoch, amount, price, value }) => [
    ...[moment(time), account, epoch === null ? kind : `${kind}, epoch ${epoch}`, tokens(amount, 6)],
    ...[price === null ? '-' : tokens(price.value, 6), value === null ? '-' : tokens(value, 2)],
  ]);
  const sum = payments.reduce((all, { amount }) => all + amount, 0n);
  const total = `${tokens(sum, 6)} ${token} in ${counted(payments.length, 'payment')}\n`;
  return payments.length === 0 ? 'nothing was paid in this time\n' : `${table(columns, rows)}\n${total}`;
}

/** Wei or a wad with a point and 18 places, ungrouped: what programs and spreadsheets read. */
function exact(amount: bigint): string {
  return tokens(amount, 18).replaceAll(',', '');
}
