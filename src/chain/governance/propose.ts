import { id } from 'ethers';

import type { Address } from '../../protocol/brands.ts';
import { checksumAddress } from '../../protocol/brands.ts';
import { startOf } from '../../protocol/epoch-clock.ts';
import { InputError } from '../../protocol/errors.ts';
import type { Call } from '../calls.ts';
import { listsOf } from '../calls.ts';
import type { Connection } from '../connect.ts';
import { onChain } from '../revert-error.ts';
import { scheduleCalls } from '../timelock.ts';
import type { Ground } from './action.ts';
import { ACTIONS } from './actions.ts';
import type { DecodedCall } from './decode.ts';
import { decodeCalls } from './decode.ts';
import type { EmissionEffect } from './emission.ts';
import { emissionEffect } from './emission.ts';
import type { Facts } from './facts.ts';
import { readFacts } from './facts.ts';
import { simulateCalls } from './simulate.ts';
import type { Timetable } from './timetable.ts';
import { isTooEarly, timetable } from './timetable.ts';
import { moment } from '../moment.ts';
import type { Wishes } from './wishes.ts';

/** A proposal that could be made: what it would do, when, and the one call that makes it. */
export interface Proposal {
  readonly office: 'council' | 'governor';
  readonly reason: string;
  /** What the holders read; the reason itself where the council decides. */
  readonly description: string;
  /** The number of the proposal, or the hash of the operation in the timelock. */
  readonly id: string;
  readonly calls: readonly DecodedCall[];
  readonly notes: readonly string[];
  readonly from: {
    readonly epoch: number;
    /** Unix seconds. */
    readonly start: number;
    readonly isChosen: boolean;
    readonly why: string;
  };
  readonly dates: Timetable;
  readonly emission: EmissionEffect;
  readonly outgoing: Call;
}

export interface Propose {
  readonly wishes: Wishes;
  readonly reason: string;
  /** Null: the first epoch that is safe. */
  readonly from: number | null;
  /** Who sends it, if that is known: only this account can then propose it in these words. */
  readonly proposer: Address | null;
  readonly readPolicy: Ground['readPolicy'];
}

/**
 * Turns what somebody wants into calls, has the node try them out as the timelock, and says what they change and when.
 *
 * @throws {InputError} `NOTHING_PROPOSED`, `EPOCH_TOO_EARLY`, and what the actions refuse
 * @throws {RevertError} with the contract's error when a bound would be broken
 */
export async function prepareProposal(connection: Connection, propose: Propose): Promise<Proposal> {
  const { wishes, reason, readPolicy } = propose;
  const facts = await readFacts(connection);
  const dates = timetable(facts);
  const from = await firstEpoch(facts, dates, propose);
  const ground = { facts, from: from.epoch, isFromChosen: from.isChosen, readPolicy };
  const calls: Call[] = [];
  const notes: string[] = [];
  for (const action of ACTIONS) {
    const encoded = await action.encode(wishes, ground);
    calls.push(...encoded.calls);
    notes.push(...encoded.notes);
  }
  if (calls.length === 0) {
    const next = 'name at least one change, such as --set-weight';
    throw new InputError({ code: 'NOTHING_PROPOSED', shortMessage: 'nothing was proposed', details: { next } });
  }
  const decoded = await decodeCalls(connection, calls, facts);
  if (decoded.some((call) => call.from !== null)) assertInTime(facts, dates, from.epoch);
  await simulateCalls(facts, calls);
  const emission = await emissionEffect(facts, from.epoch, calls);
  const route = facts.office === 'council' ? byCouncil(facts, calls, reason) : byHolders(facts, calls, propose);
  return { office: facts.office, reason, calls: decoded, notes, from, dates, emission, ...(await route) };
}

/** The epoch for which these wishes would act: the one that is asked for (`from`), or the first that is safe. */
export async function firstEpoch(
  facts: Facts,
  dates: Timetable,
  { from, wishes }: Pick<Propose, 'from' | 'wishes'>,
): Promise<Proposal['from']> {
  const { clock } = facts;
  const chosen = (epoch: number, isChosen: boolean, why: string) => ({
    epoch,
    start: startOf(clock, epoch),
    isChosen,
    why,
  });
  if (from !== null) return chosen(from, true, 'as it was asked for');
  const why = `the first one that cannot have begun by ${moment(dates.latest)} (${dates.reason})`;
  let last = 0;
  for (const { wishes: names, lastChange } of ACTIONS) {
    if (lastChange === undefined || names.every((name) => wishes[name] === undefined)) continue;
    last = Math.max(last, await onChain(() => lastChange(facts)));
  }
  if (last <= dates.firstEpoch) return chosen(dates.firstEpoch, false, why);
  return chosen(last, false, 'another change of the same is scheduled for it, and none can be made for an earlier one');
}

function assertInTime(facts: Facts, dates: Timetable, epoch: number): void {
  if (!isTooEarly(facts, dates, epoch)) return;
  const start = startOf(facts.clock, epoch);
  throw new InputError({
    code: 'EPOCH_TOO_EARLY',
    shortMessage: `epoch ${epoch} begins before this could be executed`,
    details: {
      epoch,
      begins: moment(start),
      executable: moment(dates.earliest),
      next: `take epoch ${dates.firstEpoch} or a later one, or leave --from-epoch out`,
    },
  });
}

/** The council schedules it in the timelock, where the reason is kept as a hash. */
async function byCouncil({ connection }: Facts, calls: readonly Call[], reason: string) {
  const { operation, outgoing } = await scheduleCalls(connection, calls, reason);
  return { id: operation, description: reason, outgoing };
}

/** The governor puts it to the vote, by its text. */
async function byHolders({ connection }: Facts, calls: readonly Call[], { reason, proposer }: Propose) {
  const { governor } = connection.contracts;
  // The governor takes such a text from nobody else, so that no stranger proposes the same first and withdraws it.
  const description = proposer === null ? reason : `${reason}\n#proposer=${checksumAddress(proposer)}`;
  const lists = listsOf(calls);
  const number = await onChain(() => governor.hashProposal(...lists, id(description)));
  const data = governor.interface.encodeFunctionData('propose', [...lists, description]);
  return { id: String(number), description, outgoing: { to: connection.addresses.governor, data, value: 0n } };
}
