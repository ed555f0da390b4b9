/**
 * Words as a line that a shell takes apart again.
 *
 * @example
 * shellLine(['lode', 'verify', 'my reports']) // "lode verify 'my reports'"
 */
export function shellLine(words: readonly string[]): string {
  return words.map(quoted).join(' ');
}

function quoted(word: string): string {
  return /^[\w./:@%+,=-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
