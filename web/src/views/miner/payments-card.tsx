import { useQuery } from '@tanstack/react-query';

import { agreed } from '../../../../src/chain/agreement.ts';
import { readPaymentHistory } from '../../../../src/chain/payment-history.ts';
import { historyCsv, valued, type ValuedPayment } from '../../../../src/claims/history-csv.ts';
import type { Address } from '../../../../src/protocol/brands.ts';
import { tokens } from '../../../../src/protocol/tokens.ts';
import { useDeployment } from '../../data/deployment-context.ts';
import { useHead } from '../../data/use-head.ts';
import { download } from '../../format/download.ts';
import { utc } from '../../format/moment.ts';
import { Short } from '../../ui/address.tsx';
import { Amount } from '../../ui/amount.tsx';
import { Card } from '../../ui/card.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { QueryProblem } from '../../ui/query-problem.tsx';
import { Waiting } from '../../ui/waiting.tsx';

interface PaymentsCardProps {
  readonly account: Address;
  /** All that it was paid of rewards and of units: the list is read anew when that changes. */
  readonly paid: readonly [rewards: bigint, units: bigint];
}

/** What the account was paid, as the command line lists it, and as CSV. */
export function PaymentsCard({ account, paid }: PaymentsCardProps) {
  const { endpoints, symbol } = useDeployment();
  const { data: block } = useHead();
  const query = useQuery({
    queryKey: ['payments', account, ...paid.map(String)],
    queryFn: async () => {
      if (block === undefined) throw new TypeError('no block');
      const all = await agreed(
        endpoints,
        'what the account was paid',
        async (one) => await readPaymentHistory(one, [account], block.number),
      );
      return valued(all).toReversed();
    },
    enabled: block !== undefined,
  });
  const payments = query.data;
  return (
    <Card
      title="Payments"
      about="Every payment, from the events of the contracts; that none is missing is held against what they keep. Price and value are those of the last epoch that was closed before."
      aside={
        payments === undefined || payments.length === 0 ? null : (
          <button
            type="button"
            className="button quiet small"
            onClick={() => download(`payments-${account}.csv`, historyCsv(payments.toReversed(), symbol), 'text/csv')}
          >
            Save as CSV
          </button>
        )
      }
    >
      <QueryProblem query={query} />
      {query.isPending ? <Waiting what="Reading the payments" /> : null}
      {payments?.length === 0 ? <p>Nothing was paid to this address yet.</p> : null}
      {payments === undefined || payments.length === 0 ? null : <PaymentTable payments={payments} />}
    </Card>
  );
}

function PaymentTable({ payments }: { readonly payments: readonly ValuedPayment[] }) {
  return (
    <DataTable
      caption="Payments"
      columns={[
        { title: 'Date' },
        { title: 'For' },
        { title: 'Amount', isNumber: true },
        { title: 'Paid to' },
        { title: 'Price', isNumber: true },
        { title: 'Value', isNumber: true },
        { title: 'Transaction' },
      ]}
      rows={payments.map(({ transaction, time, kind, epoch, amount, recipient, price, value }) => [
        utc(time),
        epoch === null ? kind : `${kind}s up to epoch ${epoch}`,
        <Amount wei={amount} />,
        <Short text={recipient} />,
        price === null ? 'no price' : tokens(price.value, 6),
        value === null ? 'no price' : tokens(value, 2),
        <Short text={transaction} what="transaction hash" />,
      ])}
      keys={payments.map(({ transaction, logIndex }) => `${transaction} ${logIndex}`)}
      isNamed={false}
    />
  );
}
