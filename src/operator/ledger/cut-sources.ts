import { compareText } from '../../settlement/ledger/rows.ts';
import type { Cut, CutRules } from './cut.ts';
import { LedgerCut } from './cut.ts';
import type { KnownRows } from './known-rows.ts';
import type { SeenFile } from './seen-files.ts';
import type { Source } from './sources.ts';

/** Files by their names that an earlier cut saw whole, and the hash of what it saw. */
export type SeenSources = ReadonlyMap<string, SeenFile & { readonly hash: string }>;

/** A cut, and what need not be read for the next one. */
export interface CutOfSources {
  readonly cut: Cut;
  readonly seen: SeenSources;
}

/**
 * Cuts an epoch out of sources, row by row: kept are the rows that are new, and what is known is told by its hash. A file of which
 * an earlier cut saw every byte, and all of it is known, is passed; the cut is the one that reading it would give.
 *
 * @throws {InputError} `FILE_UNREADABLE`
 * @throws {RefusedError} `SEGMENT_DAMAGED`
 */
export async function cutSources(
  sources: readonly Source[],
  before: { readonly known: KnownRows; readonly seen: SeenSources },
  rules: CutRules,
): Promise<CutOfSources> {
  const byName = [...sources].sort((a, b) => compareText(a.name, b.name));
  const wanted = new Set<string>();
  for (;;) {
    const passed = byName.flatMap(({ name, kind, hash }) => {
      const earlier = wanted.has(name) ? undefined : before.seen.get(name);
      return earlier?.hash === hash ? [{ ...earlier, name, kind }] : [];
    });
    const made = new LedgerCut(before.known, rules, passed);
    const seen = new Map(passed.map(({ name, rows, refused, hash }) => [name, { rows, refused, hash }]));
    const hashes = new Map<string, string | null>();
    for (const source of byName) {
      if (!seen.has(source.name)) hashes.set(source.name, await taken(source, made));
    }
    const finished = made.finish();
    for (const [name, file] of finished.seen) {
      const hash = hashes.get(name) ?? null;
      if (hash !== null) seen.set(name, { ...file, hash });
    }
    if (finished.wanted.size === 0) return { cut: finished.cut, seen };
    for (const name of finished.wanted) wanted.add(name);
  }
}

/** Hands the rows of a source to a cut; gives the hash of what was read. */
async function taken({ kind, name, read }: Source, cut: LedgerCut): Promise<string | null> {
  const reading = read();
  try {
    for (;;) {
      const { done, value } = await reading.next();
      if (done === true) return value;
      cut.take(kind, name, value);
    }
  } finally {
    await reading.return(null);
  }
}
