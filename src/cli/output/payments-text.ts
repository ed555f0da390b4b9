import type { Outcome } from '../../claims/payment-job.ts';
import type { Payments } from '../claims/pay.ts';
import { table } from './table.ts';
import { counted, grouped, tokens } from '../../protocol/tokens.ts';

const WORDS: Readonly<Record<Outcome['state'], string>> = {
  payable: 'can be paid',
  paid: 'paid',
  nothing: 'nothing to pay',
  refused: 'refused',
  unsent: 'not sent',
};

/** Places behind the point that people are shown; `--json` has all of them. */
const DIGITS = 6;

/** What became of payments, a line for each, and of the transactions with them. */
export function paymentsText({ sent, outcomes, transactions }: Payments, symbol: string): string {
  const hasLines = outcomes.some(({ line }) => line !== null);
  const columns = [
    ...(hasLines ? [{ title: 'line', align: 'right' as const }] : []),
    ...[{ title: 'account' }, { title: 'from' }, { title: 'amount', align: 'right' as const }, { title: 'to' }],
    ...[{ title: 'outcome' }],
  ];
  const rows = outcomes.map(({ line, account, kind, amount, to, state, reason }) => [
    ...(hasLines ? [String(line ?? '')] : []),
    ...[account ?? '-', kind, amount === null ? '-' : tokens(amount, DIGITS), to ?? '-'],
    reason === null ? WORDS[state] : `${WORDS[state]}: ${reason}`,
  ]);
  const total = outcomes.reduce((sum, { state, amount }) => sum + (state === 'nothing' ? 0n : (amount ?? 0n)), 0n);
  const lines = transactions.map(({ call, hash, block, gas, cost, payments }) => {
    const used = gas === null ? '' : `, ${grouped(gas)} gas`;
    const price = cost === null ? '' : `, ${tokens(cost, DIGITS)} of the native coin`;
    const where = hash === null ? 'not sent' : `${hash} in block ${grouped(block ?? 0)}`;
    return `  ${call} for ${counted(payments, 'claim')}: ${where}${used}${price}\n`;
  });
  return [
    `${table(columns, rows)}\n`,
    `${tokens(total, DIGITS)} ${symbol} ${sent ? 'paid' : 'would be paid'}, ${counted(transactions.length, 'transaction')}\n`,
    ...lines,
  ].join('');
}
