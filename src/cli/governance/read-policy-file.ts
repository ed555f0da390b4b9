import { InputError } from '../../protocol/errors.ts';
import { parsePolicy } from '../../settlement/policy/parse-policy.ts';
import type { Policy } from '../../settlement/policy/policy.ts';
import { loadPreset } from '../../settlement/preset/load-preset.ts';
import { readText } from '../../store/read-text.ts';
import { inputFile } from '../options/input-file.ts';

/**
 * The scoring policy of a file: a policy by itself (`lode-policy-v1`, JSON), or that of a preset, read by the variant that was
 * deployed.
 *
 * @throws {InputError} `POLICY_INVALID`, `PRESET_INVALID`, `FILE_UNREADABLE`
 * @throws {MissingError} `FILE_MISSING`
 */
export async function readPolicyFile(given: string, cwd: string, variant: string | null): Promise<Policy> {
  const text = await readText(await inputFile('--policy', given, cwd));
  const document = asJson(text);
  if (isObject(document) && document['format'] === 'lode-policy-v1') return parsePolicy(document);
  try {
    return loadPreset(text, variant === null ? {} : { variant }).policy;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const shortMessage = `${given} is neither a policy (lode-policy-v1) nor a preset: ${error.shortMessage}`;
    throw new InputError({ code: error.code, shortMessage, details: error.details, cause: error });
  }
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
