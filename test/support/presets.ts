import { readFileSync } from 'node:fs';

import type { Preset } from '../../src/settlement/preset/load-preset.ts';
import { loadPreset } from '../../src/settlement/preset/load-preset.ts';

/** The presets that come with lode. */
export const PRESETS = ['lingoai', 'lingopod', 'tnet', 'langx'] as const;

export type PresetName = (typeof PRESETS)[number];

/** The text of a preset that comes with lode. */
export function presetText(name: PresetName): string {
  return readFileSync(new URL(`../../presets/${name}/preset.jsonc`, import.meta.url), 'utf8');
}

/** A preset that comes with lode, or one of its variants. */
export function presetNamed(name: PresetName, variant?: string): Preset {
  return loadPreset(presetText(name), { variant });
}
