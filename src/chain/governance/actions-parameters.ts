import type { Result } from 'ethers';

import { interfaceOf } from '../bindings.ts';
import { onChain } from '../revert-error.ts';
import type { Action, Description, Encoded, Ground } from './action.ts';
import { addressIn, bigintIn, callTo, changed, just, lower, NOTHING, numberIn, someone } from './action.ts';
import type { Facts } from './facts.ts';
import { before, ifKnown } from './past.ts';
import { coins, part, span } from './units.ts';
import type { Wishes } from './wishes.ts';

const parameters = interfaceOf('parameters');
const vault = interfaceOf('vault');

const EPOCHS = 'for future epochs';

/** Who is paid beside the miners, and how much. */
export const FOUNDATION: Action = {
  title: 'foundation and its share',
  contract: 'parameters',
  acts: EPOCHS,
  bounds: 'below 50 % of a payout',
  wishes: ['foundation', 'foundationShare'],
  functions: {
    scheduleFoundation: async (args, facts) => {
      const from = numberIn(args, 'from');
      const old = await before(facts, 'FoundationScheduled', oldFoundation, () => foundationAt(facts, from));
      const [account, share] = [ifKnown(old, (one) => someone(one.account)), ifKnown(old, (one) => part(one.share))];
      const changes = [
        ...changed('foundation', account, someone(addressIn(args, 'foundation'))),
        ...changed('share', share, part(bigintIn(args, 'share'))),
      ];
      return { words: `the foundation from epoch ${from} on`, changes, from };
    },
  },
  lastChange: (facts) => lastScheduled(facts, 'FoundationScheduled'),
  encode: async ({ foundation, foundationShare }, { facts, from }) => {
    if (foundation === undefined && foundationShare === undefined) return NOTHING;
    const old = await foundationAt(facts, from);
    const values = [from, foundation ?? old.account, foundationShare ?? old.share] as const;
    return just(callTo(facts, 'parameters', parameters.encodeFunctionData('scheduleFoundation', [...values])));
  },
};

/** What one account can have of a task. */
export const ACCOUNT_CAP: Action = {
  title: 'cap of an account',
  contract: 'parameters',
  acts: EPOCHS,
  bounds: "0.1 % to 100 % of a task's budget",
  wishes: ['accountCap'],
  functions: {
    scheduleAccountCap: async (args, facts) => {
      const from = numberIn(args, 'from');
      const read = () => onChain(() => facts.connection.contracts.parameters.accountCapAt(from));
      const old = await before(facts, 'AccountCapScheduled', (event) => bigintIn(event, 'oldCap'), read);
      const words = `what one account gets of a task at most, from epoch ${from} on`;
      return { words, changes: changed('cap', ifKnown(old, part), part(bigintIn(args, 'cap'))), from };
    },
  },
  lastChange: (facts) => lastScheduled(facts, 'AccountCapScheduled'),
  encode: ({ accountCap }, { facts, from }) =>
    one(accountCap, (cap) =>
      callTo(facts, 'parameters', parameters.encodeFunctionData('scheduleAccountCap', [from, cap])),
    ),
};

/** How much usage frees early. */
export const ACCELERATION_BOUND: Action = {
  title: 'acceleration bound',
  contract: 'parameters',
  acts: EPOCHS,
  bounds: '0 to 100 % of what is locked, in one epoch',
  wishes: ['accelerationBound'],
  functions: {
    scheduleAccelerationBound: async (args, facts) => {
      const from = numberIn(args, 'from');
      const read = () => onChain(() => facts.connection.contracts.parameters.accelerationBoundAt(from));
      const old = await before(facts, 'AccelerationBoundScheduled', (event) => bigintIn(event, 'oldBound'), read);
      const words = `what usage frees of the locked in one epoch at most, from epoch ${from} on`;
      return { words, changes: changed('bound', ifKnown(old, part), part(bigintIn(args, 'bound'))), from };
    },
  },
  lastChange: (facts) => lastScheduled(facts, 'AccelerationBoundScheduled'),
  encode: ({ accelerationBound }, { facts, from }) =>
    one(accelerationBound, (bound) =>
      callTo(facts, 'parameters', parameters.encodeFunctionData('scheduleAccelerationBound', [from, bound])),
    ),
};

/** How settlements are challenged. */
export const CHALLENGE: Action = {
  title: 'window and bond of a settlement',
  contract: 'parameters',
  acts: EPOCHS,
  bounds: '6 hours to half an epoch; 0.001 to 1,000 coins',
  wishes: ['window', 'bond'],
  functions: {
    scheduleChallenge: async (args, facts) => {
      const from = numberIn(args, 'from');
      const old = await before(facts, 'ChallengeScheduled', oldChallenge, () => challengeAt(facts, from));
      const [window, bond] = [ifKnown(old, (one) => span(one.window)), ifKnown(old, (one) => coins(one.bond))];
      const changes = [
        ...changed('window', window, span(numberIn(args, 'window'))),
        ...changed('bond', bond, coins(bigintIn(args, 'bond'))),
      ];
      return { words: `how settlements are challenged, from epoch ${from} on`, changes, from };
    },
  },
  lastChange: (facts) => lastScheduled(facts, 'ChallengeScheduled'),
  encode: async ({ window, bond }, { facts, from }) => {
    if (window === undefined && bond === undefined) return NOTHING;
    const old = await challengeAt(facts, from);
    const values = [from, window ?? old.window, bond ?? old.bond] as const;
    return just(callTo(facts, 'parameters', parameters.encodeFunctionData('scheduleChallenge', [...values])));
  },
};

