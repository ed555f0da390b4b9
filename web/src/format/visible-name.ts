/** A name that somebody wrote on chain: without line breaks, and with nothing that changes the direction of the text around it. */
export function visibleName(name: string): string {
  return visibleText(name, 64);
}

/** A longer text of the same kind, cut after `most` characters. */
export function visibleText(text: string, most = 500): string {
  return text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '?').slice(0, most);
}
