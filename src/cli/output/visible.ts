/** What could move the cursor, colour a terminal, or begin a line that we never wrote. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Text of a node, a server, a report or an operator on one line, in characters that can be seen. */
export function visible(text: string): string {
  return text.replaceAll(INVISIBLE, ' ');
}

/** The same for text of several lines, which stay lines. */
export function visibleLines(text: string): string {
  return text.split('\n').map(visible).join('\n');
}
