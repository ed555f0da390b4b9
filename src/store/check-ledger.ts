import { Fault, quote } from '../settlement/ledger/fault.ts';
import { CONTRIBUTION_COLUMNS } from '../settlement/ledger/parse-fields.ts';
import type { RawFile } from '../settlement/ledger/build-ledger.ts';
import { buildPlainLedger } from '../settlement/ledger/plain-ledger.ts';
import type { LedgerKind, Place, RawRow, Reject } from '../settlement/ledger/rows.ts';
import { COLUMNS_OF, ledgerKindOf } from './ledger-kind.ts';
import { fileName, readRows } from './read-rows.ts';
import type { LedgerFile } from './read-rows.ts';

/** What was found in one file. */
export interface CheckedFile {
  readonly file: string;
  /** `null` when its columns are those of no kind of ledger file. */
  readonly kind: LedgerKind | null;
  /** Rows, and one more where the file itself is damaged. */
  readonly read: number;
  readonly rejected: number;
  /** Rows that say what another one says; each counts once. */
  readonly duplicates: number;
}

/** A row that cannot be used, by file and line. */
export type CheckedReject = Place & Pick<Reject, 'code' | 'reason'>;

/** The findings of {@link checkLedger}. */
export interface LedgerCheck {
  /** Whether every row can be used. */
  readonly ok: boolean;
  readonly files: readonly CheckedFile[];
  /** By file and line. The rows under a header that cannot be used are counted, and said once. */
  readonly rejects: readonly CheckedReject[];
  /** Whether usage was held against the contributions that it names: it is when both are given. */
  readonly usageHeld: boolean;
}

interface KnownFile {
  readonly name: string;
  readonly kind: LedgerKind | null;
  readonly rows: readonly RawRow[];
}

/**
 * Checks ledger files by themselves, without a preset: every row by the very parser that an epoch is settled by, and the
 * files beside each other (one id with two contents, usage of what is not there). What only a preset knows, such as which
 * tasks there are, is not looked at.
 *
 * @throws {InputError} `FILE_UNREADABLE`
 */
export async function checkLedger(files: readonly LedgerFile[]): Promise<LedgerCheck> {
  const known: KnownFile[] = [];
  for (const file of files) known.push(await read(file));
  const ofKind = (kind: LedgerKind): RawFile[] =>
    known.filter((one) => one.kind === kind).map(({ name, rows }) => ({ file: name, rows }));
  const contributions = ofKind('contributions');
  const usageHeld = contributions.length > 0;
  const ledger = buildPlainLedger({
    contributions,
    usage: ofKind('usage'),
    accounts: ofKind('accounts'),
    prices: ofKind('prices'),
  });
  // Without any contributions nobody can tell whether those that are used exist.
  const judged = ledger.rejects.filter(({ code }) => usageHeld || code !== 'usage-unknown-contribution');
  const others = known.filter(({ kind }) => kind === null).flatMap(rejectsOf);
  const rejects: readonly CheckedReject[] = [...judged, ...others];
  const within = (places: readonly Place[], name: string) => places.filter(({ file }) => file === name).length;
  return {
    ok: rejects.length === 0,
    files: known.map(({ name, kind, rows }) => ({
      ...{ file: name, kind, read: rows.length },
      rejected: within(rejects, name),
      duplicates: within(ledger.duplicates, name),
    })),
    rejects: headersOnce(rejects).map(({ file, line, code, reason }) => ({ file, line, code, reason })),
    usageHeld,
  };
}

async function read(file: LedgerFile): Promise<KnownFile> {
  const name = fileName(file);
  const { kind, columns } = await ledgerKindOf(file);
  if (kind !== null) return { name, kind, rows: await readRows(file, COLUMNS_OF[kind]) };
  const rows = await readRows(file, CONTRIBUTION_COLUMNS);
  const damage = rows.filter((row) => 'fault' in row && !ABOUT_COLUMNS.has(row.fault.code));
  return { name, kind, rows: damage.length > 0 ? damage : [{ line: 1, fault: strangeColumns(columns) }] };
}

const ABOUT_COLUMNS: ReadonlySet<string> = new Set(['header', 'column-missing', 'column-unknown']);

function strangeColumns(columns: readonly string[]): Fault {
  const found = columns.slice(0, 8).map(quote).join(', ') || 'none';
  const separator = columns.length === 1 && /[;\t|]/.test(columns[0] ?? '') ? '; fields are separated by commas' : '';
  const words = `the columns are those of no ledger file: ${found}${separator}`;
  return new Fault('header', words);
}

function rejectsOf({ name, rows }: KnownFile): CheckedReject[] {
  return rows.flatMap((row) =>
    'fault' in row
      ? [{ file: name, line: row.line, code: row.fault.code, reason: `${row.fault.code}: ${row.fault.words}` }]
      : [],
  );
}

function headersOnce(rejects: readonly CheckedReject[]): readonly CheckedReject[] {
  const said = new Set<string>();
  return rejects.filter(({ file, code }) => {
    if (code !== 'header') return true;
    const isFirst = !said.has(file);
    said.add(file);
    return isFirst;
  });
}
