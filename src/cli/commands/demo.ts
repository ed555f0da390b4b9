import { readFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';

import type { Command } from 'commander';

import { fewestEpochs } from '../demo/plan.ts';
import { DEMO_PLANS, planOf } from '../demo/plans.ts';
import type { DemoResult } from '../demo/result.ts';
import type { DemoPreset } from '../demo/run-demo.ts';
import { summary } from '../demo/summary.ts';
import { wantsPage } from '../demo/wants-page.ts';
import { EXIT } from '../exit-codes.ts';
import { optionFault } from '../errors.ts';
import type { CommandContext, Io } from '../io.ts';
import { dateOption } from '../options/date.ts';
import { ledgerFiles, type LedgerFlags } from '../options/ledger-files.ts';
import { presetFile } from '../../store/preset-file.ts';
import { wholeNumberOption } from '../options/whole-number.ts';
import { jsonDocument } from '../output/json-document.ts';
import { progressOn } from '../output/progress.ts';

interface DemoFlags extends Partial<Omit<LedgerFlags, 'changes'>> {
  readonly preset: string;
  readonly variant?: string;
  readonly from?: number;
  readonly epochs?: number;
  readonly seed: number;
  readonly out: string;
  /** Absent: on a terminal, unless a machine reads what is printed. */
  readonly serve?: boolean;
  readonly port: number;
  readonly json?: true;
}

const MAX_PORT = 65_535;
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
    .option('--preset <name-or-file>', `${presets}; or a file of your own, with --contributions`, 'lingoai')
    .option(
      '--variant <name>',
      "a variant of the preset's file; of lingoai and lingopod the variant demo is shown when none is named",
    )
    .option('--contributions <files...>', 'show a ledger of your own: who did what, and when')
    .option('--usage <files...>', 'which contributions of it others built on')
    .option('--accounts <files...>', 'who in it is a member, who has which badge')
    .option(
      '--from <date>',
      'when epoch 0 of your ledger begins, in UTC; without it at 00:00 UTC of the day of its first usable contribution',
      dateOption('--from'),
    )
    .option(
      '--epochs <n>',
      `how many epochs; ${lengths}, of your own ledger up to 60 when none is given`,
      wholeNumberOption('--epochs', 1, most),
    )
    .option('--seed <n>', 'decides the noise of the price', wholeNumberOption('--seed', 0, MAX_SEED), 1)
    .option('--out <dir>', 'where reports and chart go; an earlier demo there is replaced', 'out/demo')
    .option('--serve', 'in the end serve the page over the chain until it is ended, without a terminal too')
    .option('--no-serve', 'end when everything is shown, on a terminal too')
    .option('--port <n>', 'the port of the page; 0 takes a free one', wholeNumberOption('--port', 0, MAX_PORT), 0)
    .option('--json', 'print one JSON document on stdout')
    .action(async (flags: DemoFlags) => {
      const { preset: name, epochs: asked, seed, out, json } = flags;
      const progress = progressOn(io);
      const { preset, path, plan } = await shownOf(flags, io.cwd);
      const { storyTerms } = await import('../demo/story-terms.ts');
      const fewest = fewestEpochs(storyTerms({ preset, plan }));
      const epochs = asked ?? Math.max(fewest, plan.epochs);
      if (epochs < fewest || epochs > plan.mostEpochs) {
        throw optionFault('--epochs', `${epochs}`, `a whole number from ${fewest} to ${plan.mostEpochs} for ${name}`);
      }
      const folder = resolve(io.cwd, out);
      const { openDemoFolder } = await import('../demo/demo-folder.ts');
      await openDemoFolder(folder);
      const { ensureBuilt } = await import('../demo/project-hardhat.ts');
      await ensureBuilt(progress.say);
      const serves = await willServe(flags, io);
      const { runDemo } = await import('../demo/run-demo.ts');
      await runDemo({ preset, path, plan }, { epochs, seed, out: folder }, progress, async (result, chain) => {
        if (json === true) io.out(jsonDocument(result));
        else io.out(summary(withShortPaths(result, io.cwd)));
        if (!result.held) setExitCode(EXIT.internal);
        if (!serves) return;
        const { serveDemo } = await import('../demo/serve-demo.ts');
        await serveDemo(result, chain, { port: flags.port, progress });
      });
    });
}

/**
 * Whether the page is served in the end; where nobody asked for it, not unless it is built.
 *
 * @throws {MissingError} `PAGE_MISSING` before anything is computed, when it was asked for
 */
async function willServe({ serve, json }: DemoFlags, { isTerminal }: Io): Promise<boolean> {
  if (!wantsPage({ serve, json: json === true, isTerminal, ci: process.env['CI'] })) return false;
  const { isBuilt, pageFolder } = await import('../web/page-folder.ts');
  return serve === true ? pageFolder() !== '' : isBuilt();
}

/** What is shown: a preset with its example ledger, or any preset with a ledger that is named. */
async function shownOf(flags: DemoFlags, cwd: string): Promise<DemoPreset> {
  const { preset: name, contributions, variant } = flags;
  const { loadPreset } = await import('../../settlement/preset/load-preset.ts');
  const path = await presetFile(name, cwd);
  const text = await readFile(path, 'utf8');
  if (contributions === undefined) {
    const lone = (['usage', 'accounts', 'from'] as const).find((option) => flags[option] !== undefined);
    if (lone !== undefined) {
      const given =
        lone === 'from' ? new Date((flags.from ?? 0) * 1000).toISOString().slice(0, 10) : flags[lone]?.join(' ');
      throw optionFault(`--${lone}`, given ?? '', 'a ledger of your own beside it: --contributions');
    }
    const plan = planOf(name);
    return { preset: loadPreset(text, { variant: variantOf(variant, plan.variant) }), path, plan };
  }
  const preset = loadPreset(text, { variant: variantOf(variant, null) });
  const paths = await ledgerFiles({ ...flags, contributions }, cwd);
  const { ownPlan } = await import('../demo/own-plan.ts');
  return { preset, path, plan: await ownPlan({ preset, path, paths, from: flags.from }) };
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
