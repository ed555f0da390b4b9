/**
 * Writes test/vectors/*.json: the figures that the Solidity tests and the TypeScript tests share.
 *
 * Usage: npx tsx scripts/vectors/generate.ts
 *
 * Nothing of the protocol's own code is used: exp and ln come from plain series with 100 decimals, encodings and hashes from
 * ethers, the rest from the words of docs written once more. A test compares the committed files with a new run.
 */
import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

import type { VectorValue } from './columns.ts';
import { checksumVectors, clockVectors, leafVectors, recordVectors } from './leaf-and-record.ts';
import { fixedPointVectors, reserveLawVectors } from './reserve-law.ts';
import { splitVectors } from './splits.ts';
import { treeVectors } from './tree.ts';
import { vestingVectors } from './vesting.ts';

/** The files' texts by name, without their ending. */
export function generateVectors(): ReadonlyMap<string, string> {
  const files: Readonly<Record<string, Readonly<Record<string, VectorValue>>>> = {
    leaf: leafVectors(),
    record: recordVectors(),
    checksum: checksumVectors(),
    'epoch-clock': clockVectors(),
    'fixed-point': fixedPointVectors(),
    'reserve-law': reserveLawVectors(),
    splits: splitVectors(),
    tree: treeVectors(),
    'vesting-curve': vestingVectors(),
  };
  return new Map(Object.entries(files).map(([name, content]) => [name, `${JSON.stringify(content, null, 1)}\n`]));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const folder = new URL('../../test/vectors/', import.meta.url);
  for (const [name, text] of generateVectors()) writeFileSync(new URL(`${name}.json`, folder), text);
}
