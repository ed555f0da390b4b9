// Node's types advise against this function, which browsers and Node both have, for the sake of code that runs in Node alone.
declare function atob(text: string): string;

/** The bytes in a text of base64. */
export function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
