const DIGITS = new TextEncoder().encode('0123456789abcdef');

/** Writes ASCII text as bytes, for files of very many rows, where a string for each row would cost more than all else. */
export class ByteWriter {
  #bytes: Uint8Array;
  #length = 0;

  constructor(room = 65_536) {
    this.#bytes = new Uint8Array(room);
  }

  /** Writes text of ASCII characters only. */
  text(text: string): this {
    this.#reserve(text.length);
    for (let index = 0; index < text.length; index++) this.#bytes[this.#length++] = text.charCodeAt(index);
    return this;
  }

  /** Writes bytes `from` up to `to` in hexadecimal digits, `0x` before them and quotes around. */
  hex(bytes: Uint8Array, from: number, to: number): this {
    this.#reserve(2 * (to - from) + 4);
    const target = this.#bytes;
    let at = this.#length;
    target[at++] = 34; // "
    target[at++] = 48; // 0
    target[at++] = 120; // x
    for (let index = from; index < to; index++) {
      const byte = bytes[index] as number; // Callers stay within.
      target[at++] = DIGITS[byte >> 4] as number;
      target[at++] = DIGITS[byte & 15] as number;
    }
    target[at++] = 34;
    this.#length = at;
    return this;
  }

  /** What was written, in bytes of its own; the writer begins anew. */
  take(): Uint8Array {
    const bytes = this.#bytes.slice(0, this.#length);
    this.#length = 0;
    return bytes;
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(2 * this.#bytes.length, this.#length + more));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}
