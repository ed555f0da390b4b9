/** The longest record that may be a row, in bytes of its line or characters over several lines. */
export const MAX_RECORD = 65_536;

/** The longest line that is kept at all; of a longer one only the beginning is. */
export const MAX_LINE = 1_048_576;

/** A physical line of a file, without its line break (`\n` or `\r\n`). */
export interface TextLine {
  readonly line: number;
  readonly text: string;
  /** Set when `text` is not to be trusted: the bytes were not UTF-8 (each byte then stands for itself), or too many. */
  readonly fault?: 'encoding' | 'record-too-long';
  /** Set when the line was longer than {@link MAX_LINE} and `text` is its beginning only. */
  readonly cut?: true;
}

const NEWLINE = 10;
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const bytewise = new TextDecoder('latin1');

/**
 * Cuts a stream of bytes into lines of text. A byte order mark at the very start is taken off; what is not UTF-8 is
 * marked line by line, and a line longer than {@link MAX_LINE} is cut there, so memory stays bounded whatever comes.
 */
export class LineSplitter {
  #line = 1;
  #rest: Uint8Array[] = [];
  #restLength = 0;
  #overlong = false;

  /** The lines that `chunk` completes. */
  push(chunk: Uint8Array): TextLine[] {
    const lines: TextLine[] = [];
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      this.#keep(chunk.subarray(start, end));
      lines.push(this.#take(true));
      start = end + 1;
    }
    this.#keep(chunk.subarray(start));
    return lines;
  }

  /** The last line, if it had no line break; with `damaged` it is dropped, since nobody knows how it would have gone on. */
  end(damaged: boolean): TextLine[] {
    return this.#restLength === 0 || damaged ? [] : [this.#take(false)];
  }

  /** The number of the line that comes next. */
  get line(): number {
    return this.#line;
  }

  #keep(bytes: Uint8Array): void {
    const room = MAX_LINE + 1 - this.#restLength; // one more, so that \r\n does not make a line too long
    if (bytes.length > room) this.#overlong = true;
    const kept = bytes.length > room ? bytes.subarray(0, room) : bytes;
    if (kept.length === 0) return;
    this.#rest.push(kept.slice());
    this.#restLength += kept.length;
  }

  #take(terminated: boolean): TextLine {
    let bytes = this.#rest.length === 1 ? (this.#rest[0] ?? new Uint8Array()) : concat(this.#rest, this.#restLength);
    const line = this.#line;
    if (terminated && bytes.at(-1) === 13) bytes = bytes.subarray(0, -1);
    if (line === 1 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) bytes = bytes.subarray(3);
    const cut = this.#overlong || bytes.length > MAX_LINE;
    this.#line += 1;
    this.#rest = [];
    this.#restLength = 0;
    this.#overlong = false;
    if (cut) return { line, text: bytewise.decode(bytes.subarray(0, MAX_LINE)), fault: 'record-too-long', cut };
    if (bytes.length > MAX_RECORD) return { line, text: bytewise.decode(bytes), fault: 'record-too-long' };
    try {
      return { line, text: strict.decode(bytes) };
    } catch {
      return { line, text: bytewise.decode(bytes), fault: 'encoding' };
    }
  }
}

function concat(parts: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
