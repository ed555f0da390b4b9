import { keccak256 } from '../../protocol/keccak.ts';
import type { Json } from '../report/canonical-json.ts';
import { canonicalJson } from '../report/canonical-json.ts';

const encoder = new TextEncoder();

/** The content hash of a policy: keccak-256 of its canonical JSON. Comments and notes are no part of it. */
export function policyHash(policy: Readonly<Record<string, unknown>>): string {
  const hash = keccak256(encoder.encode(canonicalJson(policy as Json))); // read from JSON, so it is JSON
  return `0x${Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
