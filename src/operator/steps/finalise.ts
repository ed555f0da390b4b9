import { finaliseCall } from '../../chain/calls.ts';
import { moment } from '../../chain/moment.ts';
import { RefusedError } from '../../protocol/errors.ts';
import { sameFinalRoot } from '../chain/final-root.ts';
import { readOwnSettlement } from '../chain/own-settlement.ts';
import { samePending } from '../chain/pending.ts';
import type { Actor } from '../chain/take.ts';
import { take } from '../chain/take.ts';
import { readNewest, readView } from '../chain/view.ts';
import { addressesOf, finished, waiting } from './outcomes.ts';
import type { StepRunner } from './step.ts';

/**
 * Makes the settlement that waits final once its window is over, where it has the own root; anyone may, so it is done too when somebody
 * else did it.
 *
 * @throws {RefusedError} `PROPOSAL_DIFFERS`, `ROOT_DIFFERS`, `DEMANDS_OPEN`, and what {@link take} throws
 * @throws {RetryableError} {@link take}
 */
export function finaliseStep(actor: Actor): StepRunner {
  return async (context) => {
    const { data, endpoints, block, epoch, journal, dryRun } = context;
    const view = await readView(endpoints, block);
    const done = journal.last('finalise', 'done');
    if (done !== null && view.nextToFinalise > epoch) return { state: 'skipped', facts: done.facts };
    const own = await readOwnSettlement(data, epoch);
    if (view.nextToFinalise > epoch) {
      const facts = await sameFinalRoot(endpoints, block, epoch, own);
      const inputs = own === null ? {} : { settlement: own.hash };
      return await finished(context, 'finalise', { inputs, facts });
    }
    if (view.nextToFinalise < epoch) return waiting(`epoch ${view.nextToFinalise} has to be final first`);
    if (view.pending === null) return waiting(`nothing is proposed for epoch ${epoch}`);
    if (own === null) return waiting(`epoch ${epoch} is not settled yet, so what waits cannot be compared`);
    const pending = await samePending(endpoints, block, { own, head: view.pending });
    const newest = await readNewest(endpoints);
    if (newest.nextToFinalise > epoch) return waiting(`epoch ${epoch} is final in a block that is not final yet`);
    const found = newest.pending.filter(({ proposalId }) => proposalId === pending.proposalId);
    if (found.length < endpoints.length) {
      return waiting(`settlement ${pending.proposalId} of epoch ${epoch} is dropped in a block that is not final yet`);
    }
    // An answered demand moves it.
    const until = Math.max(...found.map((one) => one.until));
    if (newest.time < until) {
      return waiting(`settlement ${pending.proposalId} of epoch ${epoch} can be challenged until ${moment(until)}`, {
        until,
      });
    }
    const openDemands = Math.max(...found.map((one) => one.openDemands));
    if (openDemands > 0) {
      throw new RefusedError({
        code: 'DEMANDS_OPEN',
        shortMessage: `${openDemands} demanded leaves of settlement ${pending.proposalId} were not shown yet: it falls if they stay hidden`,
        details: { epoch, openDemands, next: 'show them with `lode answer`, or let `lode watch --act` do it' },
      });
    }
    if (!dryRun) await journal.begin('finalise', { settlement: own.hash });
    const call = finaliseCall(addressesOf(context), pending.record, pending.settlement);
    const facts = { root: pending.settlement.root, proposalId: Number(pending.proposalId) };
    return await take(context, actor, { key: `finalise ${epoch}`, ...call }, facts);
  };
}
