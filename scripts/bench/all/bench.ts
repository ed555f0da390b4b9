/**
 * `npm run bench` measures everything that is promised, one after the other, at full size (half an hour, 14 GB of memory, 20 GB of disk), and
 * writes `snapshots/benchmarks.json`, `docs/benchmarks.md` and its chart. `npm run bench -- --small` does it in minutes with a hundredth of
 * the sizes, and writes nothing. Ends with 1 when something promised is missed, at full size.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { table } from '../../../src/cli/output/table.ts';
import type { ScaleFigures } from '../../snapshots/scale-page.ts';
import { executeScript } from '../../tasks/steps.ts';
import { withMeasured } from '../scale/with-measured.ts';
import type { BenchFigures } from './figures.ts';
import { GROWTH_ROWS, stepsOf, targetsOf } from './figures.ts';
import { benchmarksPage, growthChart } from './page.ts';

const { values } = parseArgs({ options: { small: { type: 'boolean', default: false } } });
const part = values.small ? 100 : 1;
const count = (size: number): string => `${size / part}`;
const epoch = (rows: number, accounts: number): string => `${rows / part}:${accounts / part}`;
const grown = [10_000, 100_000, 1_000_000, 10_000_000].map((accounts) => epoch(GROWTH_ROWS * accounts, accounts));

const folder = await mkdtemp(join(tmpdir(), 'lode-bench-all-'));
try {
  const figures: BenchFigures = {
    machine: machineWords(),
    tree: await measured('tree', [
      ...['--leaves', [100_000, 1_000_000].map(count).join(','), '--packed', count(10_000_000)],
      ...['--browser', count(1_000_000), '--hashes', '200000'],
    ]),
    epochs: await measured('epoch', ['--sizes', [...grown, epoch(10_000_000, 1_000_000)].join(',')]),
    scoring: await measured('scoring', ['--rows', count(2_000_000), '--accounts', count(200_000)]),
    paths: await measured('paths', ['--paths', values.small ? '100' : '1000']),
  };
  if (!values.small) {
    const targets = targetsOf(figures);
    console.log(`\n${figures.machine}\n`);
    console.log(
      table(
        [{ title: 'what' }, { title: 'promised' }, { title: 'seen', align: 'right' }, { title: 'held' }],
        targets.map(({ what, asked, seen, ok }) => [what, asked, seen, ok ? 'yes' : 'NO']),
      ),
    );
    await writeFile('snapshots/benchmarks.json', `${JSON.stringify(figures, null, 2)}\n`);
    await writeFile('docs/benchmarks.md', await benchmarksPage(figures));
    await writeFile('docs/charts/epoch-growth.svg', growthChart(figures));
    const scale = JSON.parse(await readFile('snapshots/scale.json', 'utf8')) as ScaleFigures;
    const after = withMeasured({ ...scale, machine: figures.machine }, stepsOf(figures));
    await writeFile('snapshots/scale.json', `${JSON.stringify(after, null, 2)}\n`);
    console.log('written to snapshots/ and docs/; `npm run snapshots` brings docs/scale.md up to them');
    process.exitCode = targets.every(({ ok }) => ok) ? 0 : 1;
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** Runs one bench, whose table is printed as it comes, and gives what it wrote. That a limit of its own was passed shows in the targets. */
async function measured<T>(name: string, options: readonly string[]): Promise<T> {
  const file = join(folder, `${name}.json`);
  console.log(`\n── ${name} ${options.join(' ')}`);
  await executeScript(`scripts/bench/${name}/bench.ts`, [...options, '--json', file]);
  return JSON.parse(await readFile(file, 'utf8')) as T;
}

function machineWords(): string {
  const [processor] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${availableParallelism()} cores (${processor?.model.trim() ?? 'unknown'}), ${memory} GiB, Node ${process.versions.node}`;
}
