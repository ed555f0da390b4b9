import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';

import type { Command } from 'commander';

import { InputError } from '../../protocol/errors.ts';
import type { CommandContext } from '../io.ts';
import { optionMissing } from '../errors.ts';
import { dateOption } from '../options/date.ts';
import { rateOption } from '../options/rate.ts';
import { wholeNumberOption } from '../options/whole-number.ts';
import { jsonDocument } from '../output/json-document.ts';
import type { SimulationResult } from '../../simulation/simulation-result.ts';

interface SimulateFlags {
  readonly preset: string;
  readonly variant?: string;
  readonly from?: number;
  readonly years?: number;
  readonly participants: string;
  readonly price: string;
  readonly seed: number;
  readonly paths?: number;
  readonly volatility?: number;
  readonly drift?: number;
  readonly crowdVolatility?: number;
  readonly shocks?: number;
  readonly unitsSold?: number;
  readonly json?: true;
  readonly csv?: true;
  readonly svg?: true;
  readonly out?: string;
}

const MAX_SEED = 4_294_967_295;
const MAX_YEARS = 250;
/** Ten times a year is more than any market moves. */
const MAX_RATE = 10;
/** The figures of as many paths take 90 MB. */
const MAX_PATHS = 10_000;
const DESCRIPTION =
  'Runs a preset over its whole curve, or longer, with an assumed crowd and price: what is emitted, granted, withheld and given back, released and locked, and what a miner earns. The arithmetic is that of the contracts, to the wei.';

/** `lode simulate`: an economy over decades, in a second. */
export function addSimulate(program: Command, { io }: CommandContext): void {
  program
    .command('simulate')
    .summary('show what a preset does over years')
    .description(DESCRIPTION)
    .requiredOption('--preset <name-or-file>', 'a preset that comes with lode, or a file of your own')
    .option('--variant <name>', "a variant of the preset's file")
    .option(
      '--from <date>',
      "when epoch 0 begins, in UTC; without it the day that the preset's `start.date` names, else 2026-01-01",
      dateOption('--from'),
    )
    .option('--years <n>', 'calendar years; without it the whole curve', wholeNumberOption('--years', 1, MAX_YEARS))
    .option('--participants <people>', 'people in each epoch: 500, 100:10000 or a file', '500')
    .option('--price <price>', 'flat, crash, boom, random, a number or a file', 'flat')
    .option('--seed <n>', 'decides what is drawn by chance', wholeNumberOption('--seed', 0, MAX_SEED), 1)
    .option(
      '--paths <n>',
      'draw so many paths of price and crowd, and give quantiles; estimates in floating point',
      wholeNumberOption('--paths', 1, MAX_PATHS),
    )
    .option(
      '--volatility <part>',
      'of the price, a year, with --paths; 80% when not given',
      rateOption('--volatility', 0, MAX_RATE),
    )
    .option(
      '--drift <part>',
      "what a year adds to the price's logarithm, with --paths; 0 when not given",
      rateOption('--drift', -MAX_RATE, MAX_RATE),
    )
    .option(
      '--crowd-volatility <part>',
      'of the number of people, a year, with --paths; 40% when not given',
      rateOption('--crowd-volatility', 0, MAX_RATE),
    )
    .option(
      '--shocks <n>',
      'sudden losses of half of the people, a year, with --paths; 0.2 when not given',
      rateOption('--shocks', 0, MAX_RATE),
    )
    .option(
      '--units-sold <n>',
      "units of the preset's pool that are sold; without it all",
      wholeNumberOption('--units-sold', 0, 1e12),
    )
    .option('--json', 'print one JSON document on stdout')
    .option('--csv', 'print a line for each epoch')
    .option('--svg', 'draw a chart')
    .option('--out <file>', 'write there instead of on stdout')
    .action(async (flags: SimulateFlags) => {
      const kinds = (['json', 'csv', 'svg'] as const).filter((kind) => flags[kind] === true);
      if (kinds.length > 1) throw notTogether(kinds.map((kind) => `--${kind}`));
      const text = await (flags.paths === undefined
        ? simulated(flags, kinds[0], io.cwd)
        : drawn(flags, flags.paths, kinds[0], io.cwd));
      if (flags.out === undefined) {
        io.out(text);
        return;
      }
      await writeFile(resolve(io.cwd, flags.out), text);
      io.err(`written to ${flags.out}\n`);
    });
}

function notTogether(given: readonly string[]): InputError {
  return new InputError({
    code: 'OPTION_INVALID',
    shortMessage: `${given.join(' and ')} cannot be given together`,
    details: {
      given,
      expected: 'one of --json, --csv and --svg, or none of them',
      next: 'leave out all but one of them',
    },
  });
}

type Kind = 'json' | 'csv' | 'svg' | undefined;

async function simulated(flags: SimulateFlags, kind: Kind, cwd: string): Promise<string> {
  const alone = (['volatility', 'drift', 'crowdVolatility', 'shocks'] as const).some(
    (name) => flags[name] !== undefined,
  );
  if (alone) {
    throw optionMissing(
      '--paths',
      'how many paths are drawn, which --volatility, --drift, --crowd-volatility and --shocks describe',
    );
  }
  const { runSimulation } = await import('../simulate/run-simulation.ts');
  return await written(await runSimulation(flags, cwd), kind);
}

async function drawn(flags: SimulateFlags, paths: number, kind: Kind, cwd: string): Promise<string> {
  const { runMonteCarlo } = await import('../simulate/run-monte-carlo.ts');
  const { seed, volatility = 0.8, drift = 0, crowdVolatility = 0.4, shocks = 0.2 } = flags;
  const result = await runMonteCarlo(flags, { paths, seed, volatility, drift, crowdVolatility, shocks }, cwd);
  switch (kind) {
    case 'json': {
      const { monteCarloDocument } = await import('../../simulation/monte-carlo/monte-carlo-json.ts');
      return jsonDocument(monteCarloDocument(result));
    }
    case 'csv': {
      const { monteCarloCsv } = await import('../../simulation/monte-carlo/monte-carlo-csv.ts');
      return monteCarloCsv(result);
    }
    case 'svg': {
      const { monteCarloChart } = await import('../../simulation/monte-carlo/monte-carlo-chart.ts');
      const { svgChart } = await import('../../simulation/chart/svg-chart.ts');
      return svgChart(monteCarloChart(result));
    }
    case undefined: {
      const { monteCarloSummary } = await import('../output/monte-carlo-summary.ts');
      return monteCarloSummary(result);
    }
  }
}

async function written(result: SimulationResult, kind: Kind): Promise<string> {
  switch (kind) {
    case 'json': {
      const { simulationDocument } = await import('../../simulation/simulation-json.ts');
      return jsonDocument(simulationDocument(result));
    }
    case 'csv': {
      const { simulationCsv } = await import('../../simulation/simulation-csv.ts');
      return simulationCsv(result.simulation.epochs);
    }
    case 'svg': {
      const { simulationChart } = await import('../../simulation/simulation-chart.ts');
      const { svgChart } = await import('../../simulation/chart/svg-chart.ts');
      return svgChart(simulationChart(result));
    }
    case undefined: {
      const { simulationSummary } = await import('../output/simulation-summary.ts');
      return simulationSummary(result);
    }
  }
}
