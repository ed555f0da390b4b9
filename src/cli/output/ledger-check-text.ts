import type { LedgerCheck } from '../../store/check-ledger.ts';
import { counted, grouped } from '../../protocol/tokens.ts';

/** One line for each row that cannot be used, as compilers write them: editors and terminals make links of that. */
export function rejectLines({ rejects }: LedgerCheck): string {
  return rejects.map(({ file, line, reason }) => `${file}:${line}: ${reason}\n`).join('');
}

/** What each file is and how many of its rows can be used. */
export function checkedFilesText({ files, usageHeld }: LedgerCheck): string {
  const lines = files.map(({ file, kind, read, rejected, duplicates }) => {
    if (kind === null) return `${file}: cannot be used\n`;
    const twice = duplicates === 0 ? '' : `, ${grouped(duplicates)} of them repeat another one and count once with it`;
    const bad = rejected === 0 ? '' : `, ${grouped(rejected)} rejected`;
    return `${file}: ${kind}, ${counted(read, 'row')}${bad}${twice}\n`;
  });
  const alone = files.some(({ kind }) => kind === 'usage') && !usageHeld;
  const hint = 'give the contributions as well to see whether what is used exists\n';
  return `${lines.join('')}${alone ? hint : ''}`;
}
