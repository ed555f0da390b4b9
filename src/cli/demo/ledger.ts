import { fileURLToPath } from 'node:url';

import { totalCounts } from '../../settlement/ledger/build-ledger.ts';
import type { PresetParameters } from '../../settlement/preset/preset-parameters.ts';
import { scoreEpochs, type EpochScores } from '../../store/duckdb-scoring.ts';
import { readLedger } from '../../store/read-ledger.ts';
import type { Counts } from '../../settlement/ledger/rows.ts';

const TLDR = fileURLToPath(new URL('../../../examples/tldr/', import.meta.url));

/** The files of the example ledger, the real history of a real community. */
export const EXAMPLE = {
  contributions: `${TLDR}tldr-contributions.csv.gz`,
  usage: `${TLDR}tldr-usage.csv.gz`,
} as const;

/** What the example ledger says about the epochs of the demo. */
export interface DemoLedger {
  /** Every row that was read is in exactly one of these. */
  readonly counts: Counts;
  readonly scores: readonly EpochScores[];
}

/** Reads the example ledger and scores `epochs` epochs of it by the preset's policy. */
export async function readExample(parameters: PresetParameters, epochs: number): Promise<DemoLedger> {
  const { start, epochLength: length } = parameters.economy;
  const { taskMap, policy } = parameters;
  const ledger = await readLedger(
    { contributions: [{ path: EXAMPLE.contributions }], usage: [{ path: EXAMPLE.usage }] },
    { taskMap, range: { start, end: start + epochs * length }, epochs: { from: 0, to: epochs } },
  );
  const scores = await scoreEpochs({
    ledger,
    policy,
    tasks: parameters.tasks,
    taskMap,
    clock: { start, length },
    fromEpoch: 0,
    toEpoch: epochs,
  });
  return { counts: totalCounts(ledger.counts), scores };
}
