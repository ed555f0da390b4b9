import type { Hash32 } from '../../protocol/brands.ts';
import { InputError } from '../../protocol/errors.ts';
import { keccak256 } from '../../protocol/keccak.ts';
import { bytesToHex } from '../../protocol/words.ts';
import { canonicalJson } from '../report/canonical-json.ts';
import type { Json } from '../report/canonical-json.ts';
import { layOverlays } from './lay-overlays.ts';
import type { Policy } from './policy.ts';
import { policySchema } from './policy-schema.ts';

const encoder = new TextEncoder();

/**
 * Reads a policy from parsed JSON. Unknown keys, numbers in another spelling or outside their bounds, overlapping
 * overlays and rules that an overlay leaves incomplete are refused.
 *
 * @param at what messages call the place of the policy in its file
 * @throws {InputError} `POLICY_INVALID`; `details.path` is the path in the file, `details.reason` says what is wrong there
 * @example
 * parsePolicy({ format: 'lode-policy-v1', tasks: { voice: { minimumScore: '1', measures: { units: { points: '2' } } } } })
 */
export function parsePolicy(data: unknown, at = 'policy'): Policy {
  const result = policySchema.safeParse(data);
  if (!result.success) {
    const issue = result.error.issues[0];
    const unknown = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
    const reason = unknown.length > 0 ? 'this key is not known' : (issue?.message ?? 'this is not a policy');
    throw policyFault(at, [...(issue?.path ?? []), ...unknown], reason);
  }
  const decimals = Number(result.data.decimals ?? 0n); // integer: it is at most 6
  const segments = layOverlays(result.data, decimals, (path, reason) => policyFault(at, path, reason));
  return { hash: policyHash(data as Json), decimals, segments }; // the schema let through nothing but JSON
}

/**
 * The hash that governance votes on: keccak-256 of the policy's canonical JSON (keys sorted, no white space, UTF-8, no
 * line break at the end), exactly the keys and values of the file.
 */
export function policyHash(document: Json): Hash32 {
  return bytesToHex(keccak256(encoder.encode(canonicalJson(document)))) as string as Hash32; // 32 bytes by construction
}

function policyFault(at: string, path: readonly PropertyKey[], reason: string): InputError {
  const shown = path.reduce<string>(
    (text, step) => text + (typeof step === 'number' ? `[${step}]` : `.${String(step)}`),
    at,
  );
  return new InputError({
    code: 'POLICY_INVALID',
    shortMessage: `${shown}: ${reason}`,
    details: { path: shown, reason },
  });
}
