import { keccak256Many } from '../protocol/keccak.ts';
import { auditLength, writeAudit } from '../protocol/settlement-leaf.ts';
import { viewOf, WORD, writeWord } from '../protocol/words.ts';

/** Audits that are hashed together. */
const BATCH = 128;

/** What one leaf adds to the running sums. */
export interface AuditRow {
  readonly scores: readonly bigint[];
  readonly grant: bigint;
  readonly accelerated: readonly bigint[];
}

/** The distinct audit hashes of an epoch's leaves, and which of them each leaf has. */
export interface AuditTable {
  /** In the order of leaves, equal neighbours once, 32 bytes each. */
  readonly hashes: Uint8Array;
  /** Leaf i has the hash number `of[i]`. */
  readonly of: Uint32Array;
}

/** The audit hash of a leaf that there is. */
export function auditAt({ hashes, of }: AuditTable, leaf: number): Uint8Array {
  const audit = of[leaf] as number; // One for each leaf.
  return hashes.subarray(audit * WORD, (audit + 1) * WORD);
}

/**
 * Keeps the running sums of a settlement and hashes the audit parts of leaf after leaf, many at a time.
 *
 * An audit holds no address, so idle accounts that follow each other share theirs: it is hashed once and counted.
 */
export class AuditWriter {
  readonly #minScores: readonly bigint[];
  readonly #runScores: bigint[];
  readonly #runParticipants: number[];
  readonly #runAccelerated: bigint[];
  #runGranted = 0n;
  readonly #hashes: Uint8Array;
  #hashed = 0;
  readonly #of: Uint32Array;
  #leaves = 0;
  readonly #length: number;
  /** The last audit as bytes: of the next one only what differs is written. */
  readonly #last: Uint8Array;
  readonly #lastView: DataView;
  readonly #lastOwn: bigint[];
  /** Audits that are not hashed yet, as bytes. */
  readonly #waiting: Uint8Array;
  #waitingCount = 0;
  #lastIsIdle = false;

  /**
   * @param tasks of the record
   * @param cohorts of the parent's total curve that are unfinished at the epoch's end
   * @param leaves at most so many
   * @param distinct at most so many audits that differ from the one before
   */
  constructor(
    tasks: number,
    cohorts: number,
    minScores: readonly bigint[],
    { leaves, distinct }: { readonly leaves: number; readonly distinct: number },
  ) {
    this.#minScores = minScores;
    this.#runScores = new Array<bigint>(tasks).fill(0n);
    this.#runParticipants = new Array<number>(tasks).fill(0);
    this.#runAccelerated = new Array<bigint>(cohorts).fill(0n);
    this.#hashes = new Uint8Array(distinct * WORD);
    this.#of = new Uint32Array(leaves);
    this.#length = auditLength(tasks, cohorts);
    this.#last = new Uint8Array(this.#length);
    this.#lastView = viewOf(this.#last);
    this.#lastOwn = new Array<bigint>(tasks + cohorts).fill(0n);
    this.#waiting = new Uint8Array(BATCH * this.#length);
    const zero = { scores: this.#runScores, accelerated: this.#runAccelerated };
    writeAudit(this.#lastView, 0, { ...zero, ...this.#running() });
  }

  /** Goes on to so many leaves whose accounts did nothing. */
  idle(count: number): void {
    if (count === 0) return;
    if (!this.#lastIsIdle) {
      for (let position = 0; position < this.#lastOwn.length; position++) this.#own(position, 0n);
      this.#put();
    }
    this.#lastIsIdle = true;
    this.#next(count);
  }

  /** Goes on to a leaf whose account did something; it joins the running sums. */
  active({ scores, grant, accelerated }: AuditRow): void {
    const [tasks, cohorts] = [this.#runScores.length, this.#runAccelerated.length];
    const afterOwn = tasks + cohorts;
    for (let i = 0; i < tasks; i++) {
      const score = scores[i] ?? 0n;
      this.#own(i, score);
      if (score === 0n) continue;
      const sum = (this.#runScores[i] ?? 0n) + score;
      this.#runScores[i] = sum;
      this.#write(afterOwn + i, sum);
      if (score < (this.#minScores[i] ?? 1n)) continue;
      const count = (this.#runParticipants[i] ?? 0) + 1;
      this.#runParticipants[i] = count;
      this.#lastView.setUint32(WORD * (afterOwn + tasks + i) + 28, count);
    }
    for (let j = 0; j < cohorts; j++) {
      const amount = accelerated[j] ?? 0n;
      this.#own(tasks + j, amount);
      if (amount === 0n) continue;
      const sum = (this.#runAccelerated[j] ?? 0n) + amount;
      this.#runAccelerated[j] = sum;
      this.#write(afterOwn + 2 * tasks + 1 + j, sum);
    }
    this.#runGranted += grant;
    this.#write(afterOwn + 2 * tasks, this.#runGranted);
    this.#put();
    this.#lastIsIdle = false;
    this.#next(1);
  }

  /** The sums over all leaves so far: what the settlement declares. */
  sums(): { readonly granted: bigint; readonly accelerated: readonly bigint[] } {
    return { granted: this.#runGranted, accelerated: [...this.#runAccelerated] };
  }

  /** The distinct audit hashes in order, and which of them each leaf has. */
  table(): AuditTable {
    this.#hash();
    return { hashes: this.#hashes.subarray(0, this.#hashed * WORD), of: this.#of.subarray(0, this.#leaves) };
  }

  #running() {
    return {
      runScores: this.#runScores,
      runParticipants: this.#runParticipants,
      runGranted: this.#runGranted,
      runAccelerated: this.#runAccelerated,
    };
  }

  /** A word of the account's own figures, where it is another than that of the account before. */
  #own(position: number, value: bigint): void {
    if (this.#lastOwn[position] === value) return;
    this.#lastOwn[position] = value;
    this.#write(position, value);
  }

  #write(position: number, value: bigint): void {
    writeWord(this.#lastView, WORD * position, value);
  }

  #next(count: number): void {
    this.#of.fill(this.#hashed + this.#waitingCount - 1, this.#leaves, this.#leaves + count);
    this.#leaves += count;
  }

  #put(): void {
    if (this.#waitingCount === BATCH) this.#hash();
    this.#waiting.set(this.#last, this.#waitingCount * this.#length);
    this.#waitingCount++;
  }

  /** Hashes what waits. */
  #hash(): void {
    const into = this.#hashes.subarray(this.#hashed * WORD, (this.#hashed + this.#waitingCount) * WORD);
    keccak256Many(this.#waiting.subarray(0, this.#waitingCount * this.#length), this.#length, into);
    this.#hashed += this.#waitingCount;
    this.#waitingCount = 0;
  }
}
