import type { LedgerScores } from '../../store/score-ledger.ts';
import { table } from './table.ts';
import { counted, grouped } from '../../protocol/tokens.ts';

/** The scores of an epoch for people. */
export function scoresText({ epoch, start, end, scores, ineligible, counts }: LedgerScores): string {
  const columns = [{ title: 'account' }, { title: 'task' }, { title: 'points', align: 'right' }] as const;
  const body = scores.map(({ account, task, points }) => {
    const [whole = '', fraction] = points.split('.');
    return [account, task, `${grouped(whole)}${fraction === undefined ? '' : `.${fraction}`}`];
  });
  const { read, accepted, rejected, duplicates, outOfRange } = counts.contributions;
  const rest = `${grouped(outOfRange)} out of range, ${grouped(rejected)} rejected, ${counted(duplicates, 'duplicate')}`;
  return [
    `epoch ${epoch}, ${moment(start)} to ${moment(end)} UTC\n\n`,
    scores.length === 0 ? 'nobody scored anything\n' : table(columns, body),
    ineligible.length === 0 ? '' : '\nnot eligible\n',
    ...ineligible.map(({ account, reason }) => `  ${account}  ${reason}\n`),
    `\n${grouped(accepted)} of ${counted(read, 'contribution')} count up to then; ${rest}\n`,
  ].join('');
}

function moment(time: number): string {
  return new Date(time * 1000).toISOString().slice(0, 16).replace('T', ' ');
}
