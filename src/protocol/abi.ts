import { WORD, writeWord } from './words.ts';

/** A field of a struct: a number for a value type, a list for a dynamic array of value types. */
export type AbiField = bigint | readonly bigint[];

/** The words of a struct's own encoding: values in place, for each array its offset, and the arrays behind. */
export function encodeFields(fields: readonly AbiField[]): readonly bigint[] {
  const head: bigint[] = [];
  const tail: bigint[] = [];
  for (const field of fields) {
    if (typeof field === 'bigint') {
      head.push(field);
    } else {
      head.push(BigInt(WORD * (fields.length + tail.length)));
      tail.push(BigInt(field.length), ...field);
    }
  }
  return [...head, ...tail];
}

/** Words one after the other as bytes. */
export function wordsToBytes(words: readonly bigint[]): Uint8Array {
  const bytes = new Uint8Array(WORD * words.length);
  const view = new DataView(bytes.buffer);
  words.forEach((word, index) => {
    writeWord(view, WORD * index, word);
  });
  return bytes;
}
