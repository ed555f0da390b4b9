import type { Hash32 } from '../../protocol/brands.ts';
import { keccak256 } from '../../protocol/keccak.ts';
import { bytesToHex } from '../../protocol/words.ts';
import { canonicalJson } from '../report/canonical-json.ts';
import type { Json } from '../report/canonical-json.ts';
import { issueWords } from '../issue-words.ts';
import { layOverlays } from './lay-overlays.ts';
import type { Policy } from './policy.ts';
import { policyFault } from './policy-fault.ts';
import { policySchema } from './policy-schema.ts';

const encoder = new TextEncoder();

/**
 * Reads a policy from parsed JSON. Unknown keys, numbers in another spelling or outside their bounds, overlapping
 * overlays and rules that an overlay leaves incomplete are refused.
 *
 * @param at what messages call the place of the policy in its file
 * @throws {InputError} `POLICY_INVALID`; `details.path` is the path in the file, `details.steps` the same in
 *   steps, `details.reason` says what is wrong there
 * @example
 * parsePolicy({ format: 'lode-policy-v1', tasks: { voice: { minimumScore: '1', measures: { units: { points: '2' } } } } })
 */
export function parsePolicy(data: unknown, at = 'policy'): Policy {
  const hidden = hiddenKey(data);
  if (hidden !== undefined) throw policyFault(at, hidden, 'this key is not known');
  const result = policySchema.safeParse(data);
  if (!result.success) {
    const issue = result.error.issues[0];
    const unknown = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
    const reason =
      unknown.length > 0 ? 'this key is not known' : issue === undefined ? 'this is not a policy' : issueWords(issue);
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

/** The path of a key that validation passes over without a word, and that a hash would still cover. */
function hiddenKey(data: unknown): readonly (string | number)[] | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  if (Object.hasOwn(data, '__proto__')) return ['__proto__'];
  for (const [key, value] of Object.entries(data)) {
    const inner = hiddenKey(value);
    if (inner !== undefined) return [Array.isArray(data) ? Number(key) : key, ...inner]; // integer: an index
  }
  return undefined;
}
