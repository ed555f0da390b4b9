import { Fault, isFault, quote } from './fault.ts';
import type { Parsed } from './fault.ts';
import type { RawRow } from './rows.ts';
import { MAX_RECORD } from './split-lines.ts';
import type { TextLine } from './split-lines.ts';

/** One key, a colon, and a value that is a string, a number or null; with white space as JSON has it. */
const MEMBER =
  /[ \t\r]*("(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")[ \t\r]*:[ \t\r]*(?:("(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)|(null))[ \t\r]*([,}])/uy;

/**
 * Reads NDJSON: one flat JSON object a line, its values strings, numbers or null.
 *
 * A number is taken as the digits that stand there, so no integer is too long to be exact; `null` is an empty value. A key
 * given twice, a nested value and `true`/`false` are refused.
 */
export function readNdjson(lines: readonly TextLine[]): RawRow[] {
  return lines.map(({ line, text, fault }): RawRow => {
    if (fault === 'encoding') return { line, fault: new Fault('encoding', 'the row is not UTF-8') };
    if (fault === 'record-too-long') {
      return { line, fault: new Fault('record-too-long', `the row is longer than ${MAX_RECORD} bytes`) };
    }
    const fields = parseObject(text);
    return isFault(fields) ? { line, fault: fields } : { line, fields };
  });
}

function parseObject(text: string): Parsed<ReadonlyMap<string, string>> {
  const fields = new Map<string, string>();
  const open = /^[ \t\r]*\{/.exec(text);
  if (open === null) return new Fault('json', 'the line is not a JSON object');
  if (/^[ \t\r]*\{[ \t\r]*\}[ \t\r]*$/.test(text)) return fields;
  let at = open[0].length;
  for (;;) {
    MEMBER.lastIndex = at;
    const match = MEMBER.exec(text);
    if (match === null) {
      return new Fault(
        'json',
        `the line is not a flat JSON object of strings and numbers at ${quote(text.slice(at, at + 20))}`,
      );
    }
    const key = unescape(match[1] ?? '""');
    if (fields.has(key)) return new Fault('json', `the key ${quote(key)} is given twice`);
    fields.set(key, match[2] === undefined ? (match[3] ?? '') : unescape(match[2]));
    at = MEMBER.lastIndex;
    if (match[5] === '}') break;
  }
  return /^[ \t\r]*$/.test(text.slice(at)) ? fields : new Fault('json', 'something follows the JSON object');
}

/** The pattern has seen to it that this is a JSON string. */
function unescape(literal: string): string {
  return literal.includes('\\') ? (JSON.parse(literal) as string) : literal.slice(1, -1);
}
