import { agreed } from '../../chain/agreement.ts';
import { closeCall } from '../../chain/calls.ts';
import { moment } from '../../chain/moment.ts';
import type { Actor } from '../chain/take.ts';
import { take } from '../chain/take.ts';
import { readNewest, readView } from '../chain/view.ts';
import type { StepRunner } from './step.ts';
import { addressesOf, finished, waiting } from './outcomes.ts';

/**
 * Closes an epoch on chain once it is over, which fixes the record that decides about it. Anyone may, so it is done too when somebody
 * else did it.
 *
 * @throws {RefusedError} {@link take}
 * @throws {RetryableError} {@link take}
 */
export function closeStep(actor: Actor): StepRunner {
  return async (context) => {
    const { endpoints, block, epoch, journal, dryRun } = context;
    const view = await readView(endpoints, block);
    if (view.nextToClose > epoch) {
      const done = journal.last('close', 'done');
      if (done !== null) return { state: 'skipped', facts: done.facts };
      const recordHash = await agreed(endpoints, `the record of epoch ${epoch}`, ({ contracts }) =>
        contracts.distributor.recordHashOf(epoch, { blockTag: block.number }),
      );
      return await finished(context, 'close', { inputs: {}, facts: { recordHash, block: block.number } });
    }
    const newest = await readNewest(endpoints);
    if (newest.nextToClose > epoch) {
      const sent = actor.sender?.includedAfter(`close ${epoch}`, block) ?? null;
      const facts = sent === null ? {} : { transaction: sent.transaction };
      return waiting(`epoch ${epoch} is closed in a block that is not final yet`, facts);
    }
    // Of several that are over each is closed in its turn; the newest blocks decide, since nothing is lost by closing.
    if (newest.nextToClose < epoch) return waiting(`epoch ${newest.nextToClose} has to be closed first`);
    const end = view.start + (epoch + 1) * view.epochLength;
    if (newest.time < end) return waiting(`epoch ${epoch} ends on ${moment(end)}`, { end });
    if (!dryRun) await journal.begin('close', {});
    return await take(context, actor, { key: `close ${epoch}`, ...closeCall(addressesOf(context)) }, { end });
  };
}
