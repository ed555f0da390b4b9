import { agreed, type Endpoint } from '../../../src/chain/agreement.ts';
import type { EmissionCurve } from '../../../src/protocol/emission-curve.ts';
import type { EpochClock } from '../../../src/protocol/epoch-clock.ts';

/** What of a deployment can never change. */
export interface Terms {
  readonly clock: EpochClock;
  readonly curve: EmissionCurve;
  /** Minted at the start, beside the curve, in wei. */
  readonly genesis: bigint;
}

/** Reads what can never change, as all nodes say. */
export async function readTerms(endpoints: readonly Endpoint[]): Promise<Terms> {
  return await agreed(endpoints, 'the emission curve', async ({ contracts: { curve, token } }) => {
    const [start, length, table, genesis] = await Promise.all([
      curve.START(),
      curve.EPOCH_LENGTH(),
      curve.periods(),
      token.GENESIS(),
    ]);
    const periods = table.map(({ end, cumulative }) => ({ end: Number(end), cumulative }));
    return {
      clock: { start: Number(start), length: Number(length) },
      curve: { start: Number(start), periods },
      genesis,
    };
  });
}
