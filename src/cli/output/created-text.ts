import type { Created } from '../price/create-source.ts';
import { grouped } from '../../protocol/tokens.ts';

/** A price source that was made, or would be, and what to do next. */
export function createdText({ contract, account, source, hash, block, gas }: Created): string {
  const used = gas === null ? '' : `, ${grouped(gas)} gas`;
  const by = account === null ? '' : `, by ${account}`;
  if (source === null) return `tried out: ${contract}${by}${used}\n`;
  return [
    `done: ${contract} at ${source}${by}\n`,
    `  ${hash ?? ''} in block ${grouped(block ?? 0)}${used}\n`,
    `next: lode governance propose --price-source ${source} …\n`,
  ].join('');
}
