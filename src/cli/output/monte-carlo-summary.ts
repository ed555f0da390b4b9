import { counted, grouped } from '../../protocol/tokens.ts';
import type { MonteCarlo } from '../../simulation/monte-carlo/monte-carlo.ts';
import { FLOATS_NOTE } from '../../simulation/monte-carlo/monte-carlo.ts';
import type { Figure } from '../../simulation/monte-carlo/run-path.ts';
import { ASSUMPTION } from '../../simulation/simulate.ts';
import { durationWords } from '../../simulation/readable-periods.ts';
import { table } from './table.ts';

/** More rows than this are no table that anybody reads. */
const MAX_ROWS = 20;

const TITLES: readonly (readonly [Figure, string])[] = [
  ['people', 'People'],
  ['price', 'Price'],
  ['granted', 'Granted in the epoch'],
  ['withheld', 'Withheld in the epoch'],
  ['injected', 'Given back from the reserve in the epoch'],
  ['valuePerMiner', 'What a miner’s epoch is worth (amount × price)'],
  ['reserve', 'Reserve'],
  ['circulating', 'Circulating'],
  ['locked', 'Granted, still locked'],
];

/** Many paths for people: for each figure the quantiles over time, then what whole paths came to. */
export function monteCarloSummary(result: MonteCarlo): string {
  const { preset, parameters, asked, samples, quantiles, epochs } = result;
  const name = preset.variant === undefined ? preset.name : `${preset.name} (${preset.variant})`;
  const every = Math.ceil(samples.length / MAX_ROWS);
  const shown = samples.flatMap((sample, at) => ((samples.length - 1 - at) % every === 0 ? [{ ...sample, at }] : []));
  const right = (title: string) => ({ title, align: 'right' }) as const;
  const columns = [right('epoch'), { title: 'end' }, ...['5 %', '25 %', 'median', '75 %', '95 %'].map(right)];
  return [
    `${name}: ${counted(asked.paths, 'path')} of ${counted(epochs, 'epoch')} of ${durationWords(parameters.economy.epochLength)}, seed ${asked.seed}, amounts in ${preset.token.symbol}\n`,
    `  ${FLOATS_NOTE}\n`,
    `  each path is within ${asText(result.relativeError)} of the exact simulation of it, as a part of everything emitted\n\n`,
    `  people   ${result.people}, times a walk of ${per(asked.crowdVolatility)} a year; ${asText(asked.shocks)} sudden losses of half of them a year\n`,
    `  price    ${result.price}, times a walk of ${per(asked.volatility)} a year, drift ${per(asked.drift)}\n`,
    ...(result.unitsSold === null ? [] : [`  units    ${grouped(result.unitsSold)} of the pool's units are sold\n`]),
    `  assumed  ${ASSUMPTION}\n`,
    ...TITLES.map(([figure, title]) => {
      const rows = shown.map(({ epoch, end, at }) => [
        `${epoch}`,
        new Date(end * 1000).toISOString().slice(0, 10),
        ...(quantiles.figures[figure][at] ?? []).map(asText),
      ]);
      return `\n${title}\n${table(columns, rows)}`;
    }),
    '\nWhole paths\n',
    table(
      [{ title: '' }, ...columns.slice(2)],
      [
        ['withheld, of everything emitted', ...quantiles.withheldShare.map(per)],
        ['years in which the reserve held less than an epoch’s budget', ...quantiles.dryYears.map(asText)],
      ],
    ),
  ].join('');
}

function per(part: number): string {
  return `${(part * 100).toFixed(1)} %`;
}

/** An estimate with the digits that mean something. */
function asText(value: number): string {
  if (value !== 0 && Math.abs(value) < 1e-6) return value.toExponential(1);
  if (Math.abs(value) >= 1000) return grouped(value.toFixed(0));
  return String(Number(value.toPrecision(4)));
}
