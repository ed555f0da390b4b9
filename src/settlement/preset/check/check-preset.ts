import type { JsonPath } from '../json-path.ts';
import { showPath } from '../json-path.ts';
import { readPreset } from '../load-preset.ts';
import type { PresetProblem } from '../preset-error.ts';
import { presetParameters } from '../preset-parameters.ts';
import type { Finding, Found } from './finding.ts';
import { judgeAnnouncements } from './judge-announcements.ts';
import { judgeEconomy } from './judge-economy.ts';
import { sourcedValues, unsourcedNumbers } from './sourced-values.ts';

/** What is wrong with a preset, and what is worth knowing about it. */
export interface PresetCheck {
  /** null: the file without a variant. */
  readonly variant: string | null;
  /** Whether it can be deployed: exactly if there is no problem. */
  readonly ok: boolean;
  /** Everything for which the file is refused. */
  readonly problems: readonly PresetProblem[];
  /** Only of a file without problems. */
  readonly findings: readonly Finding[];
}

/**
 * Checks a preset file as it would be deployed, with one of its variants or without.
 *
 * Announced figures are never taken from the file as they stand: each is computed from the rest of it and compared.
 */
export function checkPreset(text: string, variant?: string): PresetCheck {
  const { preset, source, problems } = readPreset(text, { variant });
  if (preset === undefined || source === undefined)
    return { variant: variant ?? null, ok: false, problems, findings: [] };
  presetParameters(preset, 0); // what the deployment is made from: it must not fail either
  const unsourced = unsourcedNumbers(sourcedValues(source.data, preset.provenance)).map(({ path, value }): Found => ({
    level: 'warning',
    about: 'source',
    path,
    message: `${value} does not say where it comes from: published, derived or assumed.`,
    figures: {},
  }));
  const place = ({ path, ...found }: Found): Finding => ({ ...found, path: showPath(path), line: lineOf(path) });
  const lineOf = (path: JsonPath) => source.lineOf(path);
  const findings = [...judgeAnnouncements(preset), ...judgeEconomy(preset), ...unsourced].map(place);
  return { variant: variant ?? null, ok: true, problems, findings };
}

/** The same for a file and each of its variants. */
export function checkWithVariants(text: string): readonly PresetCheck[] {
  const { source } = readPreset(text);
  const names = [...(source?.variants.keys() ?? [])];
  return [checkPreset(text), ...names.map((name) => checkPreset(text, name))];
}
