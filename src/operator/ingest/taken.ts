import type { Hex } from '../../protocol/words.ts';
import type { Batch, SignedBatch } from './batch.ts';
import { RequestFault } from './request-fault.ts';
import type { PlacedBatch } from './segment-format.ts';
import type { Opened, SegmentLog } from './segment-log.ts';
import { listSegments, readSegment, segmentName } from './segments.ts';

/** What the sender of a batch is told; of the same batch the same, however often it is sent. */
export interface Receipt {
  readonly recorder: string;
  readonly sequence: number;
  /** How many rows. */
  readonly rows: number;
  /** The hash that was signed. */
  readonly digest: Hex;
  /** When it was taken. */
  readonly at: string;
  /** Where it stands: the segment, and the line of its first row. */
  readonly segment: string;
  readonly line: number;
}

interface Known {
  readonly digest: Hex;
  readonly receipt: Promise<Receipt>;
}

/** What is known of a recorder. */
interface Recorder {
  /** The sequence of the newest batch, also of one that is being written; -1: there is none. */
  last: number;
  /** The sequence of the newest batch that is durable. */
  durable: number;
  /** The newest batches, by sequence. */
  readonly recent: Map<number, Known>;
}

/** So many batches of each recorder are remembered if nothing else is said; older ones are looked up in their segment. */
const REMEMBERED = 500;

/**
 * Takes batches in the order of their sequences, each one once: the same batch again gets the receipt of the first time, and
 * the same sequence with other content is refused.
 */
export class TakenBatches {
  readonly #folder: string;
  readonly #log: SegmentLog;
  readonly #digestOf: (batch: Batch) => Hex;
  readonly #now: () => number;
  /** Whether an old segment may be read now, which costs more than all the rest. */
  readonly #mayLookUp: () => number;
  readonly #remembered: number;
  readonly #recorders = new Map<string, Recorder>();

  constructor({
    folder,
    opened,
    digestOf,
    now,
    mayLookUp,
    remembered = REMEMBERED,
  }: {
    readonly folder: string;
    readonly opened: Opened;
    readonly digestOf: (batch: Batch) => Hex;
    /** The time of the machine, in milliseconds since 1970. */
    readonly now: () => number;
    /** Asked before an old segment is read: 0, or how many seconds to wait. */
    readonly mayLookUp: () => number;
    readonly remembered?: number | undefined;
  }) {
    this.#folder = folder;
    this.#log = opened.log;
    this.#digestOf = digestOf;
    this.#now = now;
    this.#mayLookUp = mayLookUp;
    this.#remembered = remembered;
    for (const { recorders } of opened.log.sealed) {
      for (const [address, [, last]] of Object.entries(recorders)) this.#took(address, last);
    }
    const segment = segmentName(opened.current.number);
    for (const batch of opened.current.batches) {
      const receipt = receiptOf({ ...batch, segment }, digestOf(batch));
      this.#took(batch.recorder, batch.sequence);
      this.#remember(batch, { digest: receipt.digest, receipt: Promise.resolve(receipt) });
    }
  }

  /** The sequence of a recorder's newest durable batch; null: it has none. */
  lastOf(recorder: string): number | null {
    const { durable } = this.#recorders.get(recorder) ?? { durable: -1 };
    return durable < 0 ? null : durable;
  }

