import { z } from 'zod';

import { amount, count } from '../../settlement/report/report-fields.ts';
import { table } from './table.ts';
import { counted, grouped, tokens } from '../../protocol/tokens.ts';
import { unpaidLedger } from './unpaid-ledger.ts';

const counts = z.object({ read: count, accepted: count, duplicates: count, rejected: count, outOfRange: count });
const schema = z.object({
  preset: z.object({ name: z.string(), variant: z.string().nullable() }),
  epochs: z.array(
    z.object({
      epoch: count,
      start: count,
      end: count,
      budget: amount,
      granted: amount,
      withheld: amount,
      injected: amount,
      reserve: amount,
      participants: count,
      root: z.string(),
    }),
  ),
  accounts: z.array(z.unknown()),
  totalBudget: amount,
  totalGranted: amount,
  reserve: amount,
  counts: z.record(z.string(), counts),
});

type Row = z.output<typeof schema>['epochs'][number];

const SHOWN = 10;

/** A replay for people: the sums, what became of the ledger's rows, and the last epochs. */
export function replaySummary(json: Uint8Array, folder: string): string {
  const document = schema.parse(JSON.parse(new TextDecoder().decode(json)));
  const { preset, epochs, accounts, totalBudget, totalGranted, reserve } = document;
  const name = preset.variant === null ? preset.name : `${preset.name} (${preset.variant})`;
  const unpaid = unpaidLedger(json);
  const shown = epochs.slice(-SHOWN);
  const title = shown.length < epochs.length ? `The last ${counted(shown.length, 'epoch')}` : 'Epochs';
  return [
    `${name}: ${counted(epochs.length, 'epoch')}, ${day(epochs[0]?.start)} to ${day(epochs.at(-1)?.end)}\n\n`,
    `  budget   ${tokens(totalBudget).padStart(22)}\n`,
    `  granted  ${tokens(totalGranted).padStart(22)}  to ${counted(accounts.length, 'account')}\n`,
    `  reserve  ${tokens(reserve).padStart(22)}  what was withheld and not yet given back\n\n`,
    'Rows\n',
    rowCounts(document.counts),
    unpaid === null ? '' : `\n  ${unpaid}\n`,
    `\n${title}\n`,
    epochTable(shown),
    `\nreports in ${folder}; every row that does not count, and why, in ${folder}/rejects.json\n`,
  ].join('');
}

function rowCounts(byKind: z.output<typeof schema>['counts']): string {
  const columns = ['read', 'counted', 'duplicates', 'rejected', 'out of range'].map(
    (title) => ({ title, align: 'right' }) as const,
  );
  const rows = Object.entries(byKind)
    .filter(([, { read }]) => read > 0)
    .map(([kind, figures]) => {
      const { read, accepted, duplicates, rejected, outOfRange } = figures;
      return [kind, ...[read, accepted, duplicates, rejected, outOfRange].map(grouped)];
    });
  return table([{ title: 'file' }, ...columns], rows);
}

function epochTable(rows: readonly Row[]): string {
  const right = (title: string) => ({ title, align: 'right' }) as const;
  const columns = [
    right('epoch'),
    { title: 'starts' },
    right('people'),
    right('budget'),
    right('granted'),
    right('withheld'),
    right('injected'),
    { title: 'root' },
  ];
  return table(
    columns,
    rows.map(({ epoch, start, participants, budget, granted, withheld, injected, root }) => [
      `${epoch}`,
      day(start),
      grouped(participants),
      ...[budget, granted, withheld, injected].map((wei) => tokens(wei)),
      `${root.slice(0, 10)}…`,
    ]),
  );
}

function day(time: number | undefined): string {
  return time === undefined ? '' : new Date(time * 1000).toISOString().slice(0, 10);
}
