/**
 * `npm test`: checks, compilation, Solidity tests, mocha tests; the last line is `N passed, N failed`.
 *
 * `--deep` (`npm run test:deep`) is the same code at full counts and with a new seed each time, and fetches the engine for the tests against
 * ClickHouse (`npm run test:clickhouse`), which are otherwise run where it is there. LODE_SEED repeats a run.
 */
import { randomBytes } from 'node:crypto';

import { enginePackages } from '../clickhouse/engine-folder.ts';
import { buildSteps, checkSteps, engineSteps, testSteps } from './all-steps.ts';
import { runSteps, summarise } from './steps.ts';

const flags = process.argv.slice(2);
const unknown = flags.filter((flag) => flag !== '--deep');
if (unknown.length > 0) {
  console.error(`lode: unknown argument ${unknown.join(' ')}; to run one file: npx hardhat test mocha FILE`);
  process.exit(2);
}
const deep = flags.includes('--deep');
if (deep) {
  process.env['LODE_DEEP'] = '1';
  process.env['LODE_SEED'] ??= `0x${randomBytes(6).toString('hex')}`;
}
const seed = process.env['LODE_SEED'];
console.log(`${deep ? 'deep' : 'quick'} run, ${seed === undefined ? 'fixed seeds' : `LODE_SEED=${seed}`}`);

// The compiler works on one core. Tests that look at the clock go before what only computes, which fills in where they wait.
const results = await runSteps([
  ...(deep && enginePackages() !== undefined ? [engineSteps.install] : []),
  [[buildSteps.contracts], checkSteps.beforeBuild],
  [
    [buildSteps.page, testSteps.mocha],
    [...checkSteps.afterBuild, buildSteps.tests, testSteps.solidity],
  ],
]);
process.exitCode = summarise(results);
