import { format, resolveConfig } from 'prettier';

import { grouped } from '../../../src/protocol/tokens.ts';
import type { Chart } from '../../../src/simulation/chart/chart.ts';
import { svgChart } from '../../../src/simulation/chart/svg-chart.ts';
import { growthOf } from '../epoch/epoch-bench.ts';
import type { HashRow, TreeRow } from '../tree/tree-bench.ts';
import type { BenchFigures } from './figures.ts';
import { GROWTH_ROWS, growing, targetsOf } from './figures.ts';

type Cells = readonly string[];

/** `docs/benchmarks.md` as the figures have it. */
export async function benchmarksPage(figures: BenchFigures): Promise<string> {
  const { machine, tree, epochs, scoring, paths } = figures;
  const trees = tree.filter((row): row is TreeRow => row.kind === 'tree');
  const hashes = tree.filter((row): row is HashRow => row.kind === 'hash');
  const text = `# Benchmarks

<!-- Generated from snapshots/benchmarks.json, which \`npm run bench\` writes; not to be edited. -->

One run of \`npm run bench\` on ${machine}. Ratios are of work done side by side in that run. Gas is in [gas.md](gas.md), taking contributions
in is in [ingest.md](ingest.md), what follows for larger sizes in [scale.md](scale.md).

## What was promised

${markdown(
  ['what', 'promised', '>seen', 'held'],
  targetsOf(figures).map(({ what, asked, seen, ok }) => [what, asked, seen, ok ? 'yes' : '**no**']),
)}

## Trees

Each tree in a process of its own. Leaves are equal byte for byte: the double hash of \`abi.encode(address, uint256)\`. _×_ is beside ours from
the same input: packed bytes, or values (addresses as text, whole numbers) that have to be encoded first.

${markdown(
  ['>leaves', 'tree', 'from', '>seconds', '>× time', '>peak MB', '>× peak'],
  trees.map((row) => [
    grouped(row.leaves),
    row.name,
    row.input,
    (row.milliseconds / 1000).toFixed(2),
    row.times.toFixed(1),
    row.peakBytes === null ? '' : grouped(Math.round(row.peakBytes / 1e6)),
    row.timesMemory?.toFixed(2) ?? '',
  ]),
)}

${markdown(
  ['keccak-256 of 64 bytes', '>hashes a second', '>× time'],
  hashes.map(({ name, perSecond, times }) => [name, grouped(Math.round(perSecond)), times.toFixed(1)]),
)}

## Whole epochs

From the Parquet file of an epoch's contributions to a finished report with every proof shard, each byte of it on the disk and hashed:
\`lode replay\`, in a process of its own. The policy is LingoAI's.

${markdown(
  [
    '>rows',
    '>accounts',
    '>read',
    '>score',
    '>settle',
    '>report',
    '>all',
    '>peak MB',
    '>report MB',
    '>files',
    '>µs for an account',
  ],
  epochs.map((row) => [
    grouped(row.rows),
    grouped(row.accounts),
    ...[row.milliseconds.ledger, row.milliseconds.scores, row.milliseconds.settlement, row.milliseconds.report].map(
      (part) => `${(part / 1000).toFixed(1)} s`,
    ),
    `${row.seconds.toFixed(1)} s`,
    grouped(Math.round(row.peakBytes / 1e6)),
    grouped(Math.round(row.bytes / 1e6)),
    grouped(row.files),
    row.microsecondsPerAccount.toFixed(1),
  ]),
)}

With ${GROWTH_ROWS} rows for each account, processor time grows with the accounts to the power of ${growthOf(growing(epochs)).toFixed(2)}.

![Processor time and memory for each account, from the smallest epoch to the largest](charts/epoch-growth.svg)

## Whole numbers beside floats

The same query over the same rows, in turns within one process, the best run of each. _Results_ are how many different ones came out with one
thread, with all, and with the rows in another order.

${markdown(
  ['scores', '>rows', '>exact', '>floats', '>ratio', '>results exact', '>results in floats'],
  scoring.map((row) => [
    row.what,
    grouped(row.rows),
    `${row.exact.toFixed(2)} s`,
    `${row.floats.toFixed(2)} s`,
    row.ratio.toFixed(2),
    `${row.exactResults}`,
    `${row.floatResults}`,
  ]),
)}

## Paths of chance

20 years of days of LingoPod, in doubles and labelled so. Ten paths beside the exact code came within ${paths.seen.toExponential(1)} of everything
emitted; the derivation allows ${paths.bound.toExponential(1)}.

${markdown(
  ['simulation', '>paths', '>epochs', '>cores', '>seconds', '>beside exact, a path and core'],
  paths.rows.map((row) => [
    row.what,
    ...[row.paths, row.epochs, row.cores].map(grouped),
    row.seconds.toFixed(1),
    `${row.ratio.toFixed(1)}×`,
  ]),
)}
`;
  return await format(text, { ...(await resolveConfig('docs/benchmarks.md')), parser: 'markdown' });
}

/** A table of Markdown; a title that begins with `>` is that of numbers. */
function markdown(titles: Cells, rows: readonly Cells[]): string {
  const line = (cells: Cells): string => `| ${cells.join(' | ')} |`;
  return [
    line(titles.map((title) => title.replace('>', ''))),
    line(titles.map((title) => (title.startsWith('>') ? '--:' : '---'))),
    ...rows.map(line),
  ].join('\n');
}

/** What an account costs as epochs grow: level lines are linear growth. */
export function growthChart(figures: BenchFigures): string {
  const rows = growing(figures.epochs);
  const panel = (title: string, values: readonly number[], colour: string) => ({
    title,
    height: 150,
    layers: [{ kind: 'columns' as const, name: title, colour, values }],
  });
  const chart: Chart = {
    title: 'What one account costs, by the size of its epoch',
    subtitle: `whole epochs with ${GROWTH_ROWS} contributions for each account; columns of equal height are linear growth`,
    steps: rows.length,
    marks: rows.map(({ accounts }, at) => ({ at, text: `${grouped(accounts)} accounts` })),
    panels: [
      panel(
        'microseconds of processor time',
        rows.map(({ microsecondsPerAccount }) => microsecondsPerAccount),
        '#2563eb',
      ),
      panel(
        'bytes of memory at the peak',
        rows.map(({ bytesPerAccount }) => bytesPerAccount),
        '#0d9488',
      ),
    ],
    footnote: 'Small epochs bear the start of the program: Node, the engine, its tables.',
  };
  return svgChart(chart);
}
