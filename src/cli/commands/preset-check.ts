import { readFile } from 'node:fs/promises';

import type { Command } from 'commander';

import { EXIT } from '../exit-codes.ts';
import type { CommandContext } from '../io.ts';
import { presetFile } from '../../store/preset-file.ts';
import { jsonDocument } from '../output/json-document.ts';
import { presetChecksText } from '../output/preset-checks.ts';

const DESCRIPTION =
  'Checks a preset and each of its variants: every problem with its place in the file, then what the curve, weights and bounds come to, and every announced figure, computed anew and compared. Ends with 2 when it could not be deployed, with 0 otherwise, contradictions included.';

/** `lode preset check`: can this be deployed, and is it what was announced? */
export function addPresetCheck(group: Command, { io, setExitCode }: CommandContext): void {
  group
    .command('check')
    .summary('check a preset, and what is announced against what it comes to')
    .description(DESCRIPTION)
    .argument('<preset>', 'a preset that comes with lode, or a file of your own')
    .option('--variant <name>', 'only this variant of the file')
    .option('--json', 'print one JSON document on stdout')
    .action(async (given: string, { variant, json }: { readonly variant?: string; readonly json?: true }) => {
      const text = await readFile(await presetFile(given, io.cwd), 'utf8');
      const { checkPreset, checkWithVariants } = await import('../../settlement/preset/check/check-preset.ts');
      const checks = variant === undefined ? checkWithVariants(text) : [checkPreset(text, variant)];
      const ok = checks.every((check) => check.ok);
      io.out(json === true ? jsonDocument({ preset: given, ok, checks }) : presetChecksText(given, checks));
      if (!ok) setExitCode(EXIT.input);
    });
}
