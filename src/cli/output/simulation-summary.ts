import type { EconomyParameters } from '../../settlement/economy-parameters.ts';
import type { Period } from '../../simulation/periods.ts';
import { ASSUMPTION } from '../../simulation/simulate.ts';
import type { Simulation, Steadiness } from '../../simulation/simulate-preset.ts';
import { durationWords, readablePeriods } from '../../simulation/readable-periods.ts';
import type { SimulationResult } from '../../simulation/simulation-result.ts';
import { table } from './table.ts';
import { counted, grouped, percent, tokens } from '../../protocol/tokens.ts';

const WAD = 10n ** 18n;

/** A simulation for people: the periods, the phases, the reserve, the supply at the end. */
export function simulationSummary(result: SimulationResult): string {
  const { preset, parameters, simulation } = result;
  const { epochs, totals, supply, phases, steadiness } = simulation;
  const { economy } = parameters;
  const name = preset.variant === undefined ? preset.name : `${preset.name} (${preset.variant})`;
  const length = durationWords(economy.epochLength);
  const { rows, title, note } = readablePeriods(economy, epochs, simulation.unit);
  return [
    `${name}: ${counted(epochs.length, 'epoch')} of ${length}, ${day(epochs[0]?.start)} to ${day(epochs.at(-1)?.end)}, amounts in ${preset.token.symbol}\n\n`,
    `  start    ${day(economy.start)}, ${START_WORDS[result.startFrom]}\n`,
    `  people   ${result.people}\n`,
    `  price    ${result.price}\n`,
    ...(result.unitsSold === null ? [] : [`  units    ${grouped(result.unitsSold)} of the pool's units are sold\n`]),
    `  assumed  ${ASSUMPTION}\n\n`,
    `${note}\n`,
    periodTable(title, rows),
    acrossBorders(economy, rows) ? acrossWords(title) : '',
    '\nWhat the curve emits\n',
    amountTable(phases.map((phase) => [phase.name, phase.total])),
    '\nReserve\n',
    amountTable([
      ['withheld from miners', totals.in],
      ['paid in by pools', totals.deposited],
      ['given back to miners', totals.out],
      ['left at the end', totals.balance],
    ]),
    `  ${percent(share(totals.balance, totals.emission + totals.deposited))} of everything emitted and paid in\n`,
    '\nSupply at the end\n',
    amountTable([
      ['circulating', supply.circulating],
      ['granted, still locked', supply.locked],
      ['in the reserve', supply.reserve],
      ['in pools', supply.pools],
      ['minted in all', supply.minted],
    ]),
    unpaidWords(simulation.unpaidBecause),
    steadiness === null
      ? '\nThis preset has no law of participation and price: the reserve holds only what nobody earned.\n'
      : steadinessTable(steadiness),
  ].join('');
}

const START_WORDS = {
  option: 'as asked for',
  preset: "the preset's own date (`start.date`)",
  default: 'since neither --from nor the preset names a day',
} as const;

/** Whether an epoch runs over the border of two periods: then what periods emit and what their epochs grant differ. */
function acrossBorders({ start, epochLength }: EconomyParameters, periods: readonly Period[]): boolean {
  return periods.some(({ end }) => (end - start) % epochLength !== 0);
}

function acrossWords(title: string): string {
  return (
    `  Emission follows the curve to the second; granted and the reserve are sums of whole epochs, each in the ${title} in which\n` +
    `  it begins. So a ${title} can grant more than it emits, and another one less; over the whole curve that evens out.\n`
  );
}

const UNPAID = {
  law: "the law's factor was 0 or below",
  empty: 'the curve emits nothing any more and nothing comes back from the reserve',
  rounding: 'what there was comes to less than a wei for each of them',
} as const;

function unpaidWords(because: Simulation['unpaidBecause']): string {
  return (['law', 'empty', 'rounding'] as const)
    .filter((cause) => because[cause] > 0)
    .map((cause) => `\n${counted(because[cause], 'epoch')} paid nothing although people took part: ${UNPAID[cause]}.\n`)
    .join('');
}

function periodTable(title: string, periods: readonly Period[]): string {
  const right = (text: string) => ({ title: text, align: 'right' }) as const;
  const columns = [
    right(title),
    { title: 'from' },
    ...['emission', 'cumulative', 'granted', 'to reserve', 'from reserve', 'reserve', 'locked'].map(right),
    ...['people', 'a miner’s epoch', 'worth'].map(right),
  ];
  return table(
    columns,
    periods.map((period) => [
      `${period.index}`,
      day(period.start),
      ...[
        period.emission,
        period.cumulative,
        period.granted,
        period.withheld + period.deposited,
        period.injected,
        period.reserve,
        period.locked,
      ].map((wei) => tokens(wei, 0)),
      grouped(period.people),
      figure(period.perMiner),
      figure(period.valuePerMiner),
    ]),
  );
}

/** Small amounts with as many decimals as it takes to see something. */
function figure(wad: bigint): string {
  return tokens(wad, wad >= 100n * WAD ? 0 : wad >= WAD / 10n ? 2 : 6);
}

function amountTable(rows: readonly (readonly [string, bigint])[]): string {
  const wide = Math.max(...rows.map(([words]) => words.length));
  return rows.map(([words, wei]) => `  ${words.padEnd(wide)}  ${tokens(wei, 0).padStart(18)}\n`).join('');
}

function steadinessTable({ withReserve, without }: Steadiness): string {
  const row = (words: string, pick: (of: Steadiness['without']) => number): string[] => [
    words,
    `${(pick(withReserve) * 100).toFixed(1)} %`,
    `${(pick(without) * 100).toFixed(1)} %`,
  ];
  const columns = [
    { title: 'What an epoch’s rewards are worth' },
    { title: 'with the reserve', align: 'right' },
    { title: 'without', align: 'right' },
  ] as const;
  return `\n${table(columns, [
    row('variation (standard deviation ÷ mean)', ({ coefficient }) => coefficient),
    row('deepest fall from a highest value', ({ drawdown }) => drawdown),
  ])}`;
}

function share(part: bigint, whole: bigint): bigint {
  return whole === 0n ? 0n : (part * WAD) / whole;
}

function day(time: number | undefined): string {
  return time === undefined ? '' : new Date(time * 1000).toISOString().slice(0, 10);
}
