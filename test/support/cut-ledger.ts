import type { Cut, CutRules } from '../../src/operator/ledger/cut.ts';
import { LedgerCut } from '../../src/operator/ledger/cut.ts';
import type { KnownRows } from '../../src/operator/ledger/known-rows.ts';
import type { CutKind } from '../../src/operator/ledger/rows-of-cut.ts';
import { CUT_KINDS } from '../../src/operator/ledger/rows-of-cut.ts';
import type { RawFile } from '../../src/settlement/ledger/build-ledger.ts';
import { compareText } from '../../src/settlement/ledger/rows.ts';

/** Everything that the sources hold at the moment of a cut, of all epochs. */
export type SourceFiles = Readonly<Record<CutKind, readonly RawFile[]>>;

/** Cuts an epoch out of all rows of all files. */
export function cutLedger(files: SourceFiles, known: KnownRows, rules: CutRules): Cut {
  const cut = new LedgerCut(known, rules);
  for (const kind of CUT_KINDS) {
    const byName = [...files[kind]].sort((a, b) => compareText(a.file, b.file));
    for (const { file, rows } of byName) cut.take(kind, file, rows);
  }
  return cut.finish().cut;
}
