import { globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ENGINE_TESTS } from '../clickhouse/engine-folder.ts';
import { executeScript, executeTool, programs, readCounts, type Step } from './steps.ts';

const COMPILE = 'compile the contracts';
const COMPILE_TESTS = 'compile the Solidity tests';

/** Compiles everything, tests included, and writes the TypeScript bindings; what has not changed is not compiled again. */
export async function buildContracts(flags: readonly string[] = []): Promise<number> {
  return await executeTool('hardhat', 'hardhat', ['build', ...flags]);
}

/** Builds the page into web/dist, for which the bindings have to be there: for visitors, whatever runs it. */
export async function buildPage(flags: readonly string[] = []): Promise<number> {
  return await executeTool('vite', 'vite', ['build', ...flags, 'web'], { ...process.env, NODE_ENV: 'production' });
}

export const buildSteps = {
  contracts: programs(COMPILE, [async () => await buildContracts(['--no-tests'])]),
  /** Leaves the bindings alone, which others read meanwhile. */
  tests: programs(COMPILE_TESTS, [async () => await buildContracts(['--no-typechain'])], [COMPILE]),
  /** Tests look at it. */
  page: programs('build the page', [async () => await buildPage(['--logLevel', 'warn'])], [COMPILE]),
} as const satisfies Record<string, Step>;

export const checkSteps = {
  beforeBuild: [
    programs('format', [
      async () => await executeTool('prettier', 'prettier', ['--check', '--log-level', 'warn', '.']),
    ]),
    programs('lint Solidity', [
      async () =>
        await executeTool('solhint', 'solhint', [
          '--disc',
          '--noPoster',
          '--max-warnings',
          '0',
          'contracts/**/*.sol',
          'test/solidity/**/*.sol',
        ]),
    ]),
    programs('repository checks', [async () => await executeScript('scripts/checks/run.ts', ['sources'])]),
  ],
  // These read the bindings and artifacts that the build writes.
  afterBuild: [
    programs(
      'types',
      [
        async () => await executeTool('tsc', 'typescript', ['--noEmit']),
        async () => await executeTool('tsc', 'typescript', ['--noEmit', '-p', 'web']),
      ],
      [COMPILE],
    ),
    programs(
      'lint TypeScript',
      [async () => await executeTool('eslint', 'eslint', ['--max-warnings', '0', '.'])],
      [COMPILE],
    ),
    programs('contract size', [async () => await executeScript('scripts/checks/run.ts', ['artifacts'])], [COMPILE]),
  ],
} as const satisfies Record<string, readonly Step[]>;

export const testSteps = {
  solidity: testStep('Solidity tests', 'solidity', [COMPILE, COMPILE_TESTS]),
  /** Needs nothing of what is compiled for the Solidity tests. */
  mocha: testStep('mocha tests', 'mocha', [COMPILE]),
} as const satisfies Record<string, Step>;

const INSTALL_ENGINE = 'install the ClickHouse engine';

/** The tests against a real ClickHouse, which is fetched first where it is not there: too large to come with everything else. */
export const engineSteps = {
  install: programs(INSTALL_ENGINE, [async () => await executeScript('scripts/tasks/clickhouse-install.ts', [])]),
  tests: testStep('tests against ClickHouse', 'mocha', [INSTALL_ENGINE], globSync(ENGINE_TESTS).sort()),
} as const satisfies Record<string, Step>;

function testStep(
  name: string,
  runner: 'solidity' | 'mocha',
  needs: readonly string[],
  files: readonly string[] = [],
): Step {
  return {
    name,
    needs,
    run: async () => {
      const folder = mkdtempSync(join(tmpdir(), 'lode-tests-'));
      const path = join(folder, 'counts.json');
      try {
        const code = await executeScript('scripts/tasks/hardhat-tests.ts', [runner, path, ...files]);
        const counts = readCounts(path);
        return counts ? { ok: code === 0, counts } : { ok: false };
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  };
}
