import { InputError } from '../../protocol/errors.ts';
import { Fault, isFault } from '../../settlement/ledger/fault.ts';
import type { Parsed } from '../../settlement/ledger/fault.ts';
import { columnsFault, PRICE_COLUMNS } from '../../settlement/ledger/parse-fields.ts';
import type { Columns } from '../../settlement/ledger/parse-fields.ts';
import { parseWhole } from '../../settlement/ledger/parse-number.ts';
import { parsePrice } from '../../settlement/ledger/parse-rows.ts';
import type { EpochGrid } from '../../settlement/ledger/prices-by-epoch.ts';
import { pricesByEpoch } from '../../settlement/ledger/prices-by-epoch.ts';
import { MAX_PEOPLE } from '../../simulation/given-paths.ts';
import { fileName, readRows } from '../../store/read-rows.ts';

/** What a file says for some epochs, by rising epoch. */
export type Series<T> = readonly { readonly epoch: number; readonly value: T }[];

const PEOPLE_COLUMNS: Columns = {
  kind: 'participants',
  required: ['epoch', 'participants'],
  optional: [],
  attributes: false,
};
const MAX_EPOCH = 4_294_967_295n;

/**
 * Reads the prices of a file as `lode replay` takes it: by epoch, or by time (the last of an epoch counts).
 *
 * @throws {InputError} `SERIES_INVALID` for the first row that is not a price, or for a file without any
 */
export async function readPriceSeries(path: string, grid: EpochGrid): Promise<Series<bigint>> {
  const prices = await read(path, PRICE_COLUMNS, parsePrice);
  const series = [...pricesByEpoch(prices, grid)].map(([epoch, value]) => ({ epoch, value }));
  return rising(path, series);
}

/**
 * Reads a file of `epoch,participants`.
 *
 * @throws {InputError} `SERIES_INVALID` for the first row that is wrong, for an epoch given twice, or for a file without rows
 */
export async function readPeopleSeries(path: string): Promise<Series<number>> {
  return rising(
    path,
    await read(path, PEOPLE_COLUMNS, (fields) => {
      const epoch = parseWhole(fields.get('epoch') ?? '', MAX_EPOCH);
      if (isFault(epoch)) return epoch;
      const people = parseWhole(fields.get('participants') ?? '', BigInt(MAX_PEOPLE));
      return isFault(people) ? people : { epoch: Number(epoch), value: Number(people) };
    }),
  );
}

async function read<T>(
  path: string,
  columns: Columns,
  parse: (fields: ReadonlyMap<string, string>) => Parsed<T>,
): Promise<T[]> {
  const rows = await readRows({ path }, columns);
  return rows.map((row) => {
    const value = 'fault' in row ? row.fault : (columnsFault(row.fields.keys(), columns) ?? parse(row.fields));
    if (value instanceof Fault) throw invalid(path, row.line, value.words);
    return value;
  });
}

function rising<T>(path: string, series: readonly { epoch: number; value: T }[]): Series<T> {
  const sorted = [...series].sort((a, b) => a.epoch - b.epoch);
  if (sorted.length === 0) throw invalid(path, 1, 'it has no row that counts');
  sorted.forEach(({ epoch }, at) => {
    if (sorted[at - 1]?.epoch === epoch) throw invalid(path, 1, `epoch ${epoch} is given twice`);
  });
  return sorted;
}

function invalid(path: string, line: number, reason: string): InputError {
  const file = fileName({ path });
  return new InputError({
    code: 'SERIES_INVALID',
    shortMessage: `${file}:${line} ${reason}`,
    details: { file, line, reason },
  });
}
