import type { Address } from '../protocol/brands.ts';
import { parseAddress } from '../protocol/brands.ts';
import type { Ledger } from '../settlement/ledger/build-ledger.ts';
import type { Contribution } from '../settlement/ledger/rows.ts';

/** The rows of a ledger that scoring looks at. */
export type Rows = Pick<Ledger, 'contributions' | 'usage' | 'accounts'>;

export interface SplitParameters {
  readonly person: Address;
  /** Into how many accounts; the first is the person's own, and keeps its badges. */
  readonly into: number;
  /** Measures that only multiply, such as minutes online: they cost nothing to have in every account at once. */
  readonly copied: ReadonlySet<string>;
}

/**
 * The ledger as it would be had one person worked under several accounts, and those accounts. Every account gets the same part of
 * each row, which fills all caps of all accounts as far as the work reaches; what does not divide goes around.
 */
export function splitAccount(rows: Rows, parameters: SplitParameters): Rows & { readonly own: readonly Address[] } {
  const { person, into, copied } = parameters;
  const own = Array.from({ length: into }, (_, at) => aliasOf(person, at));
  const authors = new Map<string, Address>();
  let turn = 0;
  const partsOf = (row: Contribution): Contribution[] => {
    const isCopied = copied.has(row.measure);
    const rest = Number(row.units % BigInt(into)); // integer: less than the number of accounts
    const first = isCopied ? 0 : turn++;
    const parts = own.flatMap((_, at) => {
      const account = own[(first + at) % into] ?? person;
      const units = isCopied ? row.units : row.units / BigInt(into) + (at < rest ? 1n : 0n);
      return units === 0n ? [] : [{ ...row, id: partId(row, at), account, units }];
    });
    const [kept] = parts;
    if (kept !== undefined) authors.set(kept.id, kept.account);
    return parts;
  };
  const contributions = rows.contributions.flatMap((row) => (row.account === person ? partsOf(row) : [row]));
  const usage = rows.usage.map((row) => ({ ...row, account: authors.get(row.contribution) ?? row.account }));
  return { contributions, usage, accounts: rows.accounts, own };
}

/** The first part keeps the id, so that uses of it are still found. */
function partId({ id }: Contribution, index: number): string {
  return index === 0 ? id : `${id}.${index + 1}`;
}

/** Addresses that nobody else in the ledger has: the person's own with its last digits counted up, the person first. */
function aliasOf(person: Address, at: number): Address {
  const number = (BigInt(person) + BigInt(at)) % (1n << 160n);
  return parseAddress(`0x${number.toString(16).padStart(40, '0')}`);
}
