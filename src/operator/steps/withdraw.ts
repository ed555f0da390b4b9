import { askEach } from '../../chain/agreement.ts';
import { withdrawBondCall } from '../../chain/disproof.ts';
import type { Actor } from '../chain/take.ts';
import { take } from '../chain/take.ts';
import { readAccount, readView } from '../chain/view.ts';
import { addressesOf, finished, waiting } from './outcomes.ts';
import type { StepRunner } from './step.ts';

/**
 * Pays the account what bonds have brought it, once an epoch is final: its own bond, and whatever else is credited to it.
 *
 * @throws {RefusedError} {@link take}
 * @throws {RetryableError} {@link take}
 */
export function withdrawStep(actor: Actor): StepRunner {
  return async (context) => {
    const { config, endpoints, block, epoch, journal, dryRun } = context;
    const done = journal.last('withdraw', 'done');
    if (done !== null) return { state: 'skipped', facts: done.facts };
    const view = await readView(endpoints, block);
    if (view.nextToFinalise <= epoch) return waiting(`epoch ${epoch} has to be final first`);
    const { account } = actor;
    if (!config.keeper.withdrawBonds || account === null) {
      return await finished(context, 'withdraw', { inputs: {}, facts: { account, amount: '0' } });
    }
    const { credit } = await readAccount(endpoints, block, account);
    if (credit === 0n) {
      const amount = journal.last('withdraw', 'begun')?.facts['amount'] ?? '0';
      return await finished(context, 'withdraw', { inputs: {}, facts: { account, amount } });
    }
    const facts = { account, amount: credit.toString() };
    const credits = await askEach(endpoints, ({ contracts }) => contracts.distributor.bondCreditOf(account));
    if (credits.includes(0n)) return waiting('it was paid out in a block that is not final yet', facts);
    if (!dryRun) await journal.begin('withdraw', {}, facts);
    const call = withdrawBondCall(addressesOf(context), account);
    return await take(context, actor, { key: `withdraw after ${epoch}`, ...call, pays: credit }, facts);
  };
}
