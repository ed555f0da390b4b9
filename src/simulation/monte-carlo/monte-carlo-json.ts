// floats: what a Monte Carlo simulation prints; figures are estimates, and no amount is computed from them

import { ASSUMPTION } from '../simulate.ts';
import type { MonteCarlo } from './monte-carlo.ts';
import { FLOATS_NOTE } from './monte-carlo.ts';
import { LEVELS } from './quantiles.ts';

/** What `lode simulate --paths N --json` prints: plain numbers, in whole tokens, since they are estimates. */
export function monteCarloDocument(result: MonteCarlo) {
  const { preset, parameters, asked, samples, quantiles } = result;
  const { economy } = parameters;
  return {
    format: 'lode-monte-carlo-v1',
    note: FLOATS_NOTE,
    preset: { name: preset.name, variant: preset.variant ?? null, hash: preset.hash },
    symbol: preset.token.symbol,
    start: economy.start,
    startFrom: result.startFrom,
    end: economy.start + result.epochs * economy.epochLength,
    epochs: result.epochs,
    epochLength: economy.epochLength,
    assumption: ASSUMPTION,
    participants: result.people,
    price: result.price,
    unitsSold: result.unitsSold,
    ...asked,
    relativeError: result.relativeError,
    levels: LEVELS,
    samples,
    quantiles: quantiles.figures,
    withheldShare: quantiles.withheldShare,
    dryYears: quantiles.dryYears,
  };
}
