import { ASSUMPTION } from './simulate.ts';
import type { SimulationResult } from './simulation-result.ts';

/** What `lode simulate --json` prints; amounts and prices are bigints here and decimal strings there. */
export function simulationDocument(result: SimulationResult) {
  const { preset, parameters, simulation } = result;
  const { epochs, unit, periods, phases, totals, supply, unpaid, unpaidBecause, steadiness } = simulation;
  const { economy } = parameters;
  const { emission, granted, foundation, ...reserve } = totals;
  return {
    format: 'lode-simulation-v1',
    preset: { name: preset.name, variant: preset.variant ?? null, hash: preset.hash },
    symbol: preset.token.symbol,
    start: economy.start,
    startFrom: result.startFrom,
    end: epochs.at(-1)?.end ?? economy.start,
    epochs: epochs.length,
    epochLength: economy.epochLength,
    assumption: ASSUMPTION,
    participants: result.people,
    price: result.price,
    reference: result.reference,
    unitsSold: result.unitsSold,
    period: typeof unit === 'string' ? unit : `${unit.seconds} seconds`,
    periods,
    phases,
    totals: { emission, granted, foundation },
    reserve,
    supply,
    unpaidEpochs: unpaid,
    unpaidBecause,
    steadiness,
  };
}
