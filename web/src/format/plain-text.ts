const LONGEST = 4000;

/**
 * What does not belong into a text: control characters, what is private or unassigned, halves of characters, separators that are no line
 * breaks everywhere, and what formats without being seen. The joiners stay, without which some scripts and signs cannot be written.
 */
const HIDDEN = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}\p{Zl}\p{Zp}]/gu;
/** More marks upon one letter than any language has; they would reach over the lines around. */
const HEAPED = /(\p{M}{4})\p{M}+/gu;

/**
 * Words that anybody may have written: nothing in them turns the direction of the text or hides in it, and they are not endless.
 * Lines stay lines.
 *
 * @param most more characters are left out
 */
export function plainText(text: string, most = LONGEST): string {
  const cut = text.length > most;
  const shown = (cut ? text.slice(0, most) : text)
    .replaceAll('\r\n', '\n')
    .replaceAll('\t', ' ')
    .replaceAll(HIDDEN, (one) => (one === '\n' ? one : '\ufffd'))
    .replaceAll(HEAPED, '$1');
  return cut ? `${shown}…` : shown;
}

/** The same in one line: what imitates a line of its own does not become one. */
export function plainLine(text: string, most?: number): string {
  return plainText(text.replaceAll(/[\r\n]+/g, ' '), most);
}
