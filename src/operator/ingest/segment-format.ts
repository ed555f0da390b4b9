import { createHash } from 'node:crypto';

import { z } from 'zod';

import { InvariantError } from '../../protocol/errors.ts';

/** Whose batches a folder holds: those of one deployment on one chain. */
export interface IngestDomain {
  readonly chainId: number;
  /** The distributor of the deployment, in small letters. */
  readonly distributor: string;
}

/** A batch as a segment holds it. */
export interface StoredBatch {
  /** The recorder that signed it, in small letters. */
  readonly recorder: string;
  /** Rises from each of a recorder's batches to the next. */
  readonly sequence: number;
  /** Rows of contributions, each a line of NDJSON, as they were signed. */
  readonly rows: readonly string[];
  /** When it was taken, by the machine's clock (`2026-01-01T00:00:00.000Z`): for people, nothing is decided by it. */
  readonly at: string;
  readonly signature: string;
}

/** A batch and the line of the segment on which its first row stands, the first line being 1. */
export interface PlacedBatch extends StoredBatch {
  readonly line: number;
}

const sum = z.string().regex(/^[0-9a-f]{64}$/);

const headerSchema = z.strictObject({
  segment: z.int().positive(),
  chainId: z.int().positive(),
  distributor: z.string(),
  /** The last checksum of the segment before. */
  previous: sum,
});

const batchSchema = z.strictObject({
  recorder: z.string(),
  sequence: z.int().nonnegative(),
  rows: z.int().positive(),
  at: z.string(),
  signature: z.string(),
});

export type SegmentHeader = z.output<typeof headerSchema>;

/** What a segment begins with. */
const HEADER = '#lode-ingest-v1 ';
/** What ends the record of a batch; a row is a JSON object and never begins like this. */
const BATCH = '#batch ';

/** The checksum before the first of all. */
export const FIRST_SUM = '0'.repeat(64);

/** A segment's first line, and its checksum. */
export function headerText(header: SegmentHeader): { readonly text: string; readonly sum: string } {
  const { segment, chainId, distributor, previous } = header;
  return withSum(`${HEADER}${JSON.stringify({ segment, chainId, distributor, previous })}`, previous);
}

/**
 * The record of a batch: its rows, a line each, and a line about them that ends with the checksum over the record and the
 * checksum before. What is between two checksums can neither be changed nor be left out.
 */
export function batchText(
  { recorder, sequence, rows, at, signature }: StoredBatch,
  previous: string,
): { readonly text: string; readonly sum: string } {
  const strange = rows.find((row) => !ROW.test(row) || HALF_PAIR.test(row));
  if (strange !== undefined) {
    throw new InvariantError({ code: 'SEGMENT_ROW', shortMessage: 'a row that is no line of NDJSON was to be stored' });
  }
  const about = JSON.stringify({ recorder, sequence, rows: rows.length, at, signature });
  return withSum(`${rows.map((row) => `${row}\n`).join('')}${BATCH}${about}`, previous);
}

function withSum(record: string, previous: string): { readonly text: string; readonly sum: string } {
  const own = sumOf(previous, record);
  return { text: `${record} ${own}\n`, sum: own };
}

function sumOf(previous: string, record: string | Uint8Array): string {
  return createHash('sha256').update(previous).update(record).digest('hex');
}

/** What a segment holds, up to the first place where it holds no whole record. */
export interface ScannedSegment {
  readonly header: SegmentHeader | null;
  readonly batches: readonly PlacedBatch[];
  /** So many bytes are whole records. */
  readonly good: number;
  /** The checksum of the last whole record. */
  readonly sum: string;
  /** The line that comes after the last whole record. */
  readonly line: number;
  /**
   * What follows: nothing; the beginning of a record, which is what a write that was cut short leaves; or anything else, so
   * that something that had been written is not what it was.
   */
  readonly rest: 'nothing' | 'torn' | 'damaged';
}

/** A row: a JSON object on one line, which is no beginning of a line about a batch. */
const ROW = /^\{.*\}$/u;
/** What UTF-8 cannot say, so that it would not be stored as it was signed. */
const HALF_PAIR = /\p{Cs}/u;
const NEWLINE = 10;
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Reads the bytes of a segment and holds every record against its checksum. */
export function scanSegment(bytes: Uint8Array): ScannedSegment {
  const batches: PlacedBatch[] = [];
  let header: SegmentHeader | null = null;
  let last = FIRST_SUM;
  let good = 0;
  let goodLine = 1;
  let line = 1;
  let rows: string[] = [];
  const upTo = (rest: ScannedSegment['rest']): ScannedSegment => ({
    ...{ header, batches, good, sum: last, line: goodLine, rest },
  });
  let start = 0;
  for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
    const text = decoded(bytes.subarray(start, end));
    line += 1;
    start = end + 1;
    if (text === null) return upTo('damaged');
    if (header !== null && !text.startsWith('#')) {
      if (!ROW.test(text)) return upTo('damaged');
      rows.push(text);
      continue;
    }
    const record = readEnding(text, bytes.subarray(good, end - SUM_LENGTH), header === null ? null : last);
    if (record === null) return upTo('damaged');
    if (header === null) header = record.header;
    else if (record.batch?.rows !== rows.length) return upTo('damaged');
    else batches.push({ ...record.batch, rows, line: goodLine });
    last = record.sum;
    good = start;
    goodLine = line;
    rows = [];
  }
  return upTo(good === bytes.length ? 'nothing' : 'torn');
}

/** A space and the digits. */
const SUM_LENGTH = 65;

type Ending =
  | { readonly header: SegmentHeader; readonly batch?: undefined; readonly sum: string }
  | { readonly header: null; readonly batch: z.output<typeof batchSchema>; readonly sum: string };

/** The last line of a record, held against its checksum; `previous` is null where the header is expected. */
function readEnding(text: string, record: Uint8Array, previous: string | null): Ending | null {
  const own = text.slice(-SUM_LENGTH);
  const prefix = previous === null ? HEADER : BATCH;
  if (!text.startsWith(prefix) || !/^ [0-9a-f]{64}$/.test(own)) return null;
  try {
    const data: unknown = JSON.parse(text.slice(prefix.length, -SUM_LENGTH));
    const sum = own.slice(1);
    if (previous === null) {
      const header = headerSchema.parse(data);
      return sumOf(header.previous, record) === sum ? { header, sum } : null;
    }
    return sumOf(previous, record) === sum ? { header: null, batch: batchSchema.parse(data), sum } : null;
  } catch {
    return null;
  }
}

function decoded(bytes: Uint8Array): string | null {
  try {
    return strict.decode(bytes);
  } catch {
    return null;
  }
}
