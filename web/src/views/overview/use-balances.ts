import { useQuery, type UseQueryResult } from '@tanstack/react-query';

import { totalOf, unlockedAt } from '../../../../src/protocol/vesting-curve.ts';
import { useDeployment } from '../../data/deployment-context.ts';
import type { HistoryEpoch } from '../../data/final-history.ts';
import type { Deployment } from '../../data/open-deployment.ts';
import type { Protocol } from '../../data/use-protocol.ts';
import { thinned } from './series.ts';

/** Where everything stood that had been granted, at one moment. Amounts in wei. */
export interface Balance {
  /** The epoch that became final then; null: now. */
  readonly epoch: number | null;
  readonly time: number;
  readonly locked: bigint;
  /** Unlocked, claimed or not. */
  readonly unlocked: bigint;
  /** Null where no node kept what the vault had paid out by then. */
  readonly claimed: bigint | null;
  readonly reserve: bigint;
}

/** More moments than this cost a node more than the picture is worth. */
const MOST_MOMENTS = 60;

/** Where everything granted stood whenever an epoch became final, and where it stands now. */
export function useBalances(protocol: Protocol): UseQueryResult<readonly Balance[]> {
  const deployment = useDeployment();
  const { epochs, figures, block } = protocol;
  const last = epochs.at(-1)?.final;
  const past = useQuery({
    queryKey: ['balances', last?.block ?? 0, last?.root ?? ''],
    queryFn: async () => await Promise.all(thinned(epochs, MOST_MOMENTS).map((one) => pastBalance(deployment, one))),
  });
  const now: Balance = {
    ...{ epoch: null, time: block.time, locked: figures.granted - figures.unlocked, unlocked: figures.unlocked },
    ...{ claimed: figures.claimed, reserve: figures.reserve },
  };
  return past.data === undefined ? past : { ...past, data: [...past.data, now] };
}

async function pastBalance({ connection }: Deployment, { final, totals }: HistoryEpoch): Promise<Balance> {
  const { contracts, provider } = connection;
  const [block, claimed] = await Promise.all([
    provider.getBlock(final.block),
    // Most nodes forget old states; what was paid out then is left out where they do.
    contracts.vault.released({ blockTag: final.block }).catch(() => null),
  ]);
  if (block === null) throw new TypeError('no block');
  const time = block.timestamp;
  const unlocked = unlockedAt(totals.totalCurve, time);
  const locked = totalOf(totals.totalCurve) - unlocked;
  return { epoch: final.epoch, time, locked, unlocked, claimed, reserve: final.reserveAfter };
}
