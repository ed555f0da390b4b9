import { readIngested } from '../../../src/operator/ingest/segments.ts';
import { loadId } from './load.ts';

/** What a folder holds beside what was answered for. */
export interface Accounted {
  /** Rows in the folder. */
  readonly found: number;
  /** Rows that were answered for and are not there. */
  readonly lost: number;
  /** Rows that are there more than once. */
  readonly twice: number;
  /** Rows that are there though nobody was told so: their batch was ended in the middle. */
  readonly untold: number;
}

/** Holds the rows of an ingest folder against the batches that were answered for. */
export async function account(
  folder: string,
  taken: readonly (readonly number[])[],
  rowsPerBatch: number,
): Promise<Accounted> {
  const counts = new Map<string, number>();
  for (const { rows } of await readIngested(folder)) {
    for (const row of rows) {
      const id = 'fields' in row ? (row.fields.get('id') ?? '') : '';
      counts.set(id, (counts.get(id) ?? 0) + 1);
    }
  }
  const told = new Set(
    taken.flatMap((sequences, recorder) =>
      sequences.flatMap((sequence) => Array.from({ length: rowsPerBatch }, (_, at) => loadId(recorder, sequence, at))),
    ),
  );
  const values = [...counts.values()];
  return {
    found: values.reduce((total, count) => total + count, 0),
    lost: [...told].filter((id) => !counts.has(id)).length,
    twice: values.filter((count) => count > 1).length,
    untold: [...counts.keys()].filter((id) => !told.has(id)).length,
  };
}
