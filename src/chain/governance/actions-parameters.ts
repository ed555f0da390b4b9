import type { Result } from 'ethers';

import { FACTORIES } from '../bindings.ts';
import { onChain } from '../revert-error.ts';
import type { Action, Description, Encoded, Ground } from './action.ts';
import { addressIn, bigintIn, callTo, changed, just, lower, NOTHING, numberIn, someone } from './action.ts';
import type { Facts } from './facts.ts';
import { coins, part, span } from './units.ts';
import type { Wishes } from './wishes.ts';

const parameters = FACTORIES.parameters.createInterface();
const vault = FACTORIES.vault.createInterface();

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
      const old = await foundationAt(facts, from);
      const changes = [
        ...changed('foundation', someone(old.account), someone(addressIn(args, 'foundation'))),
        ...changed('share', part(old.share), part(bigintIn(args, 'share'))),
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
      const old = await onChain(() => facts.connection.contracts.parameters.accountCapAt(from));
      const words = `what one account gets of a task at most, from epoch ${from} on`;
      return { words, changes: changed('cap', part(old), part(bigintIn(args, 'cap'))), from };
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
      const old = await onChain(() => facts.connection.contracts.parameters.accelerationBoundAt(from));
      const words = `what usage frees of the locked in one epoch at most, from epoch ${from} on`;
      return { words, changes: changed('bound', part(old), part(bigintIn(args, 'bound'))), from };
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
      const [window, bond] = await onChain(() => facts.connection.contracts.parameters.challengeAt(from));
      const changes = [
        ...changed('window', span(Number(window)), span(numberIn(args, 'window'))),
        ...changed('bond', coins(bond), coins(bigintIn(args, 'bond'))),
      ];
      return { words: `how settlements are challenged, from epoch ${from} on`, changes, from };
    },
  },
  lastChange: (facts) => lastScheduled(facts, 'ChallengeScheduled'),
  encode: async ({ window, bond }, { facts, from }) => {
    if (window === undefined && bond === undefined) return NOTHING;
    const [oldWindow, oldBond] = await onChain(() => facts.connection.contracts.parameters.challengeAt(from));
    const values = [from, window ?? oldWindow, bond ?? oldBond] as const;
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

async function termsAt({ connection }: Facts, epoch: number) {
  const [since, cohortEpochs, duration] = await onChain(() => connection.contracts.vault.termsAt(epoch));
  return { since: Number(since), cohortEpochs: Number(cohortEpochs), duration: Number(duration) };
}

async function describeTerms(args: Result, facts: Facts): Promise<Description> {
  const from = numberIn(args, 'from');
  const old = await termsAt(facts, from);
  const changes = [
    ...changed('epochs of a cohort', String(old.cohortEpochs), String(numberIn(args, 'cohortEpochs'))),
    ...changed('released over', released(old.duration), released(numberIn(args, 'duration'))),
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
