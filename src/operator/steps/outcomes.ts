import type { Addresses } from '../../chain/address-book.ts';
import type { Facts, Hashes, StepContext, StepName, StepOutcome } from './step.ts';

/** A step that cannot be done yet. */
export function waiting(reason: string, facts: Facts = {}): StepOutcome {
  return { state: 'waiting', reason, facts };
}

/** Writes into the journal that a step is done, as a final block says, and gives that outcome; a dry run writes nothing. */
export async function finished(
  { journal, dryRun }: StepContext,
  step: StepName,
  { inputs, facts }: { readonly inputs: Hashes; readonly facts: Facts },
): Promise<StepOutcome> {
  if (dryRun) return { state: 'skipped', facts };
  await journal.finish(step, { inputs, outputs: {}, facts });
  return { state: 'done', facts };
}

/** The contracts that every endpoint was connected to. */
export function addressesOf({ endpoints }: Pick<StepContext, 'endpoints'>): Addresses {
  const [first] = endpoints;
  if (first === undefined) throw new TypeError('no endpoint');
  return first.connection.addresses;
}
