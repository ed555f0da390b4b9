import { counted, grouped } from '../../protocol/tokens.ts';
import { ONE } from './policy-bounds.ts';
import type { FactorStep, IneligibleReason } from './score-steps.ts';

const WORDS: Readonly<Record<FactorStep['kind'], string>> = {
  quality: 'quality',
  scarcity: 'rarity of',
  measured: 'units of',
  streak: 'streak',
  badges: 'badges',
  consistency: 'consistency',
  loyalty: 'loyalty',
};

/** Why an account cannot score, in words that fit behind "because". */
export const WHY_INELIGIBLE: Readonly<Record<IneligibleReason, string>> = {
  'not-listed': 'it is not on the list of the policy',
  'badge-missing': 'it holds none of the badges that the policy asks for',
  'too-young': 'it is too young',
};

/**
 * Points from millionths, exactly.
 *
 * @example
 * pointsText(1_234_500_000n) // '1,234.5'
 */
export function pointsText(millionths: bigint): string {
  const part = (millionths % ONE).toString().padStart(6, '0').replace(/0+$/, '');
  return `${grouped(millionths / ONE)}${part === '' ? '' : `.${part}`}`;
}

/** A factor and how it came about: `1.5 (streak)`, `2 (rarity of language: 3 of 120 rows)`, `60/120 (units of online)`. */
export function factorText({ kind, name, numerator, denominator, count, of, held, isListed }: FactorStep): string {
  const value = denominator === ONE ? pointsText(numerator) : `${numerator}/${denominator}`;
  const what = kind === 'quality' || name === undefined ? WORDS[kind] : `${WORDS[kind]} ${name}`;
  return `${value} (${what}${detail({ kind, count, of, held, isListed })})`;
}

interface Detail {
  readonly count: bigint | undefined;
  readonly of: bigint | undefined;
  readonly held: readonly string[] | undefined;
  readonly isListed: false | undefined;
}

function detail({ kind, count, of, held, isListed }: Pick<FactorStep, 'kind'> & Detail): string {
  if (held !== undefined) return held.length === 0 ? ': none' : `: ${held.join(', ')}`;
  if (isListed === false) return ': not on the list';
  if (count === undefined || of === undefined) return '';
  return kind === 'scarcity'
    ? `: ${grouped(count)} of ${counted(of, 'row')}`
    : `: ${count} of the ${counted(of, 'epoch')} before`;
}
