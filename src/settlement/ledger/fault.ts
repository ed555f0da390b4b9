/**
 * Why a row was refused. The codes are part of the report's format: `docs/formats/ledger.md` says what each one means, and a
 * code once published keeps its meaning. The words behind it are hashed into published reports, so they are frozen with
 * version 1 of the formats too: a changed word is another report.
 */
export const REJECT_CODES = [
  // the file
  'file-empty',
  'file-truncated',
  'file-corrupt',
  'file-format',
  'header',
  // the record
  'encoding',
  'record-too-long',
  'csv-quote',
  'csv-columns',
  'json',
  'parquet-type',
  'control-character',
  // a field
  'column-missing',
  'column-unknown',
  'text-empty',
  'text-too-long',
  'text-not-canonical',
  'id-not-canonical',
  'address-name',
  'address-malformed',
  'address-checksum',
  'address-zero',
  'address-forbidden',
  'time-malformed',
  'time-offset',
  'time-leap-second',
  'time-impossible',
  'number-empty',
  'number-negative',
  'number-separator',
  'number-exponent',
  'number-decimals',
  'number-malformed',
  'number-too-large',
  'number-zero',
  // the row beside the others
  'task-unmapped',
  'measure-unknown',
  'quality-invalid',
  'conflict',
  'id-variant',
  'usage-unknown-contribution',
  'usage-not-author',
  'usage-not-counted',
] as const;

export type RejectCode = (typeof REJECT_CODES)[number];

const KNOWN_CODES: ReadonlySet<string> = new Set(REJECT_CODES);

/** Whether a code is one of the ledger's own. */
export function isRejectCode(code: string): code is RejectCode {
  return KNOWN_CODES.has(code);
}

/** What is wrong with a value or a row: a code for programs and words for people. */
export class Fault {
  readonly code: RejectCode;
  readonly words: string;

  constructor(code: RejectCode, words: string) {
    this.code = code;
    this.words = words;
  }
}

/** The value, or what is wrong with its text. */
export type Parsed<T> = T | Fault;

/** Whether parsing failed. */
export function isFault<T>(parsed: Parsed<T>): parsed is Fault {
  return parsed instanceof Fault;
}

/** Text as it may be shown in a message: at most 40 characters, nothing invisible, in quotes. */
export function quote(text: string): string {
  const shown = text.length > 40 ? `${text.slice(0, 40)}…` : text;
  return JSON.stringify(shown).replace(
    /[^\x20-\x7e…]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}
