import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { z } from 'zod';

import { writeWhole } from '../../store/write-whole.ts';
import type { ScannedSegment } from './segment-format.ts';
import { segmentName } from './segments.ts';

const indexSchema = z.strictObject({
  format: z.literal('lode-ingest-index-v1'),
  segment: z.int().positive(),
  bytes: z.int().positive(),
  batches: z.int().nonnegative(),
  rows: z.int().nonnegative(),
  /** The segment's last checksum. */
  last: z.string(),
  chainId: z.int(),
  distributor: z.string(),
  /** The first and the last sequence of each recorder in it. */
  recorders: z.record(z.string(), z.tuple([z.int(), z.int()])),
});

/** What has to be known of a segment that is not written to any more, so that it need not be read again. */
export type SegmentIndex = z.output<typeof indexSchema>;

const pathOf = (folder: string, number: number) => join(folder, segmentName(number).replace('.seg', '.json'));

/** What is known of a segment after reading it whole. */
export function indexOf(number: number, { header, batches, good, sum }: ScannedSegment): SegmentIndex {
  const recorders: Record<string, [number, number]> = {};
  for (const { recorder, sequence } of batches) {
    const [first] = recorders[recorder] ?? [sequence];
    recorders[recorder] = [first, sequence];
  }
  return {
    format: 'lode-ingest-index-v1',
    ...{ segment: number, bytes: good, batches: batches.length },
    rows: batches.reduce((total, { rows }) => total + rows.length, 0),
    last: sum,
    chainId: header?.chainId ?? 0,
    distributor: header?.distributor ?? '',
    recorders,
  };
}

/**
 * Reads the index of a segment; null when there is none, or when it is not that of the segment's bytes: it can be made again.
 *
 * @param bytes the size of the segment; null when it is not here any more, so that its index is all there is
 */
export async function readIndex(folder: string, number: number, bytes: number | null): Promise<SegmentIndex | null> {
  try {
    const index = indexSchema.parse(JSON.parse(await readFile(pathOf(folder, number), 'utf8')));
    return index.segment === number && (bytes === null || index.bytes === bytes) ? index : null;
  } catch {
    return null;
  }
}

/** The numbers of all segments that have an index, whether or not they are still here. */
export async function listIndexes(folder: string): Promise<readonly number[]> {
  const names = await readdir(folder);
  return names.flatMap((name) => (/^\d{8,12}\.json$/.test(name) ? [Number(name.slice(0, -'.json'.length))] : []));
}

/** Writes an index beside its segment, whole or not at all. */
export async function writeIndex(folder: string, index: SegmentIndex): Promise<void> {
  await writeWhole(pathOf(folder, index.segment), new TextEncoder().encode(`${JSON.stringify(index)}\n`));
}
