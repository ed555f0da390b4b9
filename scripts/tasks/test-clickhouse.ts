/**
 * `npm run test:clickhouse`: installs the ClickHouse engine where it is not there yet, and runs the tests that need it. The last line is
 * `N passed, N failed`. `--deep` runs them at full counts.
 */
import { randomBytes } from 'node:crypto';

import { engineSteps } from './all-steps.ts';
import { runSteps, summarise } from './steps.ts';

const flags = process.argv.slice(2);
const unknown = flags.filter((flag) => flag !== '--deep');
if (unknown.length > 0) {
  console.error(`lode: unknown argument ${unknown.join(' ')}`);
  process.exit(2);
}
if (flags.includes('--deep')) {
  process.env['LODE_DEEP'] = '1';
  process.env['LODE_SEED'] ??= `0x${randomBytes(6).toString('hex')}`;
}
const results = await runSteps([engineSteps.install, engineSteps.tests]);
process.exitCode = summarise(results);
