import type { Audit } from '../protocol/settlement-leaf.ts';
import { keccak256Many } from '../protocol/keccak.ts';
import { auditLength, writeAudit } from '../protocol/settlement-leaf.ts';
import { viewOf, WORD } from '../protocol/words.ts';

/** Audits that are hashed together. */
const BATCH = 128;

/** What one leaf adds to the running sums. */
export interface AuditRow {
  readonly scores: readonly bigint[];
  readonly grant: bigint;
  readonly accelerated: readonly bigint[];
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
  readonly #hashes: Uint8Array[] = [];
  readonly #of: number[] = [];
  readonly #zero: AuditRow;
  readonly #length: number;
  /** Audits that are not hashed yet, as bytes. */
  readonly #waiting: Uint8Array;
  readonly #view: DataView;
  #waitingCount = 0;
  #runGranted = 0n;
  #lastIsIdle = false;

  constructor(tasks: number, cohorts: number, minScores: readonly bigint[]) {
    this.#minScores = minScores;
    this.#runScores = new Array<bigint>(tasks).fill(0n);
    this.#runParticipants = new Array<number>(tasks).fill(0);
    this.#runAccelerated = new Array<bigint>(cohorts).fill(0n);
    this.#length = auditLength(tasks, cohorts);
    this.#waiting = new Uint8Array(BATCH * this.#length);
    this.#view = viewOf(this.#waiting);
    this.#zero = {
      scores: new Array<bigint>(tasks).fill(0n),
      grant: 0n,
      accelerated: new Array<bigint>(cohorts).fill(0n),
    };
  }

  /** Goes on to a leaf whose account did nothing; returns the number of its audit. */
  idle(): number {
    if (!this.#lastIsIdle) this.#put(this.#zero);
    this.#lastIsIdle = true;
    return this.#next();
  }

  /** Goes on to a leaf whose account did something; it joins the running sums. Returns the number of its audit. */
  active(row: AuditRow): number {
    row.scores.forEach((score, i) => {
      this.#runScores[i] = (this.#runScores[i] ?? 0n) + score;
      const minimum = this.#minScores[i] ?? 1n;
      if (score >= minimum) this.#runParticipants[i] = (this.#runParticipants[i] ?? 0) + 1;
    });
    row.accelerated.forEach((amount, j) => {
      this.#runAccelerated[j] = (this.#runAccelerated[j] ?? 0n) + amount;
    });
    this.#runGranted += row.grant;
    this.#put(row);
    this.#lastIsIdle = false;
    return this.#next();
  }

  /** The hash of an audit by its number. */
  hashOf(audit: number): Uint8Array {
    if (audit >= this.#hashes.length) this.#hash();
    const hash = this.#hashes[audit];
    if (hash === undefined) throw new RangeError('there is no audit of this number');
    return hash;
  }

  /** The sums over all leaves so far: what the settlement declares. */
  sums(): { readonly granted: bigint; readonly accelerated: readonly bigint[] } {
    return { granted: this.#runGranted, accelerated: [...this.#runAccelerated] };
  }

  /** The distinct audit hashes in order, and which of them each leaf has. */
  table(): { readonly hashes: readonly Uint8Array[]; readonly of: Uint32Array } {
    this.#hash();
    return { hashes: this.#hashes, of: Uint32Array.from(this.#of) };
  }

  #next(): number {
    const audit = this.#hashes.length + this.#waitingCount - 1;
    this.#of.push(audit);
    return audit;
  }

  #put(row: AuditRow): void {
    if (this.#waitingCount === BATCH) this.#hash();
    const audit: Audit = {
      scores: row.scores,
      accelerated: row.accelerated,
      runScores: this.#runScores,
      runParticipants: this.#runParticipants,
      runGranted: this.#runGranted,
      runAccelerated: this.#runAccelerated,
    };
    writeAudit(this.#view, this.#waitingCount * this.#length, audit);
    this.#waitingCount++;
  }

  /** Hashes what waits. */
  #hash(): void {
    const hashes = new Uint8Array(this.#waitingCount * WORD);
    keccak256Many(this.#waiting.subarray(0, this.#waitingCount * this.#length), this.#length, hashes);
    for (let at = 0; at < hashes.length; at += WORD) this.#hashes.push(hashes.subarray(at, at + WORD));
    this.#waitingCount = 0;
  }
}
