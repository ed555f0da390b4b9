import type { SimulatedEpoch } from './simulate.ts';

const COLUMNS = [
  'epoch',
  'start',
  'end',
  'people',
  'price',
  'budget',
  'payout',
  'granted',
  'foundationGranted',
  'withheld',
  'injected',
  'deposited',
  'reserve',
  'emitted',
  'unlocked',
  'locked',
  'perMiner',
  'valuePerMiner',
] as const satisfies readonly (keyof SimulatedEpoch)[];

/** One line for each epoch; amounts in wei, prices in wad, times in unix seconds. */
export function simulationCsv(epochs: readonly SimulatedEpoch[]): string {
  const lines = epochs.map((epoch) => COLUMNS.map((column) => String(epoch[column])).join(','));
  return [COLUMNS.join(','), ...lines, ''].join('\n');
}
