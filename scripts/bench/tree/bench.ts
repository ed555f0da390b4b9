/**
 * `npm run bench -- tree [--leaves 10000,100000] [--packed 1000000] [--browser 1000000] [--hashes 200000] [--json FILE]`: trees of (address, uint256) beside
 * those of others, and ways to hash. At a million leaves OpenZeppelin's takes minutes: `--leaves 10000,100000,1000000 --packed 10000000`.
 */
import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';

import { table } from '../../../src/cli/output/table.ts';
import { grouped } from '../../../src/protocol/tokens.ts';
import type { HashRow, TreeRow } from './tree-bench.ts';
import { treeBench } from './tree-bench.ts';

const { values } = parseArgs({
  options: {
    leaves: { type: 'string', default: '10000,100000' },
    packed: { type: 'string', default: '1000000' },
    browser: { type: 'string', default: '1000000' },
    hashes: { type: 'string', default: '200000' },
    json: { type: 'string' },
  },
});
const leaves = values.leaves.split(',').map(Number);
const [packed, browser, messages] = [Number(values.packed), Number(values.browser), Number(values.hashes)];
if (
  !leaves.every((count) => Number.isInteger(count) && count >= 2) ||
  !(packed >= 0 && browser >= 0) ||
  !(messages >= 20_000)
) {
  throw new Error(
    'usage: npm run bench -- tree [--leaves N,…, from 2] [--packed N] [--browser N] [--hashes N, from 20000] [--json FILE]',
  );
}

const tell = (what: string): void => console.error(`measuring ${what}`);
const rows = await treeBench({ leaves, packed, browser, messages, tell });
const right = (...titles: string[]) => titles.map((title) => ({ title, align: 'right' as const }));
const trees = rows.filter((row): row is TreeRow => row.kind === 'tree');
const hashers = rows.filter((row): row is HashRow => row.kind === 'hash');

console.log(`\n${availableParallelism()} cores, each tree in a process of its own\n`);
console.log(
  table(
    [
      ...right('leaves'),
      { title: 'tree of (address, uint256)' },
      { title: 'from' },
      ...right('seconds', '× time', 'peak MB', '× peak', 'proof'),
    ],
    trees.map((row) => [
      grouped(row.leaves),
      row.name,
      row.input,
      (row.milliseconds / 1000).toFixed(3),
      row.times.toFixed(2),
      row.peakBytes === null ? '' : String(Math.round(row.peakBytes / 1e6)),
      row.timesMemory?.toFixed(2) ?? '',
      String(row.proof),
    ]),
  ),
);
console.log(
  '× is beside ours from the same input: packed bytes, or values (addresses as text, whole numbers) to be encoded first.',
);
console.log(
  'Leaves are equal byte for byte: the double hash of abi.encode(address, uint256). Nodes are not: the others sort each pair, so',
);
console.log(
  'that a proof has no position; lode pairs by position with 0 as padding, so that a proof says which leaf it is, of how many.\n',
);
console.log(
  table(
    [{ title: 'keccak-256 of 64 bytes' }, ...right('hashes/s', '× time')],
    hashers.map((row) => [row.name, grouped(Math.round(row.perSecond)), row.times.toFixed(2)]),
  ),
);
if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(rows, null, 2)}\n`);
