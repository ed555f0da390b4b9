import { isFault } from '../../settlement/ledger/fault.ts';
import type { Parsed } from '../../settlement/ledger/fault.ts';
import { parseAccountRow, parseContribution, parseUsage } from '../../settlement/ledger/parse-rows.ts';
import { ACCOUNTS, CONTRIBUTIONS, USAGE } from '../../settlement/ledger/same-rows.ts';
import { COLUMNS_OF } from '../../store/ledger-kind.ts';
import { streamRows } from '../../store/read-rows.ts';
import type { CutFile } from '../../store/recompute-from-cuts.ts';
import { RowTable } from './row-table.ts';
import type { CutKind } from './rows-of-cut.ts';
import { CUT_KINDS } from './rows-of-cut.ts';

/** What the rule of the cut is about: what a row is called, and when it was. */
interface DatedRow {
  readonly key: string;
  readonly time: number;
}

const NOBODY: ReadonlySet<string> = new Set();

function rowOf<T>(parsed: Parsed<T>, make: (row: T) => DatedRow): DatedRow | null {
  return isFault(parsed) ? null : make(parsed);
}

const READ: Readonly<Record<CutKind, (fields: ReadonlyMap<string, string>) => DatedRow | null>> = {
  contributions: (fields) =>
    rowOf(parseContribution(fields, NOBODY), (row) => ({ key: CONTRIBUTIONS.keyOf(row), time: row.time })),
  usage: (fields) => rowOf(parseUsage(fields, NOBODY), (row) => ({ key: USAGE.keyOf(row), time: row.time })),
  accounts: (fields) =>
    rowOf(parseAccountRow(fields, NOBODY), (row) => ({ key: ACCOUNTS.keyOf(row), time: row.since })),
};

/**
 * Holds cuts that somebody else made against the rule by which an epoch can be scored without reading all of them: none repeats a row
 * of another one, or has one of another epoch. They come in the order of their epochs, and each is read once.
 */
export class DisjointCuts {
  readonly #rows = new RowTable();
  #epochs = 0;
  #areDisjoint = true;

  /** How many epochs were taken in. */
  get epochs(): number {
    return this.#epochs;
  }

  /** Whether all that were taken in keep to the rule. */
  get areDisjoint(): boolean {
    return this.#areDisjoint;
  }

  /**
   * Takes in the cut of the next epoch, which lies in these seconds since 1970, its end not among them.
   *
   * @throws {InputError} `FILE_UNREADABLE`
   */
  async add(files: readonly CutFile[], range: { readonly start: number; readonly end: number }): Promise<void> {
    const epoch = this.#epochs++;
    for (const kind of CUT_KINDS) {
      for (const { path } of files.filter(({ role }) => role === kind)) {
        if (this.#areDisjoint) await this.#read(path, kind, { ...range, epoch });
      }
    }
  }

  async #read(path: string, kind: CutKind, { start, end, epoch }: { start: number; end: number; epoch: number }) {
    for await (const rows of streamRows({ path }, COLUMNS_OF[kind])) {
      for (const raw of rows) {
        // What cannot be read has neither a name nor a time, so it never counts.
        const row = 'fault' in raw ? null : READ[kind](raw.fields);
        if (row === null) continue;
        const named = { key: `${kind}\n${row.key}`, says: '', spelling: '' };
        const isOfEpoch = row.time < end && (kind === 'accounts' || row.time >= start);
        if (!isOfEpoch || (this.#rows.find(named)?.epoch ?? epoch) !== epoch) this.#areDisjoint = false;
        this.#rows.add({ ...named, epoch });
      }
    }
  }
}
