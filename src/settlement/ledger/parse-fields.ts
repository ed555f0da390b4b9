import { Fault, quote } from './fault.ts';
import type { Parsed } from './fault.ts';
import { hasControl, MAX_ATTRIBUTE } from './parse-text.ts';
import type { Attributes, LedgerKind } from './rows.ts';

/** The columns of one kind of ledger file, or of the participants that a simulation is given. */
export interface Columns {
  readonly kind: LedgerKind | 'participants';
  /** Every row must have these. */
  readonly required: readonly string[];
  /** A row may have these. */
  readonly optional: readonly string[];
  /** Of these a file must have exactly one. */
  readonly oneOf?: readonly string[];
  /** Whether other columns are attributes, or an error. */
  readonly attributes: boolean;
}

export const CONTRIBUTION_COLUMNS: Columns = {
  kind: 'contributions',
  required: ['id', 'account', 'time', 'task', 'units'],
  optional: ['measure'],
  attributes: true,
};
export const USAGE_COLUMNS: Columns = {
  kind: 'usage',
  required: ['contribution', 'account', 'time'],
  optional: [],
  attributes: true,
};
export const ACCOUNT_COLUMNS: Columns = {
  kind: 'accounts',
  required: ['account', 'badge', 'since'],
  optional: [],
  attributes: false,
};
export const PRICE_COLUMNS: Columns = {
  kind: 'prices',
  required: ['price'],
  optional: [],
  oneOf: ['epoch', 'time'],
  attributes: false,
};

const ATTRIBUTE_NAME = /^[a-z][a-z0-9_.-]{0,63}$/;

/** What is wrong with the columns of a file or the keys of a JSON row, if anything. */
export function columnsFault(names: Iterable<string>, columns: Columns): Fault | undefined {
  const present = new Set(names);
  for (const name of columns.required) {
    if (!present.has(name)) return new Fault('column-missing', `there is no column ${quote(name)}`);
  }
  if (columns.oneOf !== undefined && columns.oneOf.filter((name) => present.has(name)).length !== 1) {
    return new Fault('column-missing', `there must be exactly one of the columns ${columns.oneOf.join(', ')}`);
  }
  for (const name of present) {
    if (isKnown(name, columns)) continue;
    if (!columns.attributes) return new Fault('column-unknown', `the column ${quote(name)} is not known`);
    if (!ATTRIBUTE_NAME.test(name)) {
      return new Fault('column-unknown', `${quote(name)} cannot name an attribute (small letters, digits and _ . -)`);
    }
  }
  return undefined;
}

/** A row's attributes, sorted by name; or the fault of any value of the row that no column may hold. */
export function parseAttributes(fields: ReadonlyMap<string, string>, columns: Columns): Parsed<Attributes> {
  const names: string[] = [];
  for (const [name, value] of fields) {
    if (hasControl(value))
      return new Fault('control-character', `the column ${name} has a control character or line break`);
    if (isKnown(name, columns) || value === '') continue;
    if (value.length > MAX_ATTRIBUTE) {
      return new Fault('text-too-long', `the column ${name} has more than ${MAX_ATTRIBUTE} characters`);
    }
    names.push(name);
  }
  const attributes: Record<string, string> = {};
  for (const name of names.sort()) attributes[name] = fields.get(name) ?? '';
  return attributes;
}

function isKnown(name: string, columns: Columns): boolean {
  return columns.required.includes(name) || columns.optional.includes(name) || (columns.oneOf?.includes(name) ?? false);
}
