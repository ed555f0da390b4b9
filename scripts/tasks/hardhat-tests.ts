/**
 * Runs the Solidity tests or the mocha tests of the repository and writes how many passed and failed.
 *
 * Usage: hardhat-tests.ts solidity|mocha COUNTS.json [files…]
 *
 * The counts come from the runners themselves: from the result of Hardhat's Solidity task, and from a mocha reporter.
 */
import { globSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

import hre from 'hardhat';
import Mocha from 'mocha';

import { ENGINE_TESTS, isEngineInstalled } from '../clickhouse/engine-folder.ts';
import type { Counts } from './steps.ts';

/** Each holds a chain and its compiled contracts in memory, and some start a node of their own. */
const MOST_JOBS = 4;

/** The files that take longest: whoever begins with one of them last waits for it alone. */
const LONGEST = [
  'test/operator/faults/faults.test.ts',
  'test/docs/runbooks.test.ts',
  'test/integration/access.test.ts',
  'test/operator/faults/kills.test.ts',
  'test/operator/faults/year.test.ts',
  'test/web/page.test.ts',
];

interface SuiteResults {
  readonly suiteResults: readonly { readonly testResults: readonly { readonly status: string }[] }[];
}

interface SolidityResult {
  readonly success: boolean;
  readonly value?: SuiteResults;
  readonly error?: SuiteResults;
}

async function runSolidity(files: readonly string[]): Promise<Counts> {
  const task = hre.tasks.getTask(['test', 'solidity']);
  const result = (await task.run({ testFiles: [...files], noCompile: false })) as SolidityResult;
  // Counted test by test: the task's own summary is filled in after it has returned.
  const suites = (result.success ? result.value : result.error)?.suiteResults ?? [];
  const statuses = suites.flatMap(({ testResults }) => testResults.map(({ status }) => status));
  const passed = statuses.filter((status) => status === 'Success').length;
  const skipped = statuses.filter((status) => status === 'Skipped').length;
  if (skipped > 0) console.error(`${skipped} Solidity tests were skipped; a test that is not run proves nothing`);
  const failed = statuses.length - passed;
  return { passed, failed: result.success ? failed : Math.max(1, failed) };
}

function longestFirst(paths: readonly string[]): string[] {
  const gone = LONGEST.filter((path) => !paths.includes(path));
  if (gone.length > 0) throw new Error(`not there any more: ${gone.join(', ')}`);
  return [...LONGEST, ...paths.filter((path) => !LONGEST.includes(path))];
}

/** Every test, those against ClickHouse where its engine is there: it is too large to be fetched for every run. */
function testsHere(): string[] {
  const all = globSync('test/**/*.test.ts').sort();
  if (isEngineInstalled()) return all;
  const apart = new Set(globSync(ENGINE_TESTS));
  console.log(`no ClickHouse engine is installed: \`npm run test:clickhouse\` fetches one and runs ${ENGINE_TESTS}`);
  return all.filter((path) => !apart.has(path));
}

async function runMocha(files: readonly string[]): Promise<Counts> {
  let stats: Mocha.Stats | undefined;
  let pending = 0;

  class CountingReporter extends Mocha.reporters.Spec {
    constructor(runner: Mocha.Runner, options?: Mocha.MochaOptions) {
      super(runner, options);
      runner.once(Mocha.Runner.constants.EVENT_RUN_END, () => {
        stats = this.stats;
        pending = this.stats.pending;
      });
    }
  }

  const testFiles = files.length > 0 ? [...files] : longestFirst(testsHere());
  if (testFiles.length === 0) return { passed: 0, failed: 0 };
  // Files in several processes: a file's output comes when it has ended. Many wait for nodes, keepers and browsers, so there are two more
  // than cores.
  const cores = availableParallelism();
  const jobs = cores > 1 ? Math.min(cores + 2, MOST_JOBS) : 1;
  Object.assign(hre.config.test.mocha, { reporter: CountingReporter, parallel: jobs > 1, jobs });
  // Hardhat's task would load every file before it hands them to the jobs, which load them for themselves.
  if (jobs > 1) Mocha.prototype.loadFilesAsync = async () => await Promise.resolve();
  await hre.tasks.getTask(['test', 'mocha']).run({ testFiles, noCompile: true });
  if (!stats) return { passed: 0, failed: 1 };
  if (pending > 0) console.error(`${pending} mocha tests were skipped; a test that is not run proves nothing`);
  return { passed: stats.passes, failed: stats.failures + pending };
}

const [runner, countsPath, ...files] = process.argv.slice(2);
if (countsPath === undefined || (runner !== 'solidity' && runner !== 'mocha')) {
  throw new Error('usage: hardhat-tests.ts solidity|mocha COUNTS.json [files…]');
}
const counts = runner === 'solidity' ? await runSolidity(files) : await runMocha(files);
writeFileSync(countsPath, JSON.stringify(counts));
// A test may leave a server or a timer behind; the counts are written, so nothing is lost by ending here.
process.exit(counts.failed === 0 ? 0 : 1);
