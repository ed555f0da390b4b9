import { constants } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

import { RefusedError, RetryableError } from '../../protocol/errors.ts';
import { syncFolders } from '../../store/report-folder.ts';
import { batchText, FIRST_SUM, headerText } from './segment-format.ts';
import type { IngestDomain, ScannedSegment, StoredBatch } from './segment-format.ts';
import { indexOf, listIndexes, readIndex, writeIndex } from './segment-index.ts';
import type { SegmentIndex } from './segment-index.ts';
import { assertFollows, listSegments, readSegment, segmentName } from './segments.ts';
import type { SegmentFile } from './segments.ts';

/** Where a batch stands, once it is durable. */
export interface Placed {
  /** The segment's name. */
  readonly segment: string;
  /** The line of its first row. */
  readonly line: number;
}

/** What is found when the log is opened. */
export interface Opened {
  readonly log: SegmentLog;
  /** What stands in the one that is written to. */
  readonly current: ScannedSegment & { readonly number: number };
  /** How many bytes of a record that had been begun and never answered for were cut off. */
  readonly cut: number;
}

/** A segment is closed, and the next begun, when it is as large. */
export const SEGMENT_BYTES = 16 * 1024 * 1024;

/** So much is written at once at most, in characters, so that nobody waits for long behind the others. */
const GROUP = 4 * 1024 * 1024;

interface Waiting {
  readonly batch: StoredBatch;
  readonly done: (placed: Placed) => void;
  readonly failed: (error: Error) => void;
}

interface Current {
  readonly number: number;
  readonly file: FileHandle;
  /** So many bytes are durable. */
  bytes: number;
  sum: string;
  line: number;
}

/**
 * The segments of an ingest folder, written to at the end and nowhere else. What was appended is durable when the promise
 * holds: everything that waits is written and synced together, so that a sync is shared by all who came during the one before.
 *
 * One process at a time: whoever opens it holds the folder's lock.
 */
export class SegmentLog {
  readonly #folder: string;
  readonly #domain: IngestDomain;
  readonly #segmentBytes: number;
  #current: Current;
  readonly #sealed: SegmentIndex[];
  readonly #waiting: Waiting[] = [];
  #writing: Promise<void> | null = null;
  /** Whether the file's end has to be put in order before anything else is written. */
  #broken = false;

  private constructor(
    place: { readonly folder: string; readonly domain: IngestDomain; readonly segmentBytes: number },
    current: Current,
    sealed: SegmentIndex[],
  ) {
    this.#folder = place.folder;
    this.#domain = place.domain;
    this.#segmentBytes = place.segmentBytes;
    this.#current = current;
    this.#sealed = sealed;
  }

  /**
   * Opens the folder: reads the last segment, cuts off what a write left behind that nobody was told of, and takes the others
   * from their indexes.
   *
   * @throws {RefusedError} `SEGMENT_DAMAGED`; `INGEST_OTHER_DEPLOYMENT` when the batches are those of another deployment
   */
  static async open(folder: string, domain: IngestDomain, segmentBytes = SEGMENT_BYTES): Promise<Opened> {
    const segments = await listSegments(folder);
    const indexed = await listIndexes(folder);
    const here = new Set(segments.map(({ number }) => number));
    const newest = segments.at(-1);
    const sealed: SegmentIndex[] = [];
    for (const number of indexed.filter((one) => !here.has(one))) {
      const index = await readIndex(folder, number, null);
      if (index !== null) sealed.push(index);
    }
    for (const segment of segments.slice(0, -1)) sealed.push(await sealedIndex(folder, segment));
    sealed.sort((a, b) => a.segment - b.segment);
    const before = sealed.at(-1);
    if (newest !== undefined && before !== undefined && before.segment > newest.number)
      throw lastMissing(folder, before);
    const file: SegmentFile = newest ?? fileOf(folder, (before?.segment ?? 0) + 1);
    const scanned = newest === undefined ? EMPTY : await readSegment(newest, true);
    if (before?.segment === file.number - 1) assertFollows(file, scanned, before.last);
    const previous = before?.last ?? FIRST_SUM;
    const { current, cut } = await begin(file, scanned, domain, previous);
    const log = new SegmentLog({ folder, domain, segmentBytes }, current, sealed);
    return { log, current: { ...scanned, number: file.number }, cut };
  }

  /** The segments that are not written to any more, by number. */
  get sealed(): readonly SegmentIndex[] {
    return this.#sealed;
  }

  /** Whether the disk did not take the last write; the next batch shows whether it does again. */
  get isBroken(): boolean {
    return this.#broken;
  }

  /** How many batches wait until they are durable. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /**
   * Appends a batch.
   *
   * @throws {RetryableError} `STORAGE_FAILED` when it could not be made durable; then it is not there
   */
  async append(batch: StoredBatch): Promise<Placed> {
    return await new Promise((done, failed) => {
      this.#waiting.push({ batch, done, failed });
      this.#writing ??= this.#write();
    });
  }

