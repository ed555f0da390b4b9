import { useQuery, type UseQueryResult } from '@tanstack/react-query';

import { agreed, type AgreedBlock } from '../../../../src/chain/agreement.ts';
import { explainEpoch, type PublishedExplanation } from '../../../../src/claims/explain-epoch.ts';
import type { EpochGrant } from '../../../../src/claims/history-csv.ts';
import type { Address } from '../../../../src/protocol/brands.ts';
import { totalOf } from '../../../../src/protocol/vesting-curve.ts';
import { useDeployment } from '../../data/deployment-context.ts';
import type { Deployment } from '../../data/open-deployment.ts';
import { treesOf } from '../../data/final-trees.ts';
import { useHead } from '../../data/use-head.ts';

/** Under which key it is kept what an epoch gave an account. */
export function grantKey(account: Address, epoch: number): readonly (string | number)[] {
  return ['grant', account, epoch];
}

/** What a final epoch gave an account, by its proven leaves before and after. It is read once: a final epoch stays as it is. */
export function useEpochGrant(account: Address, epoch: number): UseQueryResult<EpochGrant> {
  return useFinal(grantKey(account, epoch), async (deployment, block) => {
    const { endpoints } = deployment;
    const [before, total, [start, end]] = await Promise.all([
      totalAfter(deployment, block, account, epoch - 1),
      totalAfter(deployment, block, account, epoch),
      agreed(endpoints, `when epoch ${epoch} was`, async ({ contracts: { curve } }) => [
        Number(await curve.startOf(epoch)),
        Number(await curve.startOf(epoch + 1)),
      ]),
    ]);
    return { start: start ?? 0, end: end ?? 0, granted: total - before, total };
  });
}

/** Why a final epoch gave an account what it did; asked for when somebody wants to know. */
export function useExplanation(account: Address, epoch: number): UseQueryResult<PublishedExplanation> {
  return useFinal(
    ['explanation', account, epoch],
    async (deployment, block) =>
      await explainEpoch({ endpoints: deployment.endpoints, block }, treesOf(deployment), { account, epoch }),
  );
}

function useFinal<T>(
  key: readonly (string | number)[],
  read: (deployment: Deployment, block: AgreedBlock) => Promise<T>,
): UseQueryResult<T> {
  const deployment = useDeployment();
  const { data: block } = useHead();
  return useQuery({
    queryKey: key,
    queryFn: async () => {
      if (block === undefined) throw new TypeError('no block');
      return await read(deployment, block);
    },
    enabled: block !== undefined,
    // The places were asked several times before they were given up.
    retry: false,
  });
}

async function totalAfter(
  deployment: Deployment,
  block: AgreedBlock,
  account: Address,
  epoch: number,
): Promise<bigint> {
  if (epoch < 0) return 0n;
  const trees = treesOf(deployment);
  const tree = await trees.treeOf({ endpoints: deployment.endpoints, block }, epoch);
  const { proof } = await trees.find(tree, account);
  return proof === null ? 0n : totalOf(proof.curve);
}
