/**
 * `npm run bench -- paths [--paths N] [--json FILE]`: Monte Carlo paths in doubles over 20 years of days (LingoPod), on one core and on
 * all, beside the exact simulation of one path in the same run. Ends with 1 when a path is further from the exact one than its bound.
 */
import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';

import { table } from '../../../src/cli/output/table.ts';
import { grouped } from '../../../src/protocol/tokens.ts';
import { drawPath } from '../../../src/simulation/monte-carlo/draw-path.ts';
import { runPaths, sampledEpochs } from '../../../src/simulation/monte-carlo/path-batch.ts';
import { logarithmOf, pathPlan } from '../../../src/simulation/monte-carlo/path-plan.ts';
import { pathQuantiles } from '../../../src/simulation/monte-carlo/quantiles.ts';
import { pathStates } from '../../../src/simulation/monte-carlo/random-words.ts';
import { epochsWithin, referencePrice } from '../../../src/simulation/simulate-preset.ts';
import { participationPath } from '../../../src/simulation/participation-paths.ts';
import { simulate } from '../../../src/simulation/simulate.ts';
import { runPathsApart } from '../../../src/store/run-paths-apart.ts';
import { apart, CHANCES, priceOf } from '../../../test/support/path-pair.ts';
import { presetOf } from '../../economics/simulated.ts';

/** One line of the result. */
export interface PathsRow {
  readonly what: string;
  readonly paths: number;
  readonly epochs: number;
  readonly cores: number;
  readonly seconds: number;
  readonly pathsPerSecondAndCore: number;
  /** How many times as fast as the exact simulation, for each path and core. */
  readonly ratio: number;
}

/** What was measured, and how far paths were from the exact ones, as parts of everything emitted: seen, and at most by derivation. */
export interface PathsMeasured {
  readonly rows: readonly PathsRow[];
  readonly seen: number;
  readonly bound: number;
  readonly ok: boolean;
}

/** Paths that are run exactly. */
const EXACT = 10;

/** Measures so many paths. */
export async function measurePaths(paths = 1000): Promise<PathsMeasured> {
  const { parameters } = presetOf('lingopod');
  const { economy } = parameters;
  const epochs = epochsWithin(parameters, 20);
  const rows: PathsRow[] = [];
  let exactPace = 0;
  const row = (what: string, count: number, cores: number, milliseconds: number): void => {
    const pace = (count * 1000) / milliseconds / cores;
    if (rows.length === 0) exactPace = pace;
    rows.push({
      ...{ what, paths: count, epochs, cores, seconds: milliseconds / 1000 },
      ...{ pathsPerSecondAndCore: pace, ratio: pace / exactPace },
    });
  };

  const begun = performance.now();
  const plan = pathPlan({ economy, epochs });
  const planned = performance.now() - begun;
  const middle = {
    people: Float64Array.from(participationPath({ from: 100, to: 10_000 }, epochs)),
    logPrice: new Float64Array(epochs).fill(logarithmOf(referencePrice(economy))),
    epochLength: economy.epochLength,
  };
  const drawn = pathStates(1, 0, EXACT).map((states) => {
    const path = { people: new Float64Array(epochs), logPrice: new Float64Array(epochs) };
    drawPath(middle, CHANCES, states, path);
    return path;
  });
  const compared = drawn.map((path) => apart(economy, plan, path));

  const worlds = drawn.map((path) => ({ people: [...path.people], prices: Array.from(path.logPrice, priceOf) }));
  const exactly = performance.now();
  for (const world of worlds) for (const _ of simulate(economy, world));
  row('exact, bigint', EXACT, 1, performance.now() - exactly);

  const task = { plan, middle, chances: CHANCES, seed: 1, sampled: sampledEpochs(epochs, 120) };
  const alone = performance.now();
  pathQuantiles([runPaths(task, 0, paths)], paths, task.sampled.length);
  row('doubles, quantiles included', paths, 1, performance.now() - alone + planned);
  const cores = availableParallelism();
  const together = performance.now();
  pathQuantiles(await runPathsApart(task, paths, cores), paths, task.sampled.length);
  row('doubles, threads and quantiles included', paths, cores, performance.now() - together + planned);

  return {
    rows,
    seen: Math.max(...compared.map(({ ofAll }) => ofAll)),
    bound: Math.max(...compared.map(({ relative }) => relative)),
    ok: compared.every(({ ofBound }) => ofBound <= 1),
  };
}

if (process.argv[1] === import.meta.filename) {
  const { values } = parseArgs({ options: { paths: { type: 'string', default: '1000' }, json: { type: 'string' } } });
  const measured = await measurePaths(Number(values.paths));
  const right = (title: string) => ({ title, align: 'right' }) as const;
  console.log(
    table(
      [{ title: 'simulation' }, ...['paths', 'epochs', 'cores', 'seconds', 'paths/s a core', 'of exact'].map(right)],
      measured.rows.map(({ what, paths, epochs, cores, seconds, pathsPerSecondAndCore, ratio }) => [
        what,
        ...[paths, epochs, cores].map(grouped),
        seconds.toFixed(2),
        pathsPerSecondAndCore.toFixed(1),
        `${ratio.toFixed(1)}×`,
      ]),
    ),
  );
  const { seen, bound, ok } = measured;
  console.log(
    `${EXACT} paths beside the exact code, as parts of everything emitted: ${seen.toExponential(1)} apart, at most ${bound.toExponential(1)} by derivation${ok ? '' : ': NOT within'}`,
  );
  if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(measured, null, 2)}\n`);
  process.exitCode = ok ? 0 : 1;
}
