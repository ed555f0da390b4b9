import type { Audit } from '../protocol/settlement-leaf.ts';
import { auditHash } from '../protocol/settlement-leaf.ts';

/** What one leaf adds to the running sums. */
export interface AuditRow {
  readonly scores: readonly bigint[];
  readonly grant: bigint;
  readonly accelerated: readonly bigint[];
}

/**
 * Keeps the running sums of a settlement and hashes the audit part of leaf after leaf.
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
  #runGranted = 0n;
  #lastIsIdle = false;

  constructor(tasks: number, cohorts: number, minScores: readonly bigint[]) {
    this.#minScores = minScores;
    this.#runScores = new Array<bigint>(tasks).fill(0n);
    this.#runParticipants = new Array<number>(tasks).fill(0);
    this.#runAccelerated = new Array<bigint>(cohorts).fill(0n);
    this.#zero = {
      scores: new Array<bigint>(tasks).fill(0n),
      grant: 0n,
      accelerated: new Array<bigint>(cohorts).fill(0n),
    };
  }

  /** The audit hash of an account that did nothing. */
  idle(): Uint8Array {
    if (!this.#lastIsIdle) this.#hash(this.#zero);
    this.#lastIsIdle = true;
    return this.#last();
  }

  /** The audit hash of an account that did something; it joins the running sums. */
  active(row: AuditRow): Uint8Array {
    row.scores.forEach((score, i) => {
      this.#runScores[i] = (this.#runScores[i] ?? 0n) + score;
      const minimum = this.#minScores[i] ?? 1n;
      if (score >= minimum) this.#runParticipants[i] = (this.#runParticipants[i] ?? 0) + 1;
    });
    row.accelerated.forEach((amount, j) => {
      this.#runAccelerated[j] = (this.#runAccelerated[j] ?? 0n) + amount;
    });
    this.#runGranted += row.grant;
    this.#hash(row);
    this.#lastIsIdle = false;
    return this.#last();
  }

  /** The sums over all leaves so far: what the settlement declares. */
  sums(): { readonly granted: bigint; readonly accelerated: readonly bigint[] } {
    return { granted: this.#runGranted, accelerated: [...this.#runAccelerated] };
  }

  /** The distinct audit hashes in order, and which of them each leaf has. */
  table(): { readonly hashes: readonly Uint8Array[]; readonly of: Uint32Array } {
    return { hashes: this.#hashes, of: Uint32Array.from(this.#of) };
  }

  #last(): Uint8Array {
    this.#of.push(this.#hashes.length - 1);
    const hash = this.#hashes.at(-1);
    if (hash === undefined) throw new RangeError('no audit was hashed');
    return hash;
  }

  #hash(row: AuditRow): void {
    const audit: Audit = {
      scores: row.scores,
      accelerated: row.accelerated,
      runScores: this.#runScores,
      runParticipants: this.#runParticipants,
      runGranted: this.#runGranted,
      runAccelerated: this.#runAccelerated,
    };
    this.#hashes.push(auditHash(audit));
  }
}
