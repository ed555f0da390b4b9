import { Fault, quote } from './fault.ts';
import type { Parsed } from './fault.ts';

/** The most UTF-16 code units that a name or an id may have, and an attribute's value. */
export const MAX_NAME = 200;
export const MAX_ATTRIBUTE = 1000;

const PLAIN = /^[\x21-\x7e]+$/;
const CONTROL = /[\p{Cc}\p{Cs}\u2028\u2029]/u;
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;
const INVISIBLES = /[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu;
const FOREIGN_SPACE = /(?! )\p{Zs}/u;

/** A value of any column is refused when it has a control character, a line break or half a surrogate pair. */
export function hasControl(text: string): boolean {
  return CONTROL.test(text);
}

/**
 * Whether a name has the one spelling that is accepted: normal form C, no invisible characters, no space but the plain one, and that only
 * single and inside.
 */
export function isCanonical(text: string): boolean {
  if (PLAIN.test(text)) return true;
  return (
    !INVISIBLE.test(text) && !FOREIGN_SPACE.test(text) && !/^ | {2}| $/.test(text) && text.normalize('NFC') === text
  );
}

/**
 * What two spellings of one id have in common: compatibility form (NFKC), without invisible characters, each run of white
 * space one plain space, none at the ends. Case is kept, and letters of different alphabets that look alike stay different.
 */
export function idKey(id: string): string {
  if (PLAIN.test(id)) return id;
  const spaced = id.normalize('NFKC').replace(/[\s\p{Zs}\p{Zl}\p{Zp}]+/gu, ' ');
  return spaced.replace(INVISIBLES, '').normalize('NFKC').replace(/ +/g, ' ').trim();
}

/** Reads a name (of a task, a measure or a badge): not empty, not too long, canonical. */
export function parseName(text: string, what: string): Parsed<string> {
  const fault = lengthFault(text, what);
  if (fault !== undefined) return fault;
  if (!isCanonical(text)) {
    return new Fault(
      'text-not-canonical',
      `the ${what} ${quote(text)} has invisible characters or an unusual spelling`,
    );
  }
  return text;
}

/** Whether an id can be looked at at all; its spelling is judged beside the other ids, see `settleDuplicates`. */
export function parseId(text: string, what: string): Parsed<string> {
  const fault = lengthFault(text, what);
  if (fault !== undefined) return fault;
  return idKey(text) === '' ? new Fault('text-empty', `the ${what} has no visible character`) : text;
}

function lengthFault(text: string, what: string): Fault | undefined {
  if (text === '') return new Fault('text-empty', `the ${what} is missing`);
  if (text.length > MAX_NAME) return new Fault('text-too-long', `the ${what} has more than ${MAX_NAME} characters`);
  return undefined;
}
