/** How a column is set: numbers stand to the right, words to the left. */
export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
}

/**
 * Sets rows in columns of equal width under their titles, for reading on a terminal or in a log.
 *
 * @example
 * table([{ title: 'epoch' }, { title: 'paid', align: 'right' }], [['0', '10']])
 * // 'epoch  paid\n─────  ────\n0        10\n'
 */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map(({ title }, at) => Math.max(title.length, ...rows.map((row) => (row[at] ?? '').length)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, at) =>
        columns[at]?.align === 'right' ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0),
      )
      .join('  ')
      .trimEnd();
  const rule = widths.map((width) => '─'.repeat(width));
  return [columns.map(({ title }) => title), rule, ...rows].map((row) => `${line(row)}\n`).join('');
}
