import type { Address } from '../../protocol/brands.ts';
import type { RejectCode } from '../../settlement/ledger/fault.ts';
import type { AccountRow, Attributes, Contribution, Usage } from '../../settlement/ledger/rows.ts';
import { attributeOf } from '../../settlement/ledger/rows.ts';
import { parseTime } from '../../settlement/ledger/parse-time.ts';
import { moment } from '../../chain/moment.ts';

/** The kinds of row that a cut is made of. */
export const CUT_KINDS = ['contributions', 'usage', 'accounts'] as const;
export type CutKind = (typeof CUT_KINDS)[number];

/** Why a row is not counted: what the ledger's parser says, or the cut itself. */
export type QuarantineCode = RejectCode | 'late' | 'before-start' | 'column-reserved';

/** A row that is not counted, with all that is known of it: nothing that was read is lost. */
export interface QuarantinedRow {
  readonly kind: CutKind;
  readonly file: string;
  readonly line: number;
  readonly code: QuarantineCode;
  /** The code and the words. */
  readonly reason: string;
  /** By this the row is known again, wherever it stands by then. */
  readonly identity: string;
  /** The row as it was given; null where it could not be read that far. */
  readonly fields: Readonly<Record<string, string>> | null;
}

/** The rows that an epoch adds to the ledger, each in an order that does not depend on the sources'. */
export interface CutRows {
  readonly contributions: readonly Contribution[];
  readonly usage: readonly Usage[];
  readonly accounts: readonly AccountRow[];
  /** By file and line. */
  readonly quarantine: readonly QuarantinedRow[];
}

/** The attribute that keeps the time which a late row was reported with; no source may have a column of this name. */
export const REPORTED_TIME = 'reported_time';

/** A row that came late, as it is counted: in another second, with its own time beside it. */
export function movedTo<T extends Contribution | Usage>(row: T, time: number): T {
  const attributes: Attributes = { ...row.attributes, [REPORTED_TIME]: moment(row.time) };
  const sorted = Object.fromEntries(Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1)));
  return { ...row, time, attributes: sorted };
}

/** A row as its source has it: with the time that it was reported with. */
export function asReported<T extends Contribution | Usage>(row: T): T {
  const reported = attributeOf(row.attributes, REPORTED_TIME);
  const time = reported === undefined ? null : parseTime(reported);
  if (typeof time !== 'number') return row;
  const others = Object.entries(row.attributes).filter(([name]) => name !== REPORTED_TIME);
  return { ...row, time, attributes: Object.fromEntries(others) };
}

/** A contribution as a line of a ledger, without the line break. */
export function contributionLine({ id, account, time, task, measure, units, attributes }: Contribution): string {
  return JSON.stringify({ id, account, time: moment(time), task, measure, units: units.toString(), ...attributes });
}

/** A use as a line of a ledger. */
export function usageLine({ contribution, account, time, attributes }: Usage): string {
  return JSON.stringify({ contribution, account, time: moment(time), ...attributes });
}

/** An account's badge as a line of a ledger. */
export function accountLine({ account, badge, since }: AccountRow): string {
  return JSON.stringify({ account, badge, since: moment(since) } satisfies Record<string, Address | string>);
}
