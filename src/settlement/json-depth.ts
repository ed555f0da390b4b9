/** Deeper than any file of ours. */
const MAX_DEPTH = 64;

const [LINE_FEED, CARRIAGE_RETURN, QUOTE, STAR, SLASH, BACKSLASH] = [0x0a, 0x0d, 0x22, 0x2a, 0x2f, 0x5c];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/**
 * Where JSON (with or without comments) opens more brackets inside each other than any file of ours does, or -1. To be
 * asked before the text is parsed: parsers, schemas and printers call themselves once a level, and a hostile file of a
 * hundred thousand brackets ends them with an exhausted stack.
 *
 * A bracket of the wrong kind closes nothing, so that a parser that goes on after a fault cannot get deeper than this
 * counts.
 */
export function tooDeepAt(text: string): number {
  const open: number[] = [];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = endOfString(text, at);
    } else if (code === SLASH) {
      at = endOfComment(text, at);
    } else if (code === OPEN_LIST || code === OPEN_OBJECT) {
      if (open.length === MAX_DEPTH) return at;
      open.push(code);
    } else if (code === CLOSE_LIST || code === CLOSE_OBJECT) {
      // Both pairs are two code points apart.
      if (open.at(-1) === code - 2) open.pop();
    }
  }
  return -1;
}

/** The last character of the string that begins at `from`: its closing quote, or the end of the line. */
function endOfString(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) at++;
    else if (code === QUOTE || code === LINE_FEED || code === CARRIAGE_RETURN) return at;
  }
  return text.length;
}

/** The last character of the comment that begins at `from`; `from` itself when none does. */
function endOfComment(text: string, from: number): number {
  const kind = text.charCodeAt(from + 1);
  if (kind === STAR) {
    const end = text.indexOf('*/', from + 2);
    return end === -1 ? text.length : end + 1;
  }
  if (kind !== SLASH) return from;
  for (let at = from + 2; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === LINE_FEED || code === CARRIAGE_RETURN) return at;
  }
  return text.length;
}
