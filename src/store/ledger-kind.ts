import {
  ACCOUNT_COLUMNS,
  columnsFault,
  CONTRIBUTION_COLUMNS,
  PRICE_COLUMNS,
  USAGE_COLUMNS,
} from '../settlement/ledger/parse-fields.ts';
import type { Columns } from '../settlement/ledger/parse-fields.ts';
import { readNdjson } from '../settlement/ledger/read-ndjson.ts';
import type { LedgerKind } from '../settlement/ledger/rows.ts';
import { LineSplitter } from '../settlement/ledger/split-lines.ts';
import type { TextLine } from '../settlement/ledger/split-lines.ts';
import { parquetColumns } from './read-parquet.ts';
import { formatOf } from './read-rows.ts';
import type { LedgerFile } from './read-rows.ts';

/** The columns of each kind of file. A file that could be of two kinds is of the first: any column can be an attribute. */
export const COLUMNS_OF: Readonly<Record<LedgerKind, Columns>> = {
  contributions: CONTRIBUTION_COLUMNS,
  usage: USAGE_COLUMNS,
  accounts: ACCOUNT_COLUMNS,
  prices: PRICE_COLUMNS,
};

const KINDS = Object.keys(COLUMNS_OF) as readonly LedgerKind[];

/** The columns that only files of one kind need. */
const TELLING: Readonly<Record<LedgerKind, readonly string[]>> = {
  contributions: ['id', 'task', 'units', 'measure'],
  usage: ['contribution'],
  accounts: ['badge', 'since'],
  prices: ['price', 'epoch'],
};

/** In NDJSON every row has keys of its own: so many are looked at. */
const ROWS_LOOKED_AT = 100;

/** What a file's columns are, and of which kind that makes it. */
export interface KindFound {
  /** `null` when the columns are those of no kind, or cannot be read. */
  readonly kind: LedgerKind | null;
  readonly columns: readonly string[];
}

/**
 * Tells by a file's columns what kind of ledger file it is: the kind whose columns they are, or else the one that most of
 * them speak for, so that the reader of that kind can say what is wrong.
 *
 * @throws {InputError} `FILE_UNREADABLE`
 */
export async function ledgerKindOf(file: LedgerFile): Promise<KindFound> {
  const columns = await columnsOf(file);
  return { kind: kindByColumns(columns), columns };
}

/** The kind that columns speak for; `null` if none. */
export function kindByColumns(columns: readonly string[]): LedgerKind | null {
  const exact = KINDS.find((kind) => columnsFault(columns, COLUMNS_OF[kind]) === undefined);
  if (exact !== undefined) return exact;
  const names = new Set(columns.map((name) => name.trim().toLowerCase()));
  const telling = (kind: LedgerKind) => TELLING[kind].filter((name) => names.has(name)).length;
  const [best] = [...KINDS].sort((a, b) => telling(b) - telling(a));
  return best === undefined || telling(best) === 0 ? null : best;
}

async function columnsOf(file: LedgerFile): Promise<readonly string[]> {
  const { format, pieces } = await formatOf(file);
  if (format === 'parquet') return parquetColumns(file.path);
  if (format === 'unusable') return [];
  const lines: TextLine[] = [];
  const splitter = new LineSplitter();
  const wanted = format === 'csv' ? 1 : ROWS_LOOKED_AT;
  for await (const piece of pieces()) {
    if (piece instanceof Uint8Array) lines.push(...splitter.push(piece));
    if (lines.length >= wanted) break;
  }
  if (lines.length < wanted) lines.push(...splitter.end(false));
  const [header] = lines;
  if (format === 'csv') return header === undefined ? [] : header.text.split(',').map(withoutQuotes);
  const keys = readNdjson(lines.slice(0, wanted)).flatMap((row) => ('fields' in row ? [...row.fields.keys()] : []));
  return [...new Set(keys)];
}

/** Good enough to guess by; what is wrong with the header the reader itself says. */
function withoutQuotes(name: string): string {
  return /^"(.*)"$/.exec(name)?.[1] ?? name;
}
