import type { CutKind } from './rows-of-cut.ts';

/** Of a file with more refused rows it is not kept which: it is read each time. */
export const MOST_REFUSED = 1000;

/** What a file came to that holds nothing which could come to another end while it stays the same. */
export interface SeenFile {
  readonly rows: number;
  /** What its refused rows say, and what those are called that could be read: a row of another file may be held against them. */
  readonly refused: readonly string[];
}

/** A file that a cut passes. */
export interface PassedFile extends SeenFile {
  readonly kind: CutKind;
  readonly name: string;
}

/** The files that a cut passes without reading them, since an earlier one saw all of it and all of it is known. */
export class UnreadFiles {
  readonly #files = new Map<string, string[]>();
  readonly #wanted = new Set<string>();

  constructor(passed: readonly PassedFile[]) {
    for (const { name, refused } of passed) {
      for (const what of refused) {
        const files = this.#files.get(what);
        if (files === undefined) this.#files.set(what, [name]);
        else files.push(name);
      }
    }
  }

  /** Whether a row that was read has its like in one of the files, which then has to be read too. */
  look(what: string): void {
    for (const name of this.#files.get(what) ?? []) this.#wanted.add(name);
  }

  /** The files that have to be read after all. */
  get wanted(): ReadonlySet<string> {
    return this.#wanted;
  }
}
