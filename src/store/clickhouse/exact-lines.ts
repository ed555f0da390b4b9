import { InvariantError, RetryableError } from '../../protocol/errors.ts';

/** The only types a result may have: whole numbers. A float or decimal would already have lost what it lost. */
const EXACT = /^(?:Nullable\()?U?Int(?:8|16|32|64|128|256)\)?$/;
/** Nothing, as an outer join gives it; whoever reads such a number as one is stopped. */
const NOTHING = '\\N';
const WHOLE = /^(?:-?[0-9]{1,78}|\\N)$/;
/** A number of so many characters at most is safe as a double. */
const SAFE = 15;

/**
 * Reads an answer in the form `TabSeparatedWithNamesAndTypes`: whole numbers only, by the types that its second line names.
 *
 * @throws {InvariantError} `SQL_INEXACT` when a column is of another type, or has something else in it
 * @throws {RetryableError} `ENGINE_CUT_SHORT` when the answer ends within a line or before its first two
 */
export async function exactLines(
  answer: AsyncIterable<Uint8Array>,
  columns: readonly string[],
): Promise<(bigint | number | null)[][]> {
  const rows: (bigint | number | null)[][] = [];
  let seen = 0;
  const take = (line: string): void => {
    const cells = line.split('\t');
    if (seen === 0) checkNames(cells, columns);
    else if (seen === 1) checkTypes(cells, columns);
    else rows.push(numbersOf(cells, columns));
    seen += 1;
  };
  let rest = '';
  for await (const bytes of answer) {
    const lines = `${rest}${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')}`.split(
      '\n',
    );
    rest = lines.pop() ?? '';
    lines.forEach(take);
  }
  if (rest === '' && seen >= 2) return rows;
  throw new RetryableError({
    code: 'ENGINE_CUT_SHORT',
    shortMessage: 'the answer of the scoring engine was cut short',
    details: { lines: seen },
  });
}

function checkNames(names: readonly string[], columns: readonly string[]): void {
  if (names.length === columns.length && names.every((name, at) => name === columns[at])) return;
  throw inexact(`a result has other columns than it was asked for`, { columns: columns.join(', ') });
}

function checkTypes(types: readonly string[], columns: readonly string[]): void {
  const at = types.findIndex((type) => !EXACT.test(type));
  if (at < 0) return;
  const [column, type] = [columns[at] ?? `${at}`, types[at] ?? ''];
  throw inexact(`the column ${column} of a result is ${type}, which does not hold whole numbers exactly`, {
    column,
    type,
  });
}

function numbersOf(cells: readonly string[], columns: readonly string[]): (bigint | number | null)[] {
  const isWhole = cells.length === columns.length && cells.every((cell) => WHOLE.test(cell));
  if (!isWhole) throw inexact('a result is not a whole number', { line: cells.join(', ').slice(0, 500) });
  return cells.map((cell) => (cell === NOTHING ? null : cell.length <= SAFE ? Number(cell) : BigInt(cell)));
}

function inexact(words: string, details: Readonly<Record<string, unknown>>): InvariantError {
  return new InvariantError({ code: 'SQL_INEXACT', shortMessage: `DIFF-3: ${words}`, details });
}
