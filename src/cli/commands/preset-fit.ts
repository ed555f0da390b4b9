import type { Command } from 'commander';

import { formatWad } from '../../settlement/preset/decimals.ts';
import type { Benchmark, Fit } from '../../simulation/fit-law.ts';
import { fitLaw } from '../../simulation/fit-law.ts';
import type { CommandContext } from '../io.ts';
import { benchmarkArgument } from '../options/benchmark.ts';
import { jsonDocument } from '../output/json-document.ts';
import { table } from '../output/table.ts';
import { grouped } from '../../protocol/tokens.ts';

const DESCRIPTION =
  "Solves for a, b and c of a reserve's law from benchmarks: with so many effective participants, this part of an epoch is withheld. Three benchmarks are met exactly, more of them as closely as possible (least squares).";

/** `lode preset fit`: the figures of a reserve law from points that people understand. */
export function addPresetFit(group: Command, { io }: CommandContext): void {
  group
    .command('fit')
    .summary("solve for the figures of a reserve's law")
    .description(DESCRIPTION)
    .argument(
      '<points...>',
      'effective participants and the part withheld: 10=95% 100=70% 1000=1.1666…%',
      benchmarkArgument,
    )
    .option('--json', 'print one JSON document on stdout')
    .action((points: readonly Benchmark[], { json }: { readonly json?: true }) => {
      const fit = fitLaw(points);
      io.out(json === true ? jsonDocument(documentOf(fit)) : inWords(fit));
    });
}

/** Numbers as a preset writes them. */
function documentOf({ a, b, c, method, points }: Fit) {
  return {
    a: formatWad(a),
    b: formatWad(b),
    c: formatWad(c),
    method,
    points: points.map(({ participants, withheld, reached, residual }) => ({
      participants,
      withheld: formatWad(withheld),
      reached: formatWad(reached),
      residual: signed(residual),
    })),
  };
}

function inWords(fit: Fit): string {
  const { a, b, c, points } = documentOf(fit);
  const right = (title: string) => ({ title, align: 'right' }) as const;
  const how = fit.method === 'exact' ? 'through three points' : `the least squares of ${points.length} points`;
  return [
    `L(n) = a / (1 + exp(−b·(n − c))), ${how}; an epoch withholds 1 − L(n)\n\n`,
    `  "a": "${a}",\n  "b": "${b}",\n  "c": "${c}",\n\n`,
    table(
      [right('n'), right('withheld, asked'), right('by the law'), right('residual')],
      points.map(({ participants, withheld, reached, residual }) => [
        grouped(participants),
        withheld,
        reached,
        residual,
      ]),
    ),
    '\nThe law is computed as the contracts do. n is the effective number, m · Σ weight · participants over the m tasks.\n',
  ].join('');
}

function signed(wad: bigint): string {
  return wad < 0n ? `-${formatWad(-wad)}` : formatWad(wad);
}