  /** Whether it comes after all that its recorder has sent: anything else is no more work for the disk. */
  isNew({ recorder, sequence }: Batch): boolean {
    return sequence > (this.#recorders.get(recorder)?.last ?? -1);
  }

  /**
   * Takes a batch that was held against everything but its sequence. The receipt is given when the batch is durable.
   *
   * @throws {RequestFault} `SEQUENCE_TAKEN`, `SEQUENCE_OLD`, `RATE_LIMITED`
   * @throws {RetryableError} `STORAGE_FAILED`
   */
  async take(batch: SignedBatch): Promise<Receipt> {
    const recorder = this.#of(batch.recorder);
    const known = recorder.recent.get(batch.sequence);
    if (known !== undefined) {
      if (known.digest === batch.digest) return await known.receipt;
      throw taken(batch);
    }
    if (batch.sequence <= recorder.last) return await this.#lookUp(batch, recorder);
    const receipt = this.#append(batch, recorder);
    recorder.last = batch.sequence;
    this.#remember(batch, { digest: batch.digest, receipt });
    return await receipt;
  }

  async #append(batch: SignedBatch, recorder: Recorder): Promise<Receipt> {
    const { sequence, rows, signature } = batch;
    const stored = { recorder: batch.recorder, sequence, rows, at: new Date(this.#now()).toISOString(), signature };
    try {
      const placed = await this.#log.append(stored);
      recorder.durable = Math.max(recorder.durable, sequence);
      return receiptOf({ ...stored, ...placed }, batch.digest);
    } catch (error) {
      // Whatever of this recorder still waits fails with it: they were to be written together or later.
      recorder.recent.delete(sequence);
      recorder.last = recorder.durable;
      throw error;
    }
  }

  /** A batch from before those that are remembered: in the segment that has its sequence, if any has. */
  async #lookUp(batch: SignedBatch, { last }: Recorder): Promise<Receipt> {
    const wait = this.#mayLookUp();
    if (wait > 0) {
      throw new RequestFault(429, 'RATE_LIMITED', {
        message: 'too many old batches are asked for at once',
        next: 'send new batches, or ask again later',
        retryAfter: wait,
      });
    }
    for (const segment of await listSegments(this.#folder)) {
      const range = this.#log.sealed.find((index) => index.segment === segment.number)?.recorders[batch.recorder];
      if (range !== undefined && (batch.sequence < range[0] || batch.sequence > range[1])) continue;
      const { batches } = await readSegment(segment, true);
      const found = batches.find(
        ({ recorder, sequence }) => recorder === batch.recorder && sequence === batch.sequence,
      );
      if (found === undefined) continue;
      if (this.#digestOf(found) !== batch.digest) throw taken(batch);
      return receiptOf({ ...found, segment: segment.name }, batch.digest);
    }
    throw new RequestFault(409, 'SEQUENCE_OLD', {
      message: `the sequence ${batch.sequence} is not above ${last}, the newest of ${batch.recorder}`,
      details: { last },
      next: 'give the batch a higher sequence; each recorder sends one batch at a time',
    });
  }

  #of(address: string): Recorder {
    const known = this.#recorders.get(address);
    if (known !== undefined) return known;
    const fresh: Recorder = { last: -1, durable: -1, recent: new Map() };
    this.#recorders.set(address, fresh);
    return fresh;
  }

  #took(address: string, sequence: number): void {
    const recorder = this.#of(address);
    recorder.last = Math.max(recorder.last, sequence);
    recorder.durable = recorder.last;
  }

  #remember({ recorder, sequence }: Pick<Batch, 'recorder' | 'sequence'>, known: Known): void {
    const { recent, durable } = this.#of(recorder);
    recent.set(sequence, known);
    // One that is still being written is not forgotten: what its segment holds of it is not durable yet.
    for (const oldest of recent.keys()) {
      if (recent.size <= this.#remembered || oldest > durable) break;
      recent.delete(oldest);
    }
  }
}

function receiptOf(batch: Omit<PlacedBatch, 'signature'> & { readonly segment: string }, digest: Hex): Receipt {
  const { recorder, sequence, rows, at, segment, line } = batch;
  return { recorder, sequence, rows: rows.length, digest, at, segment, line };
}

function taken({ recorder, sequence }: SignedBatch): RequestFault {
  return new RequestFault(409, 'SEQUENCE_TAKEN', {
    message: `${recorder} has sent another batch with the sequence ${sequence}`,
    next: 'give the batch a higher sequence; what was taken stays',
  });
}
