import type { PresetParameters } from '../../settlement/preset/preset-parameters.ts';

/** Units that somebody orders in the demo; the others stay unsold. */
const SOLD = 7412n;

/** How the units of a preset are sold in the demo. */
export interface UnitSale {
  readonly sold: bigint;
  /** What the unsold units leave to the reserve, in wei. */
  readonly returned: bigint;
  /** After this epoch is final the sale is over and the pool is closed; null: not within the demo. */
  readonly closesAfter: number | null;
}

/** The sale of a demo of so many epochs; null where the preset sells no units. */
export function unitSaleOf(
  { unitPool, economy }: Pick<PresetParameters, 'unitPool' | 'economy'>,
  epochs: number,
): UnitSale | null {
  if (unitPool === null) return null;
  const last = Math.ceil((unitPool.saleEnd - economy.start) / economy.epochLength) - 1;
  // What is paid back joins the reserve with the epoch after.
  const isShown = last + 1 < epochs;
  const returned = (BigInt(unitPool.units) - SOLD) * unitPool.perUnit;
  return { sold: SOLD, returned, closesAfter: isShown ? last : null };
}
