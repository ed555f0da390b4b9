/** `npm run snapshots`: measures what `snapshots/` and `docs/gas.md` hold, and writes it there. Review the difference. */
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { buildSteps } from './all-steps.ts';
import { executeScript, programs, runSteps } from './steps.ts';

/** Every test that compares with a snapshot; pages come last, since they are made from figures. */
const files = globSync('test/**/*.test.ts')
  .filter((path) => readFileSync(path, 'utf8').includes('support/snapshot.ts'))
  .sort((a, b) => Number(a.includes('page')) - Number(b.includes('page')));

const folder = mkdtempSync(join(tmpdir(), 'lode-snapshots-'));
const measure = async (): Promise<number> =>
  await executeScript('scripts/tasks/hardhat-tests.ts', ['mocha', join(folder, 'counts.json'), ...files], {
    ...process.env,
    LODE_SNAPSHOT: 'write',
  });
const results = await runSteps([buildSteps.contracts, programs('measure and write', [measure])]);
rmSync(folder, { recursive: true });
process.exitCode = results.every(({ ok }) => ok) ? 0 : 1;
