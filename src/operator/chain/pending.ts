import type { AgreedBlock, Endpoint } from '../../chain/agreement.ts';
import { agreed, isStillThere } from '../../chain/agreement.ts';
import type { WatchedProposal } from '../../chain/watched-proposal.ts';
import { readWatchedProposal } from '../../chain/watched-proposal.ts';
import { RefusedError, RetryableError } from '../../protocol/errors.ts';
import type { OwnSettlement } from './own-settlement.ts';

/** What waits to become final in a block, with the record and the settlement that it was proposed with. */
export type PendingSettlement = Pick<WatchedProposal, 'proposalId' | 'operator' | 'until' | 'record' | 'settlement'>;

/**
 * The settlement that waits in a block, in full. It has to be the own one, or one with the same root, by whoever proposed it.
 *
 * @throws {RefusedError} `PROPOSAL_DIFFERS` with both roots
 * @throws {RetryableError} when the endpoints do not answer or do not agree
 */
export async function samePending(
  endpoints: readonly Endpoint[],
  block: AgreedBlock,
  own: OwnSettlement,
): Promise<PendingSettlement> {
  const pending = await agreed(endpoints, 'the proposal that waits', (connection) =>
    readWatchedProposal(connection, block.number),
  );
  if (pending === null || !(await isStillThere(endpoints, block))) {
    throw new RetryableError({ code: 'BLOCK_GONE', shortMessage: `block ${block.number} is no longer there` });
  }
  const { proposalId, operator, settlement } = pending;
  if (settlement.root === own.settlement.root && settlement.leafCount === own.settlement.leafCount) return pending;
  throw new RefusedError({
    code: 'PROPOSAL_DIFFERS',
    shortMessage: `settlement ${proposalId} of epoch ${own.epoch}, which waits to become final, is not what this ledger gives`,
    details: {
      ...{ epoch: own.epoch, proposalId: Number(proposalId), operator },
      ...{ pending: settlement.root, own: own.settlement.root },
      next: 'see which of the two is wrong before its window ends: `lode watch` shows where they part; a wrong one is disproved or vetoed',
    },
  });
}
