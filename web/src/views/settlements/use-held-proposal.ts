import { useQuery, type UseQueryResult } from '@tanstack/react-query';

import { agreed } from '../../../../src/chain/agreement.ts';
import { inconsistent } from '../../../../src/chain/final-tree.ts';
import type { BookedProposal } from '../../../../src/chain/settlement-book.ts';
import { parseHash32 } from '../../../../src/protocol/brands.ts';
import { recordHash, settlementHash, type EpochRecord } from '../../../../src/protocol/epoch-record.ts';
import { useDeployment } from '../../data/deployment-context.ts';

/**
 * Whether record, settlement and final root are those whose hashes the contracts keep: events are a node's word, hashes in a contract
 * are the chain's.
 */
export function useHeldProposal(proposal: BookedProposal | null, record: EpochRecord | null): UseQueryResult<true> {
  const { endpoints } = useDeployment();
  return useQuery({
    queryKey: ['held proposal', String(proposal?.proposalId), proposal?.state ?? null, proposal?.transaction ?? null],
    enabled: proposal !== null && record !== null,
    queryFn: async (): Promise<true> => {
      if (proposal === null || record === null) throw new TypeError('no proposal');
      const { epoch, proposalId, basis, settlement, state } = proposal;
      const kept = await agreed(endpoints, `the settlement of epoch ${epoch}`, async ({ contracts }) => {
        const [said, hash, root] = await Promise.all([
          contracts.distributor.proposalOf(proposalId),
          contracts.distributor.recordHashOf(epoch),
          state === 'final' ? contracts.vault.rootOf(epoch) : null,
        ]);
        return { settlement: said.settlementHash, record: hash, root: root === null ? null : root.root };
      });
      if (parseHash32(kept.record) !== recordHash(record)) throw inconsistent(epoch, 'the record');
      if (parseHash32(kept.settlement) !== settlementHash(basis, settlement)) {
        throw inconsistent(epoch, 'the settlement');
      }
      if (kept.root !== null && parseHash32(kept.root) !== settlement.root) throw inconsistent(epoch, 'the final root');
      return true;
    },
  });
}
