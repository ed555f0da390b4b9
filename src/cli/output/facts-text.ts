import type { Facts } from '../../operator/steps/step.ts';
import { moment } from '../../chain/moment.ts';
import { tokens } from '../../protocol/tokens.ts';

/** Facts in wei: of the native coin to six places, of the token to two. */
const COINS = new Set(['bond', 'cost', 'value', 'amount']);
const TOKENS = new Set(['budget', 'payout', 'granted', 'reserve']);
const MOMENTS = new Set(['end', 'until']);
/** What nobody reads in a line. */
const LONG = 100;

/** What a step tells, one line for each fact; what there is of the epoch before stands beside it. */
export function factsText(facts: Facts): string {
  return Object.entries(facts)
    .filter(([name, value]) => value !== null && !name.endsWith('Before'))
    .map(([name, value]) => {
      const before = facts[`${name}Before`];
      const beside = before === undefined || before === null ? '' : ` (the epoch before: ${shown(name, before)})`;
      return `\n  ${name}: ${shown(name, value ?? '')}${beside}`;
    })
    .join('');
}

function shown(name: string, value: string | number): string {
  if (MOMENTS.has(name) && typeof value === 'number') return moment(value);
  if (COINS.has(name) && typeof value === 'string') return `${tokens(BigInt(value), 6)} of the native coin`;
  if (TOKENS.has(name) && typeof value === 'string') return tokens(BigInt(value));
  const text = String(value);
  return text.length > LONG ? `${text.slice(0, LONG)}… (${text.length} characters)` : text;
}
