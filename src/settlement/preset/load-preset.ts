import type { Hash32 } from '../../protocol/brands.ts';
import { parseHash32 } from '../../protocol/brands.ts';
import { InputError } from '../../protocol/errors.ts';
import { keccak256 } from '../../protocol/keccak.ts';
import { bytesToHex } from '../../protocol/words.ts';
import { minimumScores } from '../policy/policy-at.ts';
import { parsePolicy } from '../policy/parse-policy.ts';
import type { Policy } from '../policy/policy.ts';
import { presetFault } from './preset-error.ts';
import type { PresetDocument } from './preset-schema.ts';
import { presetSchema } from './preset-schema.ts';
import type { JsonPath, PresetSource, Provenance } from './preset-source.ts';
import { readPresetSource, showPath } from './preset-source.ts';

/** A preset as it was read: every number exact, and where each of them comes from. */
export interface Preset extends Omit<PresetDocument, 'policy'> {
  readonly policy: Policy;
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
  const { policy: written, ...document } = result.data;
  const hash = parseHash32(bytesToHex(keccak256(new TextEncoder().encode(text))));
  const policy = readPolicy(written, document.tasks, source);
  const { variants, provenance } = source;
  return { ...document, policy, hash, variant: options.variant, variants, provenance };
}

/** The preset's policy, which must score each of its tasks; what is wrong in it is told with its place in this file. */
function readPolicy(written: unknown, tasks: PresetDocument['tasks'], source: PresetSource): Policy {
  try {
    const policy = parsePolicy(written);
    for (const { from } of policy.segments) {
      minimumScores(
        policy,
        from,
        tasks.map(({ name }) => name),
      );
    }
    return policy;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const { steps } = error.details;
    const path = ['policy', ...(Array.isArray(steps) ? (steps as JsonPath) : ['tasks'])];
    const reason = wordOf(error.details['reason'], error.shortMessage);
    throw presetFault(showPath(path), source.lineOf(path), reason, error);
  }
}

function wordOf(detail: unknown, otherwise: string): string {
  return typeof detail === 'string' ? detail : otherwise;
}

function asStep(step: PropertyKey): string | number {
  return typeof step === 'symbol' ? String(step) : step;
}