/** How cohorts to come are released. */
export const TERMS: Action = {
  title: 'release of future cohorts',
  contract: 'vault',
  acts: EPOCHS,
  bounds:
    "at most 12 cohorts' length, from a cohort's first epoch on, and when the cohorts of earlier terms have finished",
  wishes: ['cohortEpochs', 'releaseOver'],
  functions: { scheduleTerms: describeTerms },
  lastChange: async ({ connection }) => {
    const { contracts, addressBook } = connection;
    const filter = contracts.vault.filters.TermsScheduled();
    const events = await onChain(() => contracts.vault.queryFilter(filter, addressBook.startBlock));
    return Number(events.at(-1)?.args.from ?? 0);
  },
  encode: encodeTerms,
};

async function foundationAt({ connection }: Facts, epoch: number) {
  const [account, share] = await onChain(() => connection.contracts.parameters.foundationAt(epoch));
  return { account: lower(account), share };
}

function oldFoundation(event: Result) {
  return { account: addressIn(event, 'oldFoundation'), share: bigintIn(event, 'oldShare') };
}

async function challengeAt({ connection }: Facts, epoch: number) {
  const [window, bond] = await onChain(() => connection.contracts.parameters.challengeAt(epoch));
  return { window: Number(window), bond };
}

function oldChallenge(event: Result) {
  return { window: numberIn(event, 'oldWindow'), bond: bigintIn(event, 'oldBond') };
}

async function termsAt({ connection }: Facts, epoch: number) {
  const [since, cohortEpochs, duration] = await onChain(() => connection.contracts.vault.termsAt(epoch));
  return { since: Number(since), cohortEpochs: Number(cohortEpochs), duration: Number(duration) };
}

function oldTerms(event: Result): { readonly cohortEpochs: number; readonly duration: number } {
  return { cohortEpochs: numberIn(event, 'oldCohortEpochs'), duration: numberIn(event, 'oldDuration') };
}

async function describeTerms(args: Result, facts: Facts): Promise<Description> {
  const from = numberIn(args, 'from');
  const old = await before(facts, 'TermsScheduled', oldTerms, () => termsAt(facts, from));
  const [length, over] = [
    ifKnown(old, (one) => String(one.cohortEpochs)),
    ifKnown(old, (one) => released(one.duration)),
  ];
  const changes = [
    ...changed('epochs of a cohort', length, String(numberIn(args, 'cohortEpochs'))),
    ...changed('released over', over, released(numberIn(args, 'duration'))),
  ];
  return { words: `the release of cohorts that begin in epoch ${from} or later`, changes, from };
}

async function encodeTerms(wishes: Wishes, { facts, from, isFromChosen }: Ground): Promise<Encoded> {
  const { cohortEpochs, releaseOver } = wishes;
  if (cohortEpochs === undefined && releaseOver === undefined) return NOTHING;
  const old = await termsAt(facts, from);
  // Terms change with a cohort only; an epoch that somebody chose is left to the contract's own rules.
  const inside = (from - old.since) % old.cohortEpochs;
  const start = isFromChosen || inside === 0 ? from : from + old.cohortEpochs - inside;
  const values = [start, cohortEpochs ?? old.cohortEpochs, releaseOver ?? old.duration] as const;
  const call = callTo(facts, 'vault', vault.encodeFunctionData('scheduleTerms', [...values]));
  const notes = start === from ? [] : [`the release changes in epoch ${start}, the first one at which a cohort begins`];
  return { calls: [call], notes };
}

function released(duration: number): string {
  return duration === 0 ? 'at once' : span(duration);
}

/** The last epoch for which a parameter was scheduled. */
async function lastScheduled({ connection }: Facts, event: ScheduledEvent): Promise<number> {
  const { contracts, addressBook } = connection;
  const { parameters: chain } = contracts;
  const events = await onChain(() => chain.queryFilter(chain.filters[event](), addressBook.startBlock));
  return Number(events.at(-1)?.args[0] ?? 0);
}

type ScheduledEvent =
  'FoundationScheduled' | 'AccountCapScheduled' | 'AccelerationBoundScheduled' | 'ChallengeScheduled';

function one<T>(wish: T | undefined, call: (value: T) => ReturnType<typeof callTo>): Promise<Encoded> {
  return Promise.resolve(wish === undefined ? NOTHING : just(call(wish)));
}
