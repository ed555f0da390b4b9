/**
 * One JSON document with a newline at its end. A bigint, which is always an amount or a score here, becomes a decimal
 * string: JSON numbers lose digits in most readers.
 *
 * @example
 * jsonDocument({ budget: 10n }, 0) // '{"budget":"10"}\n'
 */
export function jsonDocument(value: unknown, indent = 2): string {
  const replace = (_key: string, item: unknown): unknown => (typeof item === 'bigint' ? item.toString() : item);
  return `${JSON.stringify(value, replace, indent)}\n`;
}
