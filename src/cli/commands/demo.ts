import { readFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';

import type { Command } from 'commander';

import { fewestEpochs } from '../demo/plan.ts';
import { DEMO_PLANS, planOf } from '../demo/plans.ts';
import type { DemoResult } from '../demo/result.ts';
import { summary } from '../demo/summary.ts';
import { EXIT } from '../exit-codes.ts';
import { optionFault } from '../errors.ts';
import type { CommandContext } from '../io.ts';
import { presetFile } from '../options/preset-file.ts';
import { wholeNumberOption } from '../options/whole-number.ts';
import { jsonDocument } from '../output/json-document.ts';
import { progressOn } from '../output/progress.ts';

interface DemoFlags {
  readonly preset: string;
  readonly variant?: string;
  readonly epochs?: number;
  readonly seed: number;
  readonly out: string;
  readonly json?: true;
}

const MAX_SEED = 4_294_967_295;
const DESCRIPTION =
  'Starts a chain of its own, deploys a preset, settles epoch after epoch of an example ledger on it, lets miners claim, lets governance change something, and checks every sum to the wei.';

/** `lode demo`: the whole protocol once, on a chain of its own. */
export function addDemo(program: Command, { io, setExitCode }: CommandContext): void {
  const most = Math.max(...DEMO_PLANS.map(({ mostEpochs }) => mostEpochs));
  const lengths = DEMO_PLANS.map(({ preset, epochs }) => `${preset} ${epochs}`).join(', ');
  const presets = DEMO_PLANS.map(({ preset }) => preset).join(', ');
  program
    .command('demo')
    .summary('run the whole protocol on a local chain with an example ledger')
    .description(DESCRIPTION)
    .option('--preset <name>', presets, 'lingoai')
    .option(
      '--variant <name>',
      "a variant of the preset's file; of lingoai and lingopod the variant demo is shown when none is named",
    )
    .option('--epochs <n>', `how many epochs; ${lengths} when none is given`, wholeNumberOption('--epochs', 1, most))
    .option('--seed <n>', 'decides the noise of the price', wholeNumberOption('--seed', 0, MAX_SEED), 1)
    .option('--out <dir>', 'where reports and chart go; an earlier demo there is replaced', 'out/demo')
    .option('--json', 'print one JSON document on stdout')
    .action(async ({ preset: name, variant, epochs: asked, seed, out, json }: DemoFlags) => {
      const progress = progressOn(io);
      const plan = planOf(name);
      const path = await presetFile(name, io.cwd);
      const { loadPreset } = await import('../../settlement/preset/load-preset.ts');
      const preset = loadPreset(await readFile(path, 'utf8'), { variant: variantOf(variant, plan.variant) });
      const { storyTerms } = await import('../demo/story-terms.ts');
      const fewest = fewestEpochs(storyTerms({ preset, plan }));
      const epochs = asked ?? plan.epochs;
      if (epochs < fewest || epochs > plan.mostEpochs) {
        throw optionFault('--epochs', `${epochs}`, `a whole number from ${fewest} to ${plan.mostEpochs} for ${name}`);
      }
      const folder = resolve(io.cwd, out);
      const { openDemoFolder } = await import('../demo/demo-folder.ts');
      await openDemoFolder(folder);
      const { ensureBuilt } = await import('../demo/project-hardhat.ts');
      await ensureBuilt(progress.say);
      const { runDemo } = await import('../demo/run-demo.ts');
      const result = await runDemo({ preset, path, plan }, { epochs, seed, out: folder }, progress);
      if (json === true) io.out(jsonDocument(result));
      else io.out(summary(withShortPaths(result, io.cwd)));
      if (!result.held) setExitCode(EXIT.internal);
    });
}

/** `base` is the preset as it stands. */
function variantOf(named: string | undefined, shown: string | null): string | undefined {
  if (named === 'base') return undefined;
  return named ?? shown ?? undefined;
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
