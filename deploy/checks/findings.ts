/**
 * What figures are, where they are not just numbers: coins, parts of one or decimals, all with 18 places; seconds; a list of task,
 * weight and minimum score; or since which epoch how many of them are a cohort, and over how many seconds it is released.
 */
export type Unit = 'coin' | 'part' | 'decimal' | 'seconds' | 'tasks' | 'terms';

/** One difference between a deployment and what it was made from. */
export interface Finding {
  readonly what: string;
  readonly expected: string;
  readonly found: string;
  /** Who can have made the difference after the deployment. */
  readonly changedBy: ChangedBy;
  /** Of what was expected and found, if they are numbers with one. */
  readonly unit?: Unit;
}

/** Nobody can have (something is wrong), governance by the rules of its time, or everyday use. */
export type ChangedBy = 'nobody' | 'governance' | 'use';

type Plain = string | number | bigint | boolean | readonly Plain[];

/** Collects differences, so that one run names all of them. */
export class Findings {
  readonly list: Finding[] = [];

  /** Notes a difference unless both read the same; addresses are compared without regard to their capital letters. */
  equal(what: string, found: Plain, expected: Plain, changedBy: ChangedBy = 'nobody', unit?: Unit): void {
    if (show(found) === show(expected)) return;
    const finding = { what, expected: show(expected), found: show(found), changedBy };
    this.list.push(unit === undefined ? finding : { ...finding, unit });
  }

  /** The same for what governance can change later. */
  governed(what: string, found: Plain, expected: Plain, unit?: Unit): void {
    this.equal(what, found, expected, 'governance', unit);
  }

  /** The same for what moves as soon as the protocol is used. */
  used(what: string, found: Plain, expected: Plain): void {
    this.equal(what, found, expected, 'use');
  }
}

function show(value: Plain): string {
  if (typeof value === 'object') return `[${value.map(show).join(', ')}]`;
  const text = String(value);
  return /^0x[0-9a-fA-F]{40}$/.test(text) ? text.toLowerCase() : text;
}
