import { moment } from '../../chain/moment.ts';
import type { ValuedPayment } from '../../claims/history-csv.ts';
import { counted, tokens } from '../../protocol/tokens.ts';
import { table } from './table.ts';

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