  /** Waits until everything is written, and closes the file. */
  async close(): Promise<void> {
    while (this.#writing !== null) await this.#writing;
    // What cannot be put in order now is at the next start.
    if (this.#broken) await this.#mend().catch(() => undefined);
    await this.#current.file.close();
  }

  async #write(): Promise<void> {
    // The others that come in the same turn shall be in the first group too.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const group = this.#nextGroup();
      try {
        if (this.#broken) await this.#mend();
        // Beside a next one that may have been begun, a full one must stay what the next one says that it follows.
        if (this.#isFull) await this.#next();
        const placed = await this.#writeGroup(group);
        group.forEach(({ done }, index) => {
          done(placed[index] as Placed); // one for each of the group
        });
        if (this.#isFull) await this.#next();
      } catch (cause) {
        this.#broken = true;
        const error = storageFailed(this.#current.number, cause);
        for (const { failed } of [...group, ...this.#waiting.splice(0)]) failed(error);
      }
    }
    this.#writing = null;
  }

  get #isFull(): boolean {
    return this.#current.bytes >= this.#segmentBytes;
  }

  #nextGroup(): readonly Waiting[] {
    let size = 0;
    let count = 0;
    for (const { batch } of this.#waiting) {
      if (size > GROUP) break;
      size += batch.rows.reduce((total, row) => total + row.length, 0);
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }

  async #writeGroup(group: readonly Waiting[]): Promise<readonly Placed[]> {
    const current = this.#current;
    const parts: string[] = [];
    const placed: Placed[] = [];
    let { sum, line } = current;
    for (const { batch } of group) {
      const record = batchText(batch, sum);
      parts.push(record.text);
      placed.push({ segment: segmentName(current.number), line });
      sum = record.sum;
      line += batch.rows.length + 1;
    }
    const bytes = new TextEncoder().encode(parts.join(''));
    await current.file.appendFile(bytes);
    await current.file.datasync();
    Object.assign(current, { bytes: current.bytes + bytes.length, sum, line });
    return placed;
  }

  /** After a write that failed: what of it got into the file is taken out again, so that the next one follows what is durable. */
  async #mend(): Promise<void> {
    const { file, bytes } = this.#current;
    await file.truncate(bytes);
    await file.sync();
    this.#broken = false;
  }

  /** Closes the segment and begins the next one. */
  async #next(): Promise<void> {
    const { number, file, sum } = this.#current;
    const full = fileOf(this.#folder, number);
    const index = indexOf(number, await readSegment(full, false));
    await writeIndex(this.#folder, index);
    const { current } = await begin(fileOf(this.#folder, number + 1), EMPTY, this.#domain, sum);
    this.#sealed.push(index);
    this.#current = current;
    await file.close();
  }
}

const EMPTY: ScannedSegment = {
  ...{ header: null, batches: [], good: 0, sum: FIRST_SUM, line: 1, rest: 'nothing' },
};

function fileOf(folder: string, number: number): SegmentFile {
  const name = segmentName(number);
  return { number, name, path: join(folder, name) };
}

/** Opens a segment to be written to behind its last whole record; one without a header gets it. */
async function begin(
  { number, path }: SegmentFile,
  scanned: ScannedSegment,
  domain: IngestDomain,
  previous: string,
): Promise<{ readonly current: Current; readonly cut: number }> {
  const { header, good } = scanned;
  if (header !== null && (header.chainId !== domain.chainId || header.distributor !== domain.distributor)) {
    throw otherDeployment(path, header, domain);
  }
  const file = await open(path, constants.O_CREAT | constants.O_WRONLY | constants.O_APPEND, 0o644);
  try {
    const { size } = await file.stat();
    const cut = size - good;
    if (cut > 0) await file.truncate(good);
    const current: Current = { number, file, bytes: good, sum: scanned.sum, line: scanned.line };
    if (header === null) {
      const { text, sum } = headerText({ segment: number, ...domain, previous });
      await file.appendFile(text);
      Object.assign(current, { bytes: good + Buffer.byteLength(text), sum, line: 2 });
    }
    await file.sync();
    await syncFolders(join(path, '..'));
    return { current, cut };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** What is known of a closed segment, from its index or by reading it. */
async function sealedIndex(folder: string, segment: SegmentFile): Promise<SegmentIndex> {
  const { size } = await stat(segment.path);
  const known = await readIndex(folder, segment.number, size);
  if (known !== null) return known;
  const index = indexOf(segment.number, await readSegment(segment, false));
  await writeIndex(folder, index);
  return index;
}

function storageFailed(segment: number, cause: unknown): RetryableError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
  return new RetryableError({
    code: 'STORAGE_FAILED',
    shortMessage: `the batch could not be made durable (${code}); it was not taken`,
    details: { segment: segmentName(segment), reason: code, next: 'send the same batch again in a while' },
    cause,
  });
}

function lastMissing(folder: string, { segment }: SegmentIndex): RefusedError {
  return new RefusedError({
    code: 'SEGMENT_MISSING',
    shortMessage: `${folder} lacks ${segmentName(segment)}, though it has earlier ones`,
    details: { segment, next: 'put it back: segments are moved away from the first on' },
  });
}

function otherDeployment(path: string, found: IngestDomain, domain: IngestDomain): RefusedError {
  return new RefusedError({
    code: 'INGEST_OTHER_DEPLOYMENT',
    shortMessage: `${path} holds batches of another deployment`,
    details: {
      ...{ foundChain: found.chainId, foundDistributor: found.distributor },
      ...{ chain: domain.chainId, distributor: domain.distributor },
      next: 'use a data folder of its own for each deployment',
    },
  });
}
