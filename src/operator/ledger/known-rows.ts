import { asReported } from './rows-of-cut.ts';
import type { CutKind, CutRows } from './rows-of-cut.ts';
import { ACCOUNTS, CONTRIBUTIONS, USAGE } from '../../settlement/ledger/same-rows.ts';
import type { SameRows } from '../../settlement/ledger/settle-duplicates.ts';
import type { FoundRow, TableRow } from './row-table.ts';
import { RowTable } from './row-table.ts';

/** What the cuts of earlier epochs hold: it never changes, whatever becomes of the sources. */
export class KnownRows {
  readonly #table = new RowTable();

  /** Takes in the cut of an epoch. */
  add(epoch: number, cut: CutRows): void {
    for (const row of cut.contributions) this.#count('contributions', CONTRIBUTIONS, asReported(row), epoch);
    for (const row of cut.usage) this.#count('usage', USAGE, asReported(row), epoch);
    for (const row of cut.accounts) this.#count('accounts', ACCOUNTS, row, epoch);
    for (const { identity } of cut.quarantine) this.#table.add(quarantined(identity, epoch));
  }

  /** The row that an earlier epoch counts under the name of this one; undefined: none. */
  counted<T>(kind: CutKind, same: SameRows<T>, row: T): FoundRow | undefined {
    return this.#table.find(rowOf(kind, same, row));
  }

  /** Whether a row was put into quarantine in an earlier epoch. */
  isQuarantined(identity: string): boolean {
    return this.#table.has(quarantined(identity, 0).key);
  }

  #count<T>(kind: CutKind, same: SameRows<T>, row: T, epoch: number): void {
    this.#table.add({ ...rowOf(kind, same, row), epoch });
  }
}

function rowOf<T>(kind: CutKind, { keyOf, contentOf, nameOf }: SameRows<T>, row: T): Omit<TableRow, 'epoch'> {
  const spelling = nameOf?.(row) ?? '';
  return { key: `${kind}\n${keyOf(row)}`, says: `${spelling}\n${contentOf(row)}`, spelling };
}

function quarantined(identity: string, epoch: number): TableRow {
  return { key: `quarantine\n${identity}`, says: '', spelling: '', epoch };
}
