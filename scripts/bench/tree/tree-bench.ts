import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import type { CaseResult } from './case.ts';
import type { HashWayName } from './hashers.ts';
import { HASH_WAYS } from './hashers.ts';
import type { TreeWayName } from './trees.ts';
import { TREE_WAYS } from './trees.ts';

const CASE = fileURLToPath(new URL('case.ts', import.meta.url));

/** What to measure. */
export interface TreeBenchOptions {
  /** Leaves of the trees that every peer builds; at least 2 each. */
  readonly leaves: readonly number[];
  /** Leaves of a tree from packed bytes alone; 0 for none. */
  readonly packed: number;
  /** Messages that each way to hash is given, at least 20,000. */
  readonly messages: number;
  /** Hears of each measurement before it begins. */
  readonly tell: (what: string) => void;
}

/** A tree that was built. */
export interface TreeRow {
  readonly kind: 'tree';
  readonly name: string;
  readonly leaves: number;
  readonly milliseconds: number;
  readonly peakBytes: number;
  readonly proof: number;
  /** How many times as long as ours from the same values, and how many times its memory; 1 for ours. */
  readonly times: number;
  readonly timesMemory: number;
}

/** A way to hash pairs of nodes. */
export interface HashRow {
  readonly kind: 'hash';
  readonly name: string;
  readonly perSecond: number;
  /** How many times as long as our fastest. */
  readonly times: number;
}

/** merkletreejs looks each leaf up among all others: beyond this it takes minutes. */
const MOST_OF_MERKLETREEJS = 200_000;

/**
 * Builds trees of equal content in processes of their own, one after the other, and hashes pairs of nodes in every way.
 *
 * @throws Error when two of them did not hash the same, or a process fails
 */
export async function treeBench({ leaves, packed, messages, tell }: TreeBenchOptions): Promise<(TreeRow | HashRow)[]> {
  const rows: (TreeRow | HashRow)[] = [];
  for (const count of leaves) {
    const names: readonly TreeWayName[] =
      count > MOST_OF_MERKLETREEJS
        ? ['values', 'packed', 'openzeppelin']
        : ['values', 'packed', 'openzeppelin', 'merkletreejs'];
    rows.push(...(await trees(names, count, tell)));
  }
  if (packed > 0) rows.push(...(await trees(['packed'], packed, tell)));
  if (messages > 0) rows.push(...(await hashes(messages, tell)));
  return rows;
}

async function trees(names: readonly TreeWayName[], leaves: number, tell: (what: string) => void): Promise<TreeRow[]> {
  const results: [TreeWayName, CaseResult][] = [];
  for (const name of names) {
    tell(`${TREE_WAYS[name].name}, ${leaves} leaves`);
    results.push([name, await inOwnProcess('tree', name, leaves)]);
  }
  const ours = equalContent(results);
  return results.map(([name, { milliseconds, peakBytes, proof }]) => ({
    kind: 'tree',
    name: TREE_WAYS[name].name,
    ...{ leaves, milliseconds, peakBytes, proof },
    times: milliseconds / ours.milliseconds,
    timesMemory: peakBytes / ours.peakBytes,
  }));
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
