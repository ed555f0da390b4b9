import type { AgreedBlock, Endpoint } from '../../chain/agreement.ts';
import { agreed, assertStillThere, blockGone } from '../../chain/agreement.ts';
import type { ProposalView } from '../../chain/epoch-state.ts';
import { readWatchedProposal } from '../../chain/watched-proposal.ts';
import type { EpochRecord, Settlement } from '../../protocol/epoch-record.ts';
import { RefusedError } from '../../protocol/errors.ts';
import type { OwnSettlement } from './own-settlement.ts';

/** What waits to become final, with the record and the settlement that it was proposed with. */
export interface PendingSettlement {
  readonly proposalId: bigint;
  readonly record: EpochRecord;
  readonly settlement: Settlement;
}

/** By the hash that the chain keeps of a settlement: what it is never changes, so that it is read once while it waits for days. */
const read = new Map<string, Omit<PendingSettlement, 'proposalId'>>();

/**
 * The settlement that waits in a block, in full. It has to be the own one, or one with the same root, by whoever proposed it.
 *
 * @throws {RefusedError} `PROPOSAL_DIFFERS` with both roots
 * @throws {RetryableError} when the endpoints do not answer or do not agree
 */
export async function samePending(
  endpoints: readonly Endpoint[],
  block: AgreedBlock,
  { own, head }: { readonly own: OwnSettlement; readonly head: ProposalView },
): Promise<PendingSettlement> {
  const { proposalId, operator, settlementHash } = head;
  if (settlementHash === own.hash) return { proposalId, record: own.record, settlement: own.settlement };
  const pending = read.get(settlementHash) ?? (await readPending(endpoints, block));
  read.clear();
  read.set(settlementHash, pending);
  const { settlement } = pending;
  if (settlement.root === own.settlement.root && settlement.leafCount === own.settlement.leafCount) {
    return { proposalId, ...pending };
  }
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

async function readPending(endpoints: readonly Endpoint[], block: AgreedBlock) {
  const pending = await agreed(endpoints, 'the proposal that waits', (connection) =>
    readWatchedProposal(connection, block.number),
  );
  await assertStillThere(endpoints, block);
  if (pending === null) throw blockGone(block);
  const { record, settlement } = pending;
  return { record, settlement };
}
