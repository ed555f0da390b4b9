import { isFault } from './fault.ts';
import type { Parsed } from './fault.ts';
import { parseAccount } from './parse-account.ts';
import {
  ACCOUNT_COLUMNS,
  columnsFault,
  CONTRIBUTION_COLUMNS,
  parseAttributes,
  PRICE_COLUMNS,
  USAGE_COLUMNS,
} from './parse-fields.ts';
import type { Columns } from './parse-fields.ts';
import { MAX_UNITS, parsePositiveDecimal, parseWhole } from './parse-number.ts';
import { parseId, parseName } from './parse-text.ts';
import { parseTime } from './parse-time.ts';
import type { AccountRow, Attributes, Contribution, PriceRow, Usage } from './rows.ts';

/** The measure of a contribution that names none. */
export const DEFAULT_MEASURE = 'units';

const MAX_PRICE = (1n << 128n) - 1n;
const MAX_EPOCH = (1n << 32n) - 1n;

type Fields = ReadonlyMap<string, string>;

/** Reads one row of a contributions file: `id, account, time, task, units`, `measure` if given, and attributes. */
export function parseContribution(fields: Fields, forbidden: ReadonlySet<string>): Parsed<Contribution> {
  const attributes = readAttributes(fields, CONTRIBUTION_COLUMNS);
  if (isFault(attributes)) return attributes;
  const id = parseId(text(fields, 'id'), 'id');
  if (isFault(id)) return id;
  const account = parseAccount(text(fields, 'account'), forbidden);
  if (isFault(account)) return account;
  const time = parseTime(text(fields, 'time'));
  if (isFault(time)) return time;
  const task = parseName(text(fields, 'task'), 'task');
  if (isFault(task)) return task;
  const measure = parseName(text(fields, 'measure') || DEFAULT_MEASURE, 'measure');
  if (isFault(measure)) return measure;
  const units = parseWhole(text(fields, 'units'), MAX_UNITS);
  if (isFault(units)) return units;
  return { id, account, time, task, measure, units, attributes };
}

/** Reads one row of a usage file: `contribution, account, time`, and attributes. */
export function parseUsage(fields: Fields, forbidden: ReadonlySet<string>): Parsed<Usage> {
  const attributes = readAttributes(fields, USAGE_COLUMNS);
  if (isFault(attributes)) return attributes;
  const contribution = parseId(text(fields, 'contribution'), 'contribution');
  if (isFault(contribution)) return contribution;
  const account = parseAccount(text(fields, 'account'), forbidden);
  if (isFault(account)) return account;
  const time = parseTime(text(fields, 'time'));
  return isFault(time) ? time : { contribution, account, time, attributes };
}

/** Reads one row of an accounts file: `account, badge, since`. */
export function parseAccountRow(fields: Fields, forbidden: ReadonlySet<string>): Parsed<AccountRow> {
  const attributes = readAttributes(fields, ACCOUNT_COLUMNS);
  if (isFault(attributes)) return attributes;
  const account = parseAccount(text(fields, 'account'), forbidden);
  if (isFault(account)) return account;
  const given = text(fields, 'badge');
  const badge = given === '' ? given : parseName(given, 'badge');
  if (isFault(badge)) return badge;
  const since = parseTime(text(fields, 'since'));
  return isFault(since) ? since : { account, badge, since };
}

/** Reads one row of a prices file: `epoch, price` or `time, price`; the price above zero, with up to 18 decimals. */
export function parsePrice(fields: Fields): Parsed<PriceRow> {
  const attributes = readAttributes(fields, PRICE_COLUMNS);
  if (isFault(attributes)) return attributes;
  const price = parsePositiveDecimal(text(fields, 'price'), 18, MAX_PRICE);
  if (isFault(price)) return price;
  if (fields.has('epoch')) {
    const epoch = parseWhole(text(fields, 'epoch'), MAX_EPOCH);
    return isFault(epoch) ? epoch : { epoch: Number(epoch), price }; // integer: at most MAX_EPOCH
  }
  const time = parseTime(text(fields, 'time'));
  return isFault(time) ? time : { time, price };
}

function readAttributes(fields: Fields, columns: Columns): Parsed<Attributes> {
  return columnsFault(fields.keys(), columns) ?? parseAttributes(fields, columns);
}

function text(fields: Fields, name: string): string {
  return fields.get(name) ?? '';
}
