import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';

import type { Command } from 'commander';

import { InputError } from '../../protocol/errors.ts';
import type { CommandContext } from '../io.ts';
import { dateOption } from '../options/date.ts';
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
  readonly unitsSold?: number;
  readonly json?: true;
  readonly csv?: true;
  readonly svg?: true;
  readonly out?: string;
}

const MAX_SEED = 4_294_967_295;
const MAX_YEARS = 250;
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
    .option('--seed <n>', 'decides the random price', wholeNumberOption('--seed', 0, MAX_SEED), 1)
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
      const { runSimulation } = await import('../simulate/run-simulation.ts');
      const result = await runSimulation(flags, io.cwd);
      const text = await written(result, kinds[0]);
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

async function written(result: SimulationResult, kind: 'json' | 'csv' | 'svg' | undefined): Promise<string> {
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
