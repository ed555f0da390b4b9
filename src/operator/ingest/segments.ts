import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { RefusedError } from '../../protocol/errors.ts';
import type { RawFile } from '../../settlement/ledger/build-ledger.ts';
import { readNdjson } from '../../settlement/ledger/read-ndjson.ts';
import type { RawRow } from '../../settlement/ledger/rows.ts';
import { ifThere } from '../../store/if-there.ts';
import { scanSegment } from './segment-format.ts';
import type { ScannedSegment } from './segment-format.ts';

/** A file of batches in the ingest folder. */
export interface SegmentFile {
  readonly number: number;
  /** `00000001.seg`. */
  readonly name: string;
  readonly path: string;
}

const NAME = /^(\d{8,12})\.seg$/;

/** The name of a segment by its number, from 1 on. */
export function segmentName(number: number): string {
  return `${String(number).padStart(8, '0')}.seg`;
}

/** The segments of a folder by number; none when there is no such folder. */
export async function listSegments(folder: string): Promise<readonly SegmentFile[]> {
  const names = (await ifThere(readdir(folder))) ?? [];
  return names
    .flatMap((name) => {
      const number = Number(NAME.exec(name)?.[1] ?? 0);
      return number > 0 && name === segmentName(number) ? [{ number, name, path: join(folder, name) }] : [];
    })
    .sort((a, b) => a.number - b.number);
}

/**
 * Reads a segment. Only the last of a folder may end in the middle of a record: there somebody may be writing, or has been
 * ended while writing, and nobody has been told that such a batch was taken.
 *
 * @throws {RefusedError} `SEGMENT_DAMAGED` when what had been written is not what it was
 */
export async function readSegment({ path, number }: SegmentFile, isLast: boolean): Promise<ScannedSegment> {
  const scanned = scanSegment(await readFile(path));
  const { header, rest } = scanned;
  if (rest === 'damaged' || (rest === 'torn' && !isLast)) throw damaged(path, scanned, 'holds no whole record');
  if (header === null && !isLast) throw damaged(path, scanned, 'does not say what it is');
  if (header !== null && header.segment !== number) {
    throw damaged(path, scanned, `says that it is the segment ${header.segment}`);
  }
  return scanned;
}

function damaged(path: string, { good, line }: ScannedSegment, what: string): RefusedError {
  return new RefusedError({
    code: 'SEGMENT_DAMAGED',
    shortMessage: `${path}:${line} ${what}`,
    details: {
      ...{ path, line, byte: good },
      next: 'put back a copy of this file from a mirror or a backup; nothing was changed, and nothing is read from this folder until then',
    },
  });
}

/** Makes sure that a segment goes on from the last checksum of the one before, where that one is still known. */
export function assertFollows(file: SegmentFile, own: ScannedSegment, before: string | null): void {
  if (before !== null && own.header !== null && own.header.previous !== before) {
    throw damaged(file.path, { ...own, line: 1, good: 0 }, 'does not go on where the segment before it ends');
  }
}

/**
 * Every contribution that the endpoint has taken: a file for each segment, whose lines are the segment's own. It can be read
 * while the endpoint writes, and then has all that had been answered for before it was begun.
 *
 * @param folder the folder `ingest` of an operator's data folder; where there is none, nothing was taken
 * @throws {RefusedError} `SEGMENT_DAMAGED`
 */
export async function readIngested(folder: string): Promise<RawFile[]> {
  const files: RawFile[] = [];
  for await (const { name, scanned } of scanIngested(folder)) files.push({ file: name, rows: rowsOfSegment(scanned) });
  return files;
}

/** A segment that was held against its checksums. */
export interface IngestedSegment {
  readonly segment: SegmentFile;
  /** What rejects call it. */
  readonly name: string;
  readonly isLast: boolean;
  readonly scanned: ScannedSegment;
}

/**
 * The segments of a folder one after the other, each held against its own checksums and the last one of the segment before.
 *
 * @throws {RefusedError} `SEGMENT_DAMAGED`
 */
export async function* scanIngested(folder: string): AsyncGenerator<IngestedSegment> {
  const segments = await listSegments(folder);
  let before: { readonly number: number; readonly sum: string } | null = null;
  for (const segment of segments) {
    const isLast = segment === segments.at(-1);
    const scanned = await readSegment(segment, isLast);
    assertFollows(segment, scanned, before?.number === segment.number - 1 ? before.sum : null);
    before = { number: segment.number, sum: scanned.sum };
    yield { segment, name: `ingest/${segment.name}`, isLast, scanned };
  }
}

/** The rows of a segment, whose lines are the segment's own. */
export function rowsOfSegment({ batches }: ScannedSegment): RawRow[] {
  return readNdjson(batches.flatMap(({ line, rows }) => rows.map((text, index) => ({ line: line + index, text }))));
}
