/** `npm run check`: everything of `npm test` that runs no test. */
import { buildSteps, checkSteps } from './all-steps.ts';
import { runSteps } from './steps.ts';

const results = await runSteps([
  [[buildSteps.contracts], checkSteps.beforeBuild],
  [[...checkSteps.afterBuild, buildSteps.page], [buildSteps.tests]],
]);
process.exitCode = results.every(({ ok }) => ok) ? 0 : 1;
