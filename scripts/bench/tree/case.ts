/** One measurement of the bench, in a process of its own: `case.ts tree WAY LEAVES` or `case.ts hash WAY MESSAGES`. Prints a line of JSON. */
import { keccak256 } from '../../../src/protocol/keccak.ts';
import { bytesToHex } from '../../../src/protocol/words.ts';
import { packedEntries } from './content.ts';
import type { HashWayName } from './hashers.ts';
import { HASH_WAYS, MESSAGE } from './hashers.ts';
import { digestOf } from './packed-tree.ts';
import type { TreeWayName } from './trees.ts';
import { TREE_WAYS } from './trees.ts';

/** What a process measured. */
export interface CaseResult {
  readonly milliseconds: number;
  /** The most memory that the process ever had, everything included; null where it is not measured. */
  readonly peakBytes: number | null;
  /** Equal where the same content was hashed. */
  readonly content: string;
  /** Siblings in a proof; 0 where nothing is proven. */
  readonly proof: number;
}

const [kind, way = '', size = ''] = process.argv.slice(2);
const result =
  kind === 'hash' ? await hashes(way as HashWayName, Number(size)) : await tree(way as TreeWayName, Number(size));
console.log(JSON.stringify(result));

async function tree(name: TreeWayName, leaves: number): Promise<CaseResult> {
  const build = await TREE_WAYS[name].prepare(leaves);
  const start = performance.now();
  const built = build();
  const milliseconds = performance.now() - start;
  const peak = peakBytes();
  return { milliseconds, peakBytes: peak, content: digestOf(built), proof: built.proof };
}

async function hashes(name: HashWayName, messages: number): Promise<CaseResult> {
  const hash = await HASH_WAYS[name].prepare();
  const source = packedEntries(messages);
  const target = new Uint8Array(messages * 32);
  // What was not called before is not compiled to the full yet.
  const warm = Math.min(messages, 20_000);
  hash(source.subarray(0, warm * MESSAGE), target.subarray(0, warm * 32));
  const start = performance.now();
  let rounds = 0;
  for (; rounds === 0 || performance.now() - start < 1_000; rounds++) hash(source, target);
  const milliseconds = (performance.now() - start) / rounds;
  return { milliseconds, peakBytes: peakBytes(), content: bytesToHex(keccak256(target)), proof: 0 };
}

function peakBytes(): number {
  return process.resourceUsage().maxRSS * 1024;
}
