/** One file of an example ledger; `text` ends with a line break. */
export interface LedgerFile {
  readonly path: string;
  readonly text: string;
}

const DAY = 86_400;

/** Rows as CSV. No value of the generators needs quotes, and one that did would be a mistake. */
export function csv(columns: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const lines = rows.map((row) => {
    if (row.length !== columns.length) throw new RangeError(`${row.join()} has not the columns ${columns.join()}`);
    const line = row.join(',');
    if (line.includes('"') || line.split(',').length !== columns.length) throw new RangeError(`${line} needs quotes`);
    return line;
  });
  return [columns.join(','), ...lines, ''].join('\n');
}

/** A moment as the ledger writes it. */
export function moment(start: number, day: number, second: number): string {
  return new Date((start + day * DAY + second) * 1000).toISOString().replace('.000Z', 'Z');
}

/** `m00042` */
export function rowId(prefix: string, number: number): string {
  return `${prefix}${number.toString().padStart(5, '0')}`;
}
