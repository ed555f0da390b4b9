/** `npm run check`: everything of `npm test` that runs no test. */
import { buildSteps, checkSteps } from './all-steps.ts';
import { runSteps } from './steps.ts';

const results = await runSteps([
  [checkSteps.beforeBuild, [buildSteps.contracts]],
  [checkSteps.afterBuild, [buildSteps.tests]],
]);
process.exitCode = results.every(({ ok }) => ok) ? 0 : 1;
