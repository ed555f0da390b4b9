import { hash } from 'node:crypto';

/** Entries of a chunk: what is there already is never copied. */
const CHUNK = 4096;
/** Words of an entry: 128 bits of what the row is called, 128 bits of what it says, 32 bits of its spelling, its epoch. */
const WORDS = 10;
const [KEY, SAYS, SPELLING, EPOCH] = [0, 4, 8, 9];

/** What is kept of a row under its key. */
export interface TableRow {
  readonly key: string;
  /** All that the row says, its spelling too. */
  readonly says: string;
  /** How the key was written; empty where that does not matter. */
  readonly spelling: string;
  readonly epoch: number;
}

/** A row found under a key, held against another one. */
export interface FoundRow {
  readonly epoch: number;
  /** In what they differ, by 128 bits of SHA-256, in which nobody finds two rows that agree. */
  readonly differs: 'in nothing' | 'in its spelling' | 'in what it says';
}

/**
 * The rows of a ledger by hashes of what they are called and say: 40 bytes a row and some ten for finding it, whatever the row is
 * long, outside of the heap that is searched for garbage. What is added first under a key stands.
 */
export class RowTable {
  readonly #chunks: Uint32Array[] = [];
  /** Positions + 1 of entries, by the first word of their keys; 0: free. At most three quarters are taken. */
  #slots = new Uint32Array(1024);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** What it takes in memory. */
  get bytes(): number {
    return 4 * (this.#chunks.length * CHUNK * WORDS + this.#slots.length);
  }

  add({ key, says, spelling, epoch }: TableRow): void {
    const named = wordsOf(key);
    const slot = this.#slotOf(named);
    if (this.#slots[slot] !== 0) return;
    if (this.#size % CHUNK === 0) this.#chunks.push(new Uint32Array(CHUNK * WORDS));
    const [chunk, at] = this.#entry(this.#size);
    chunk.set(named, at + KEY);
    chunk.set(wordsOf(says), at + SAYS);
    chunk[at + SPELLING] = wordsOf(spelling)[0] ?? 0;
    chunk[at + EPOCH] = epoch;
    this.#slots[slot] = ++this.#size;
    if (4 * this.#size > 3 * this.#slots.length) this.#grow();
  }

  has(key: string): boolean {
    return this.#slots[this.#slotOf(wordsOf(key))] !== 0;
  }

  /** The row under a key, held against one that has the key too; undefined: there is none. */
  find({ key, says, spelling }: Omit<TableRow, 'epoch'>): FoundRow | undefined {
    const position = this.#slots[this.#slotOf(wordsOf(key))] ?? 0;
    if (position === 0) return undefined;
    const [chunk, at] = this.#entry(position - 1);
    const epoch = chunk[at + EPOCH] ?? 0;
    if (isAt(chunk, at + SAYS, wordsOf(says))) return { epoch, differs: 'in nothing' };
    const isSpeltAlike = chunk[at + SPELLING] === wordsOf(spelling)[0];
    return { epoch, differs: isSpeltAlike ? 'in what it says' : 'in its spelling' };
  }

  #entry(position: number): readonly [Uint32Array, number] {
    const chunk = this.#chunks[(position - (position % CHUNK)) / CHUNK]; // integer: a multiple of CHUNK
    if (chunk === undefined) throw new RangeError(`no entry ${position}`);
    return [chunk, (position % CHUNK) * WORDS];
  }

  /** The slot in which a key is, or would be. */
  #slotOf(key: Uint32Array): number {
    const slots = this.#slots;
    let slot = (key[0] ?? 0) % slots.length;
    for (let position = slots[slot] ?? 0; position !== 0; position = slots[slot] ?? 0) {
      const [chunk, at] = this.#entry(position - 1);
      if (isAt(chunk, at + KEY, key)) return slot;
      slot = (slot + 1) % slots.length;
    }
    return slot;
  }

  #grow(): void {
    this.#slots = new Uint32Array(2 * this.#slots.length);
    for (let position = 0; position < this.#size; position++) {
      const [chunk, at] = this.#entry(position);
      this.#slots[this.#slotOf(chunk.subarray(at + KEY, at + KEY + 4))] = position + 1;
    }
  }
}

function isAt(chunk: Uint32Array, at: number, words: Uint32Array): boolean {
  return (
    chunk[at] === words[0] && chunk[at + 1] === words[1] && chunk[at + 2] === words[2] && chunk[at + 3] === words[3]
  );
}

/** The first 128 bits of the SHA-256 of a text. */
function wordsOf(text: string): Uint32Array {
  const digest = hash('sha256', text, 'buffer');
  return new Uint32Array([
    digest.readUInt32LE(0),
    digest.readUInt32LE(4),
    digest.readUInt32LE(8),
    digest.readUInt32LE(12),
  ]);
}
