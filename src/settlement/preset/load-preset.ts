import type { Hash32 } from '../../protocol/brands.ts';
import { parseHash32 } from '../../protocol/brands.ts';
import { keccak256 } from '../../protocol/keccak.ts';
import { bytesToHex } from '../../protocol/words.ts';
import { presetFault } from './preset-error.ts';
import type { PresetDocument } from './preset-schema.ts';
import { presetSchema } from './preset-schema.ts';
import type { JsonPath, Provenance } from './preset-source.ts';
import { readPresetSource, showPath } from './preset-source.ts';

/** A preset as it was read: every number exact, and where each of them comes from. */
export interface Preset extends PresetDocument {
  readonly variant: string | undefined;
  /** keccak-256 of the file's text, byte for byte. */
  readonly hash: Hash32;
  /** The other economies that the same file describes, by name. */
  readonly variants: readonly string[];
  readonly provenance: readonly Provenance[];
}

export interface LoadPresetOptions {
  /** Lays `variants.<variant>.set` of the file over the rest of it. */
  readonly variant?: string | undefined;
}

/**
 * Reads a preset file: JSON with comments, numbers as decimal strings, every key known.
 *
 * The result depends on the text and the variant alone. Amounts are in wei, ratios in 18 decimals, lengths in seconds.
 *
 * @throws InputError `PRESET_INVALID`; `details` carries the path in the file, the line and the reason
 * @example
 * loadPreset(text, { variant: 'demo' }).tasks[0]?.weight // 400000000000000000n
 */
export function loadPreset(text: string, options: LoadPresetOptions = {}): Preset {
  const source = readPresetSource(text, options.variant);
  const result = presetSchema.safeParse(source.data);
  if (!result.success) {
    const issue = result.error.issues[0];
    const unknown = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
    const path: JsonPath = [...(issue?.path ?? []).map(asStep), ...unknown];
    const reason = unknown.length > 0 ? 'unknown key' : (issue?.message ?? 'not a preset');
    throw presetFault(showPath(path), source.lineOf(path), reason);
  }
  const hash = parseHash32(bytesToHex(keccak256(new TextEncoder().encode(text))));
  return { ...result.data, hash, variant: options.variant, variants: source.variants, provenance: source.provenance };
}

function asStep(step: PropertyKey): string | number {
  return typeof step === 'symbol' ? String(step) : step;
}
