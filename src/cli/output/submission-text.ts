import type { Submission } from '../governance/submit.ts';
import { grouped } from '../../protocol/tokens.ts';

/** What was sent, or would be, a line for each transaction. */
export function submissionText({ title, account, sent, safeFile, transactions }: Submission): string {
  const lines = transactions.map(({ target, call, hash, block, gas }) => {
    const used = gas === null ? '' : `, ${grouped(gas)} gas`;
    const where = hash === null ? 'not sent' : `${hash} in block ${grouped(block ?? 0)}`;
    return `  ${target}.${call}: ${where}${used}\n`;
  });
  const by = account === null ? '' : `, by ${account}`;
  const file = safeFile === null ? '' : `for the Safe Transaction Builder: ${safeFile}\n`;
  return `${sent ? 'done' : 'tried out'}: ${title}${by}\n${lines.join('')}${file}`;
}
