import { agreed, type AgreedBlock, type Endpoint } from '../../../src/chain/agreement.ts';
import type { Connection } from '../../../src/chain/connect.ts';
import { unpackCohort, type Curve } from '../../../src/protocol/vesting-curve.ts';

/** What token, vault, reserve and distributor hold in one block. Amounts in wei. */
export interface ProtocolFigures {
  readonly minted: bigint;
  readonly granted: bigint;
  /** Of what was granted, what is free by now, claimed or not. */
  readonly unlocked: bigint;
  readonly claimed: bigint;
  readonly reserve: bigint;
  /** What pools paid in; it joins the reserve when the next epoch becomes final. */
  readonly pending: bigint;
  readonly totalCurve: Curve;
  readonly nextToClose: number;
  readonly nextToFinalise: number;
  readonly pausedUntil: number;
}

/** Reads them, as all nodes say. */
export async function readFigures(endpoints: readonly Endpoint[], block: AgreedBlock): Promise<ProtocolFigures> {
  return await agreed(endpoints, 'supply and reserve', async (connection) => await figuresOf(connection, block));
}

async function figuresOf({ contracts }: Connection, block: AgreedBlock): Promise<ProtocolFigures> {
  const { token, vault, reserve, distributor } = contracts;
  const at = { blockTag: block.number };
  const [minted, granted, unlocked, claimed, held, pending, curve, nextToClose, nextToFinalise, pausedUntil] =
    await Promise.all([
      token.totalSupply(at),
      vault.totalGranted(at),
      vault.unlockedTotalAt(block.time, at),
      vault.released(at),
      reserve.reserve(at),
      reserve.pending(at),
      vault.totalCurve(at),
      distributor.nextToClose(at),
      distributor.nextToFinalise(at),
      distributor.pausedUntil(at),
    ]);
  return {
    ...{ minted, granted, unlocked, claimed, reserve: held, pending },
    totalCurve: { unlocked: curve.unlocked, cohorts: curve.cohorts.map(unpackCohort) },
    nextToClose: Number(nextToClose),
    nextToFinalise: Number(nextToFinalise),
    pausedUntil: Number(pausedUntil),
  };
}
