import type { AgreedBlock, Endpoint } from '../../chain/agreement.ts';
import { RefusedError } from '../../protocol/errors.ts';
import type { Facts } from '../steps/step.ts';
import type { OwnSettlement } from './own-settlement.ts';
import { readFinalRoot } from './view.ts';

/**
 * The root with which an epoch became final, after a look that it is the own one. Where there is no own settlement there is nothing to
 * compare, which `own` says by null.
 *
 * @throws {RefusedError} `ROOT_DIFFERS` with both roots
 * @throws {RetryableError} when the endpoints do not answer or do not agree
 */
export async function sameFinalRoot(
  endpoints: readonly Endpoint[],
  block: AgreedBlock,
  epoch: number,
  own: OwnSettlement | null,
): Promise<Facts> {
  const { root, leafCount } = await readFinalRoot(endpoints, block, epoch);
  const same = own === null || (own.settlement.root === root && own.settlement.leafCount === leafCount);
  if (same) return { root, leafCount, own: own?.settlement.root ?? null };
  throw new RefusedError({
    code: 'ROOT_DIFFERS',
    shortMessage: `epoch ${epoch} became final with another root than this ledger gives`,
    details: {
      ...{ epoch, final: root, own: own.settlement.root },
      next: 'what is final stays: the next epochs go on from it; find out why the two ledgers differ',
    },
  });
}
