const BLOCKS = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/**
 * Values as a row of blocks from 0 to their highest, one character each, or averaged when there are more than `width`.
 *
 * @example
 * sparkline([0, 4, 8], 10) // ' ▄█'
 */
export function sparkline(values: readonly number[], width: number): string {
  const columns = values.length <= width ? values : squeezed(values, width);
  const highest = Math.max(...columns, 0);
  return columns.map((value) => BLOCKS[blockOf(value, highest)] ?? ' ').join('');
}

/** Whatever is not zero gets at least the lowest block: something small is not nothing. */
function blockOf(value: number, highest: number): number {
  if (value <= 0) return 0;
  return Math.max(1, Math.round((value / highest) * (BLOCKS.length - 1)));
}

function squeezed(values: readonly number[], width: number): number[] {
  return Array.from({ length: width }, (_, at) => {
    const part = values.slice(Math.floor((at * values.length) / width), Math.floor(((at + 1) * values.length) / width));
    return part.reduce((sum, value) => sum + value, 0) / part.length;
  });
}
