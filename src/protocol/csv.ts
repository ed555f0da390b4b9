/** What a spreadsheet takes for the beginning of a formula, wherever the text came from. */
const FORMULA = /^[=+\-@\t\r]/;

/** A number as it stands in a column of figures: digits, a sign and a point, and nothing that a spreadsheet would run. */
const FIGURE = /^-?\d+(\.\d+)?$/;

/**
 * A table as CSV (RFC 4180): a header, then a line for each row, each ended by CR and LF. A text that a spreadsheet would take for a
 * formula gets an apostrophe in front, which spreadsheets do not show.
 *
 * @example
 * csv(['name'], [['=1+1'], ['a,b']]) // 'name\r\n\'=1+1\r\n"a,b"\r\n'
 */
export function csv(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  return [columns, ...rows].map((cells) => `${cells.map(cellOf).join(',')}\r\n`).join('');
}

function cellOf(text: string): string {
  const harmless = FORMULA.test(text) && !FIGURE.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
