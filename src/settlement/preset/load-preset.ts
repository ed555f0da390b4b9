import type { Hash32 } from '../../protocol/brands.ts';
import { parseHash32 } from '../../protocol/brands.ts';
import { InputError } from '../../protocol/errors.ts';
import { keccak256 } from '../../protocol/keccak.ts';
import { bytesToHex } from '../../protocol/words.ts';
import { parsePolicy } from '../policy/parse-policy.ts';
import { policySchema } from '../policy/policy-schema.ts';
import type { Policy } from '../policy/policy.ts';
import { issueWords } from '../issue-words.ts';
import type { JsonPath } from './json-path.ts';
import { showPath } from './json-path.ts';
import type { PresetProblem } from './preset-error.ts';
import { presetFault } from './preset-error.ts';
import type { PresetDocument } from './preset-schema.ts';
import { crossProblems, presetSchema, readableSections } from './preset-schema.ts';
import type { PresetSource } from './preset-source.ts';
import { readPresetSource } from './preset-source.ts';
import type { Provenance } from './take-notes.ts';
import { isObject } from './take-notes.ts';

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

/** A preset file as far as it could be read, with everything that is wrong with it. */
export interface ReadPreset {
  /** There exactly if there is no problem. */
  readonly preset: Preset | undefined;
  readonly source: PresetSource | undefined;
  readonly problems: readonly PresetProblem[];
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
  const { preset, problems } = readPreset(text, options);
  if (preset !== undefined) return preset;
  const [first = { path: '', line: 1, reason: 'not a preset' }] = problems;
  throw presetFault(first, problems.length - 1);
}

/** The same without an exception: all problems at once, in the order in which they are found. */
export function readPreset(text: string, options: LoadPresetOptions = {}): ReadPreset {
  const { source, problems: found } = readPresetSource(text, options.variant);
  if (source === undefined) return { preset: undefined, source, problems: found };
  const problems = [...found];
  const refuse = (path: JsonPath, reason: string) => {
    problems.push({ path: showPath(path), line: source.lineOf(path), reason });
  };
  const result = presetSchema.safeParse(source.data);
  if (!result.success) for (const issue of result.error.issues) refuseIssue(issue, [], refuse);
  const file = isObject(source.data) ? source.data : {};
  const sections = readableSections(file);
  for (const { path, message } of crossProblems(sections)) refuse(path, message);
  const written = file['policy'];
  const policy = isObject(written) ? readPolicy(written, sections.tasks ?? [], refuse) : undefined;
  if (problems.length > 0 || !result.success || policy === undefined) return { preset: undefined, source, problems };
  const { policy: _written, ...document } = result.data;
  const hash = parseHash32(bytesToHex(keccak256(new TextEncoder().encode(text))));
  const { variants, provenance } = source;
  const facts = { hash, variant: options.variant, variants: [...variants.keys()], provenance };
  return { preset: { ...document, policy, ...facts }, source, problems };
}

interface Issue {
  readonly code?: string | undefined;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly keys?: readonly string[];
  readonly issues?: readonly unknown[];
}

type Refuse = (path: JsonPath, reason: string) => void;

/** One issue of a schema is one problem; several unknown keys are several. */
function refuseIssue(issue: Issue, before: JsonPath, refuse: Refuse): void {
  const path = [...before, ...issue.path.map(asStep)];
  if (issue.code !== 'unrecognized_keys') refuse(path, issueWords(issue));
  else for (const key of issue.keys ?? []) refuse([...path, key], 'unknown key');
}

/** The preset's policy, which must score each of its tasks; what is wrong in it is told with its place in this file. */
function readPolicy(written: unknown, tasks: PresetDocument['tasks'], refuse: Refuse): Policy | undefined {
  const result = policySchema.safeParse(written);
  if (!result.success) {
    for (const issue of result.error.issues) refuseIssue(issue, ['policy'], refuse);
    return undefined;
  }
  try {
    const policy = parsePolicy(written);
    for (const { name } of tasks) {
      const without = policy.segments.find((segment) => !segment.tasks.has(name));
      if (without === undefined) continue;
      refuse(['policy', 'tasks'], `the policy has no rules for the task ${name} in epoch ${without.from}`);
    }
    return policy;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const path = stepsOf(wordOf(error.details['path'], 'policy.tasks'));
    refuse(path, wordOf(error.details['reason'], error.shortMessage));
    return undefined;
  }
}

function wordOf(detail: unknown, otherwise: string): string {
  return typeof detail === 'string' ? detail : otherwise;
}

/** `policy.overlays[0].from` as the steps of a path. */
function stepsOf(text: string): JsonPath {
  return text
    .split(/[.[\]]+/)
    .filter((step) => step !== '')
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step));
}

function asStep(step: PropertyKey): string | number {
  return typeof step === 'symbol' ? String(step) : step;
}
