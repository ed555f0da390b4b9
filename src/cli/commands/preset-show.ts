import { readFile } from 'node:fs/promises';

import type { Command } from 'commander';

import type { SourcedValue } from '../../settlement/preset/check/sourced-values.ts';
import { showPath } from '../../settlement/preset/json-path.ts';
import type { CommandContext } from '../io.ts';
import { presetFile } from '../../store/preset-file.ts';
import { jsonDocument } from '../output/json-document.ts';
import { presetText } from '../output/preset-text.ts';

const DESCRIPTION =
  'Prints a preset as it would be deployed: every value with its path, and of every number whether it is published, derived or assumed, and why.';

/** `lode preset show`: every number of a preset, and where it comes from. */
export function addPresetShow(group: Command, { io }: CommandContext): void {
  group
    .command('show')
    .summary('print every number of a preset with its source')
    .description(DESCRIPTION)
    .argument('<preset>', 'a preset that comes with lode, or a file of your own')
    .option('--variant <name>', "a variant of the preset's file")
    .option('--json', 'print one JSON document on stdout')
    .action(async (given: string, { variant, json }: { readonly variant?: string; readonly json?: true }) => {
      const text = await readFile(await presetFile(given, io.cwd), 'utf8');
      const { loadPreset, readPreset } = await import('../../settlement/preset/load-preset.ts');
      const { sourcedValues } = await import('../../settlement/preset/check/sourced-values.ts');
      const preset = loadPreset(text, { variant });
      const { source } = readPreset(text, { variant });
      const values = sourcedValues(source?.data, preset.provenance);
      const { name, title, summary, hash } = preset;
      const variants = [...(source?.variants ?? [])].map(([key, why]) => ({ name: key, why }));
      const shown = { name, title, summary, variant: variant ?? null, hash, variants };
      io.out(json === true ? jsonDocument({ ...shown, values: values.map(written) }) : presetText(shown, values));
    });
}

function written({ path, value, source, why }: SourcedValue) {
  return { path: showPath(path), value, source: source ?? null, why: why ?? null };
}
