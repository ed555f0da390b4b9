import { keccak256 } from '../../src/protocol/keccak.ts';
import { parseAddress } from '../../src/protocol/brands.ts';
import type { Address } from '../../src/protocol/brands.ts';
import { bytesToHex } from '../../src/protocol/words.ts';
import { buildLedger } from '../../src/settlement/ledger/build-ledger.ts';
import type { Ledger, LedgerFiles, LedgerRules, RawFile } from '../../src/settlement/ledger/build-ledger.ts';
import type { RawRow } from '../../src/settlement/ledger/rows.ts';

/** The tasks of the tests' ledgers and what they count for. */
export const TASK_MAP: ReadonlyMap<string, string> = new Map([
  ['voice', 'voice'],
  ['text', 'text'],
  ['letters', 'text'],
]);

/** 2020-01-01T00:00:00Z, a Wednesday. */
export const START = 1_577_836_800;
export const DAY = 86_400;

/** An address made from a number, never the zero one. */
export function accountOf(number: number): Address {
  return parseAddress(bytesToHex(keccak256(new TextEncoder().encode(`account ${number}`)).subarray(12)));
}

export const alice = accountOf(1);
export const bob = accountOf(2);

/** A moment of the ledger's clock, some seconds after {@link START}. */
export function at(seconds: number): string {
  return new Date((START + seconds) * 1000).toISOString().replace('.000Z', 'Z');
}

type Row = Readonly<Record<string, string>>;

/** A good contribution, with some columns changed. */
export function contribution(changes: Row = {}): Row {
  return { id: 'c1', account: alice, time: at(0), task: 'voice', units: '5', ...changes };
}

/** Rows as a reader gives them, from line 2 on as under a header. */
export function rawFile(rows: readonly Row[], file = 'rows.csv'): RawFile {
  return {
    file,
    rows: rows.map((row, index): RawRow => ({ line: index + 2, fields: new Map(Object.entries(row)) })),
  };
}

/** The rules of the tests: everything from START on for 100 days. */
export function rules(changes: Partial<LedgerRules> = {}): LedgerRules {
  return { taskMap: TASK_MAP, range: { start: START, end: START + 100 * DAY }, ...changes };
}

/** A ledger of some rows. */
export function ledgerOf(files: Partial<LedgerFiles>, changes: Partial<LedgerRules> = {}): Ledger {
  return buildLedger({ contributions: [], ...files }, rules(changes));
}

/** A ledger of contributions alone. */
export function contributionsOf(rows: readonly Row[], changes: Partial<LedgerRules> = {}): Ledger {
  return ledgerOf({ contributions: [rawFile(rows)] }, changes);
}
