import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import type { CaseResult } from './case.ts';
import type { HashWayName } from './hashers.ts';
import { HASH_WAYS } from './hashers.ts';
import { treeInBrowser } from './in-browser.ts';
import type { TreeWayName } from './trees.ts';
import { TREE_WAYS } from './trees.ts';

const CASE = fileURLToPath(new URL('case.ts', import.meta.url));

/** What to measure. */
export interface TreeBenchOptions {
  /** Leaves of the trees that every peer builds; at least 2 each. */
  readonly leaves: readonly number[];
  /** Leaves of a tree from packed bytes alone; 0 for none. */
  readonly packed: number;
  /** Leaves of a tree in a browser's worker, beside the same in Node; 0 for none. */
  readonly browser: number;
  /** Messages that each way to hash is given, at least 20,000. */
  readonly messages: number;
  /** Hears of each measurement before it begins. */
  readonly tell: (what: string) => void;
}

/** A tree that was built. */
export interface TreeRow {
  readonly kind: 'tree';
  readonly name: string;
  /** Packed bytes, or addresses and whole numbers that have to be encoded first. */
  readonly input: 'packed' | 'values';
  readonly leaves: number;
  readonly milliseconds: number;
  /** Of the whole process; null in a browser. */
  readonly peakBytes: number | null;
  readonly proof: number;
  /** How many times as long as ours from the same input, and how many times its memory. */
  readonly times: number;
  readonly timesMemory: number | null;
}

/** A way to hash pairs of nodes. */
export interface HashRow {
  readonly kind: 'hash';
  readonly name: string;
  readonly perSecond: number;
  /** How many times as long as our fastest. */
  readonly times: number;
}

/** Leaves up to which merkletreejs is measured, too: its ratios say nothing else beyond. */
const MOST_OF_MERKLETREEJS = 200_000;

const SMALL: readonly TreeWayName[] = ['packed', 'merkletreejs-noble', 'merkletreejs-wasm', 'values', 'openzeppelin'];
const LARGE: readonly TreeWayName[] = ['packed', 'values', 'openzeppelin'];

/**
 * Builds trees of equal content in processes of their own, one after the other, and hashes pairs of nodes in every way.
 *
 * @throws Error when two of them did not hash the same, or a process fails
 */
export async function treeBench({
  leaves,
  packed,
  browser,
  messages,
  tell,
}: TreeBenchOptions): Promise<(TreeRow | HashRow)[]> {
  const rows: (TreeRow | HashRow)[] = [];
  for (const count of leaves) rows.push(...(await trees(count > MOST_OF_MERKLETREEJS ? LARGE : SMALL, count, tell)));
  if (packed > 0) rows.push(...(await trees(['packed'], packed, tell)));
  if (browser > 0) rows.push(...(await inNodeAndBrowser(browser, tell)));
  if (messages > 0) rows.push(...(await hashes(messages, tell)));
  return rows;
}

/** A tree that was built, and how. */
interface Built {
  readonly name: string;
  readonly input: TreeRow['input'];
  readonly result: CaseResult;
}

async function trees(ways: readonly TreeWayName[], leaves: number, tell: (what: string) => void): Promise<TreeRow[]> {
  const built: Built[] = [];
  for (const way of ways) {
    const { name, input } = TREE_WAYS[way];
    tell(`${name} from ${input}, ${leaves} leaves`);
    built.push({ name, input, result: await inOwnProcess('tree', way, leaves) });
  }
  return treeRows(leaves, built);
}

async function inNodeAndBrowser(leaves: number, tell: (what: string) => void): Promise<TreeRow[]> {
  const inNode = await inOwnProcess('tree', 'packed', leaves);
  tell(`lode in a browser’s worker, ${leaves} leaves`);
  const inBrowser = { ...(await treeInBrowser(leaves)), peakBytes: null };
  return treeRows(leaves, [
    { name: TREE_WAYS.packed.name, input: 'packed', result: inNode },
    { name: 'lode in a browser’s worker', input: 'packed', result: inBrowser },
  ]);
}

/** Rows with ratios to the first of the same input, which is ours. */
function treeRows(leaves: number, built: readonly Built[]): TreeRow[] {
  equalContent(built.map(({ name, result }) => [name, result]));
  return built.map(({ name, input, result }) => {
    const { milliseconds, peakBytes, proof } = result;
    const ours = (built.find((other) => other.input === input) as Built).result; // At least itself.
    return {
      kind: 'tree',
      ...{ name, input, leaves, milliseconds, peakBytes, proof },
      times: milliseconds / ours.milliseconds,
      timesMemory: peakBytes === null || ours.peakBytes === null ? null : peakBytes / ours.peakBytes,
    };
  });
}

async function hashes(messages: number, tell: (what: string) => void): Promise<HashRow[]> {
  const results: [HashWayName, CaseResult][] = [];
  for (const name of Object.keys(HASH_WAYS) as HashWayName[]) {
    tell(`${HASH_WAYS[name].name}, ${messages} pairs`);
    results.push([name, await inOwnProcess('hash', name, messages)]);
  }
  const ours = equalContent(results);
  return results.map(([name, { milliseconds }]) => ({
    kind: 'hash',
    name: HASH_WAYS[name].name,
    perSecond: (messages * 1000) / milliseconds,
    times: milliseconds / ours.milliseconds,
  }));
}

/** The first result, after all were found to have hashed the same. */
function equalContent(results: readonly (readonly [name: string, result: CaseResult])[]): CaseResult {
  const [first] = results;
  if (first === undefined) throw new Error('nothing was measured');
  for (const [name, { content }] of results) {
    if (content !== first[1].content) throw new Error(`${name} hashed something else than ${first[0]}`);
  }
  return first[1];
}

async function inOwnProcess(kind: string, name: string, size: number): Promise<CaseResult> {
  const memory = '--max-old-space-size=8192';
  const args = [memory, '--import', 'tsx', CASE, kind, name, String(size)];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout) as CaseResult; // From case.ts.
}
