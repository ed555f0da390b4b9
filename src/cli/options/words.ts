import { optionFault } from '../errors.ts';

/**
 * Reads words that others are to read: not none.
 *
 * @throws {InputError} `OPTION_INVALID`
 */
export function wordsOption(option: string): (text: string) => string {
  return (text) => {
    if (text.trim() === '') throw optionFault(option, text, 'at least a word: others read it, and it stays on chain');
    return text;
  };
}
