import { readFile } from 'node:fs/promises';

import type { Command } from 'commander';

import { curveTotal } from '../../settlement/preset/curve-periods.ts';
import type { CommandContext } from '../io.ts';
import { presetFile, presetNames } from '../../store/preset-file.ts';
import { jsonDocument } from '../output/json-document.ts';
import { table } from '../output/table.ts';
import { tokens } from '../../protocol/tokens.ts';

const DESCRIPTION = 'Lists the presets that come with lode, with their variants.';

/** `lode presets`: what there is to start from. */
export function addPresets(program: Command, { io }: CommandContext): void {
  program
    .command('presets')
    .summary('list the presets that come with lode')
    .description(DESCRIPTION)
    .option('--json', 'print one JSON document on stdout')
    .action(async ({ json }: { readonly json?: true }) => {
      const presets = await Promise.all((await presetNames()).map(async (name) => await describe(name, io.cwd)));
      io.out(json === true ? jsonDocument({ presets }) : inWords(presets));
    });
}

interface Described {
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  readonly total: bigint;
  readonly variants: readonly { readonly name: string; readonly why: string }[];
}

async function describe(name: string, cwd: string): Promise<Described> {
  const { readPreset } = await import('../../settlement/preset/load-preset.ts');
  const { preset, source, problems } = readPreset(await readFile(await presetFile(name, cwd), 'utf8'));
  if (preset === undefined)
    throw new TypeError(`the preset ${name} that comes with lode is broken: ${problems[0]?.reason}`);
  const variants = [...(source?.variants ?? [])].map(([variant, why]) => ({ name: variant, why }));
  return { name, title: preset.title, summary: preset.summary, total: curveTotal(preset.curve), variants };
}

function inWords(presets: readonly Described[]): string {
  const list = table(
    [{ title: 'preset' }, { title: 'what it is' }, { title: 'tokens', align: 'right' }, { title: 'variants' }],
    presets.map(({ name, title, total, variants }) => [
      name,
      title,
      tokens(total, 0),
      variants.map((variant) => variant.name).join(', '),
    ]),
  );
  return `${list}\n\`lode preset show NAME\` prints every number and where it comes from; to make your own, copy the file.\n`;
}
