import { sparkline } from '../output/sparkline.ts';
import { table } from '../output/table.ts';
import { grouped, tokens } from '../../protocol/tokens.ts';
import { inTokens } from './demo-chart.ts';
import type { DemoEpoch, DemoResult } from './result.ts';

const CHART_WIDTH = 64;

/** The end of the demo for people: what happened, the figures, what was checked, where to look next. */
export function summary(result: DemoResult): string {
  return [
    heading('Along the way'),
    ...result.events.map(({ epoch, text }) => `  epoch ${String(epoch).padStart(2)}  ${text}\n`),
    heading(`Every ${result.epochNoun} at a glance`),
    chartRows(result),
    heading(`The money (${result.symbol})`),
    money(result),
    heading('Top miners'),
    indented(miners(result)),
    heading('Gas'),
    indented(gas(result)),
    heading('Checked'),
    ...result.checks.map(({ claim, held, figures }) => `  ${held ? '✓' : '✗ FAILED:'} ${claim}: ${figures}\n`),
    heading('Look for yourself'),
    `  chart    ${result.files.chart}\n`,
    `  reports  ${result.files.reports}\n`,
    `  verify   npx lode verify ${result.files.reports}\n`,
    ...explainHint(result),
    `\n${verdict(result)}\n`,
  ].join('');
}

function heading(text: string): string {
  return `\n${text}\n`;
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}

function chartRows({ epochs, priceReference }: DemoResult): string {
  const row = (name: string, values: readonly number[], unit: string): string =>
    `  ${name.padEnd(13)}│${sparkline(values, CHART_WIDTH)}│ ${unit}\n`;
  const last = epochs.at(-1);
  const partOfBudget = (pick: (epoch: DemoEpoch) => bigint): number[] =>
    epochs.map((epoch) => (epoch.budget === 0n ? 0 : inTokens(pick(epoch)) / inTokens(epoch.budget)));
  const granted = partOfBudget((epoch) => epoch.granted);
  const withheld = partOfBudget((epoch) => epoch.withheld);
  const injected = partOfBudget((epoch) => epoch.injected);
  const highest = (values: readonly number[], digits: number): string => `up to ${Math.max(...values).toFixed(digits)}`;
  const people = epochs.map(({ participants }) => participants);
  const hasLaw = priceReference > 0n;
  const price = (): number[] => epochs.map((epoch) => Number((epoch.price * 1000n) / priceReference) / 1000);
  return [
    row('participants', people, `${highest(people, 0)} accounts`),
    ...(hasLaw ? [row('price', price(), `${highest(price(), 2)} × reference`)] : []),
    row('granted', granted, `${highest(granted, 2)} × budget`),
    row('withheld', withheld, `${highest(withheld, 2)} × budget`),
    row('injected', injected, `${highest(injected, 2)} × budget`),
    row(
      'reserve',
      epochs.map((epoch) => inTokens(epoch.reserve)),
      `now ${tokens(last?.reserve ?? 0n, 0)}`,
    ),
  ].join('');
}

function money({ totals }: DemoResult): string {
  const rows: readonly (readonly [string, bigint, string])[] = [
    ['supply', totals.supply, totals.genesis === 0n ? 'all of it emitted by the curve' : 'genesis and curve'],
    ...(totals.genesis === 0n ? [] : [['  genesis', totals.genesis, 'for units sold in advance'] as const]),
    ['granted', totals.granted, `to ${grouped(totals.accounts)} accounts`],
    ...(totals.foundation > 0n ? [['  foundation', totals.foundation, 'its part of what miners earned'] as const] : []),
    ['  unlocked', totals.unlocked, 'free to claim or claimed'],
    ['  claimed', totals.claimed, totals.foundation > 0n ? 'in their wallets' : 'in miners’ wallets'],
    ['reserve', totals.reserve, reserveNote(totals)],
  ];
  const width = Math.max(...rows.map(([, amount]) => tokens(amount).length));
  return rows
    .map(([name, amount, note]) => `  ${name.padEnd(14)}${tokens(amount).padStart(width)}  ${note}\n`)
    .join('');
}

function reserveNote({ withheld, injected, deposited }: DemoResult['totals']): string {
  const units = deposited === 0n ? '' : ` + unsold units ${tokens(deposited)}`;
  return `withheld ${tokens(withheld)} − injected ${tokens(injected)}${units}`;
}

function miners({ miners: list }: DemoResult): string {
  const columns = [
    { title: 'account' },
    { title: 'earned', align: 'right' },
    { title: 'unlocked', align: 'right' },
    { title: 'claimed', align: 'right' },
  ] as const;
  return table(
    columns,
    list.map(({ account, earned, unlocked, claimed }) => [account, tokens(earned), tokens(unlocked), tokens(claimed)]),
  );
}

function gas({ gas: figures }: DemoResult): string {
  const columns = [
    { title: 'step' },
    { title: 'times', align: 'right' },
    { title: 'lowest', align: 'right' },
    { title: 'median', align: 'right' },
    { title: 'highest', align: 'right' },
  ] as const;
  return table(
    columns,
    figures.map(({ step, count, lowest, median, highest }) => [step, ...[count, lowest, median, highest].map(grouped)]),
  );
}

function explainHint({ miners: [first], files, epochs }: DemoResult): string[] {
  const last = epochs.at(-1);
  if (first === undefined || last === undefined) return [];
  return [`  explain  npx lode explain --report ${files.reports} --account ${first.account} --epoch ${last.epoch}\n`];
}

function verdict({ held, checks, epochs, seconds }: DemoResult): string {
  const failed = checks.filter((check) => !check.held).length;
  return held
    ? `All ${checks.length} checks held over ${epochs.length} epochs, in ${Math.round(seconds)} s.`
    : `${failed} of ${checks.length} checks FAILED.`;
}
