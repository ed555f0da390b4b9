import { readFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';

import type { Command } from 'commander';

import { DEMO_EPOCHS, DEMO_MAX_EPOCHS, DEMO_MIN_EPOCHS, DEMO_VARIANT } from '../demo/plan.ts';
import type { DemoResult } from '../demo/result.ts';
import { summary } from '../demo/summary.ts';
import { EXIT } from '../exit-codes.ts';
import type { CommandContext } from '../io.ts';
import { presetFile } from '../options/preset-file.ts';
import { wholeNumberOption } from '../options/whole-number.ts';
import { jsonDocument } from '../output/json-document.ts';
import { progressOn } from '../output/progress.ts';

interface DemoFlags {
  readonly epochs: number;
  readonly seed: number;
  readonly out: string;
  readonly json?: true;
}

const MAX_SEED = 4_294_967_295;
const DESCRIPTION =
  'Starts a chain of its own, deploys LingoAI, settles more than a year of a real ledger on it, lets miners claim, changes the weights of the tasks, and checks every sum to the wei.';

/** `lode demo`: the whole protocol once, on a chain of its own. */
export function addDemo(program: Command, { io, setExitCode }: CommandContext): void {
  const epochsOption = wholeNumberOption('--epochs', DEMO_MIN_EPOCHS, DEMO_MAX_EPOCHS);
  program
    .command('demo')
    .summary('run the whole protocol on a local chain with a real ledger')
    .description(DESCRIPTION)
    .option('--epochs <n>', 'how many weekly epochs', epochsOption, DEMO_EPOCHS)
    .option('--seed <n>', 'decides the noise of the price', wholeNumberOption('--seed', 0, MAX_SEED), 1)
    .option('--out <dir>', 'where reports and chart go; an earlier demo there is replaced', 'out/demo')
    .option('--json', 'print one JSON document on stdout')
    .action(async ({ epochs, seed, out, json }: DemoFlags) => {
      const progress = progressOn(io);
      const folder = resolve(io.cwd, out);
      const { openDemoFolder } = await import('../demo/demo-folder.ts');
      await openDemoFolder(folder);
      const { ensureBuilt } = await import('../demo/project-hardhat.ts');
      await ensureBuilt(progress.say);
      const { runDemo } = await import('../demo/run-demo.ts');
      const { loadPreset } = await import('../../settlement/preset/load-preset.ts');
      const path = await presetFile('lingoai', io.cwd);
      const preset = loadPreset(await readFile(path, 'utf8'), { variant: DEMO_VARIANT });
      const result = await runDemo({ preset, path }, { epochs, seed, out: folder }, progress);
      if (json === true) io.out(jsonDocument(result));
      else io.out(summary(withShortPaths(result, io.cwd)));
      if (!result.held) setExitCode(EXIT.internal);
    });
}

/** Paths as one would type them from here. */
function withShortPaths(result: DemoResult, cwd: string): DemoResult {
  const { folder, result: json, addresses, chart, reports } = result.files;
  const short = (path: string): string => (relative(cwd, path).startsWith('..') ? path : relative(cwd, path));
  const files = {
    folder: short(folder),
    result: short(json),
    addresses: short(addresses),
    chart: short(chart),
    reports: short(reports),
  };
  return { ...result, files };
}
