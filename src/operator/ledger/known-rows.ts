import { asReported } from './rows-of-cut.ts';
import type { CutKind, CutRows } from './rows-of-cut.ts';
import { ACCOUNTS, CONTRIBUTIONS, USAGE } from '../../settlement/ledger/same-rows.ts';
import type { SameRows } from '../../settlement/ledger/settle-duplicates.ts';

/** A row that an earlier epoch counts. */
export interface CountedRow {
  readonly name: string | null;
  readonly content: string;
  readonly epoch: number;
}

/** What the cuts of earlier epochs hold: it never changes, whatever becomes of the sources. */
export class KnownRows {
  readonly #counted: Readonly<Record<CutKind, Map<string, CountedRow>>> = {
    contributions: new Map(),
    usage: new Map(),
    accounts: new Map(),
  };
  readonly #quarantined = new Set<string>();

  /** Takes in the cut of an epoch. */
  add(epoch: number, cut: CutRows): void {
    this.#addAll('contributions', cut.contributions.map(asReported), CONTRIBUTIONS, epoch);
    this.#addAll('usage', cut.usage.map(asReported), USAGE, epoch);
    this.#addAll('accounts', cut.accounts, ACCOUNTS, epoch);
    for (const { identity } of cut.quarantine) this.#quarantined.add(identity);
  }

  /** The row that an earlier epoch counts under a key. */
  counted(kind: CutKind, key: string): CountedRow | undefined {
    return this.#counted[kind].get(key);
  }

  /** Whether a row was put into quarantine in an earlier epoch. */
  isQuarantined(identity: string): boolean {
    return this.#quarantined.has(identity);
  }

  #addAll<T>(kind: CutKind, rows: readonly T[], { keyOf, contentOf, nameOf }: SameRows<T>, epoch: number): void {
    for (const row of rows) {
      this.#counted[kind].set(keyOf(row), { name: nameOf?.(row) ?? null, content: contentOf(row), epoch });
    }
  }
}
