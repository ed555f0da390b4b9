/** One difference between a deployment and what it was made from. */
export interface Finding {
  readonly what: string;
  readonly expected: string;
  readonly found: string;
}

type Plain = string | number | bigint | boolean | readonly Plain[];

/** Collects differences, so that one run names all of them. */
export class Findings {
  readonly list: Finding[] = [];

  /** Notes a difference unless both read the same; addresses are compared without regard to their capital letters. */
  equal(what: string, found: Plain, expected: Plain): void {
    if (show(found) !== show(expected)) this.list.push({ what, expected: show(expected), found: show(found) });
  }
}

function show(value: Plain): string {
  if (typeof value === 'object') return `[${value.map(show).join(', ')}]`;
  const text = String(value);
  return /^0x[0-9a-fA-F]{40}$/.test(text) ? text.toLowerCase() : text;
}
