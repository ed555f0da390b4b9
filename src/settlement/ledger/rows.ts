import type { Address } from '../../protocol/brands.ts';
import type { Fault, RejectCode } from './fault.ts';

/** Where a row stands: the file's name, and the line on which the row begins (the first line of a file is 1). */
export interface Place {
  readonly file: string;
  readonly line: number;
}

/** A row as a file gave it: text only, nothing judged yet; or what kept the reader from getting that far. */
export type RawRow =
  | { readonly line: number; readonly fields: ReadonlyMap<string, string> }
  | { readonly line: number; readonly fault: Fault };

/** Names and values of the columns that the ledger itself does not know; a policy may use them. Empty values are left out. */
export type Attributes = Readonly<Record<string, string>>;

/** The value of an attribute, if the row has it: `constructor` too is only what the ledger says. */
export function attributeOf(attributes: Attributes, name: string): string | undefined {
  return Object.hasOwn(attributes, name) ? attributes[name] : undefined;
}

/** One piece of work that somebody did. */
export interface Contribution {
  readonly id: string;
  readonly account: Address;
  /** Seconds since 1970, UTC. */
  readonly time: number;
  readonly task: string;
  readonly measure: string;
  readonly units: bigint;
  readonly attributes: Attributes;
}

/** Somebody else built on a contribution. */
export interface Usage {
  readonly contribution: string;
  /** The contribution's author, who earns by its use. */
  readonly account: Address;
  /** Seconds since 1970, UTC. */
  readonly time: number;
  readonly attributes: Attributes;
}

/** An account has held a badge since a time; the empty badge means: is a member. */
export interface AccountRow {
  readonly account: Address;
  readonly badge: string;
  /** Seconds since 1970, UTC. */
  readonly since: number;
}

/** A price of one whole token in wad, of an epoch or at a time. */
export type PriceRow = { readonly price: bigint } & ({ readonly epoch: number } | { readonly time: number });

/** The kinds of file that a ledger is made of. */
export type LedgerKind = 'contributions' | 'usage' | 'accounts' | 'prices';

/** A row that does not count, and why. */
export interface Reject extends Place {
  readonly kind: LedgerKind;
  readonly code: RejectCode;
  /** The code and the words: `time-offset: …`. */
  readonly reason: string;
  /** The row's time, where it could be read. */
  readonly time?: number;
}

/** A row that says what another one has said already. */
export interface Duplicate extends Place {
  readonly kind: LedgerKind;
  readonly of: Place;
}

/** Where each row that was read went: `read = accepted + duplicates + rejected + outOfRange`. */
export interface Counts {
  readonly read: number;
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: number;
  readonly outOfRange: number;
}

/** Compares by Unicode code point, which is the order of the UTF-8 bytes: the same on every machine and in every language. */
export function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
}

/** Surrogates stand for the highest code points though their units do not have the highest numbers. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x2000 : unit >= 0xe000 ? unit - 0x800 : unit;
}
