import { printParseErrorCode } from 'jsonc-parser';
import type { ParseErrorCode } from 'jsonc-parser';

const WORDS: Readonly<Record<string, string>> = {
  InvalidSymbol: 'this is no JSON: a text stands in double quotes',
  InvalidNumberFormat: 'this is no number',
  PropertyNameExpected: 'a key in double quotes is expected here',
  ValueExpected: 'a value is expected here',
  ColonExpected: 'a colon is expected here, between key and value',
  CommaExpected: 'a comma is expected here, before the next entry',
  CloseBraceExpected: 'a closing brace } is missing here',
  CloseBracketExpected: 'a closing bracket ] is missing here',
  EndOfFileExpected: 'nothing can follow the end of the object',
  InvalidCommentToken: 'a comment cannot stand here',
  UnexpectedEndOfComment: 'this comment does not end',
  UnexpectedEndOfString: 'this text does not end: a closing quote is missing',
  UnexpectedEndOfNumber: 'this number does not end',
  InvalidUnicode: 'after \\u four hexadecimal digits are expected',
  InvalidEscapeCharacter: 'this character cannot stand after a backslash',
  InvalidCharacter: 'this character cannot stand in a text; line breaks and tabs are written \\n and \\t',
};

/** What is wrong with the spelling of a JSON file, for people. */
export function syntaxWords(code: ParseErrorCode): string {
  return WORDS[printParseErrorCode(code)] ?? 'this is no JSON';
}
