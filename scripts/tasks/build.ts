/** `npm run build`: compiles the contracts and generates their TypeScript bindings; a compiler warning is an error. */
import { buildSteps } from './all-steps.ts';
import { runSteps } from './steps.ts';

const results = await runSteps([buildSteps.contracts, buildSteps.tests]);
process.exitCode = results.every(({ ok }) => ok) ? 0 : 1;
