import type { MonteCarlo, PathsAsked } from '../../simulation/monte-carlo/monte-carlo.ts';
import { monteCarloOf, pathTask } from '../../simulation/monte-carlo/monte-carlo.ts';
import { runPathsApart } from '../../store/run-paths-apart.ts';
import { optionFault } from '../errors.ts';
import type { SimulationRequest } from './run-simulation.ts';
import { simulationInputs } from './run-simulation.ts';

/** Reads the preset and the middle of all paths, draws the paths, runs them on all cores and sums them up. */
export async function runMonteCarlo(request: SimulationRequest, asked: PathsAsked, cwd: string): Promise<MonteCarlo> {
  if (request.price === 'random') {
    throw optionFault(
      '--price',
      request.price,
      'the middle of all paths when --paths is given: flat, crash, boom, a number or a file',
    );
  }
  const { setting, assumed } = await simulationInputs(request, cwd);
  const task = pathTask(setting, assumed, asked);
  const batches = await runPathsApart(task, asked.paths);
  return monteCarloOf(setting, assumed, asked, task, batches);
}
