import { InputError } from '../../protocol/errors.ts';
import { interfaceOf } from '../bindings.ts';
import type { Connection } from '../connect.ts';
import { onChain } from '../revert-error.ts';
import type { Action } from './action.ts';
import { bigintIn, callTo, changed, just, NOTHING, numberIn } from './action.ts';
import type { Facts } from './facts.ts';
import { before, ifKnown } from './past.ts';
import { decimal, part, span } from './units.ts';
import type { Wishes } from './wishes.ts';

const governor = interfaceOf('governor');
const timelock = interfaceOf('timelock');

type GovernorSetting =
  | 'setVotingDelay'
  | 'setVotingPeriod'
  | 'setProposalThreshold'
  | 'updateQuorumNumerator'
  | 'setLateQuorumVoteExtension';

interface Setting {
  readonly wish: 'votingDelay' | 'votingPeriod' | 'proposalThreshold' | 'quorum' | 'lateQuorum';
  readonly call: GovernorSetting;
  readonly argument: string;
  /** What the governor says when it is set, and the name of the old value there. */
  readonly said: readonly [event: string, old: string];
  readonly title: string;
  readonly bounds: string;
  readonly show: (value: bigint) => string;
  readonly read: (governor: Connection['contracts']['governor']) => Promise<bigint>;
}

const seconds = (value: bigint): string => span(Number(value)); // integer: a length of time
const votes = (value: bigint): string => `${decimal(value)} votes`;

/** How the holders vote: each setting on its own. */
const SETTINGS: readonly Setting[] = [
  {
    wish: 'votingDelay',
    call: 'setVotingDelay',
    argument: 'newVotingDelay',
    said: ['VotingDelaySet', 'oldVotingDelay'],
    title: 'voting delay',
    bounds: '1 hour to 30 days',
    show: seconds,
    read: (chain) => chain.votingDelay(),
  },
  {
    wish: 'votingPeriod',
    call: 'setVotingPeriod',
    argument: 'newVotingPeriod',
    said: ['VotingPeriodSet', 'oldVotingPeriod'],
    title: 'voting period',
    bounds: '1 to 30 days',
    show: seconds,
    read: (chain) => chain.votingPeriod(),
  },
  {
    wish: 'proposalThreshold',
    call: 'setProposalThreshold',
    argument: 'newProposalThreshold',
    said: ['ProposalThresholdSet', 'oldProposalThreshold'],
    title: 'proposal threshold',
    bounds: '0 to a hundredth of the cap',
    show: votes,
    read: (chain) => chain.proposalThreshold(),
  },
  {
    wish: 'quorum',
    call: 'updateQuorumNumerator',
    argument: 'newQuorumNumerator',
    said: ['QuorumNumeratorUpdated', 'oldQuorumNumerator'],
    title: 'quorum',
    bounds: '1 % to 50 % of what circulates',
    show: part,
    read: (chain) => chain['quorumNumerator()'](),
  },
  {
    wish: 'lateQuorum',
    call: 'setLateQuorumVoteExtension',
    argument: 'newVoteExtension',
    said: ['LateQuorumVoteExtensionSet', 'oldVoteExtension'],
    title: 'extension by a late quorum',
    bounds: '0 to 7 days',
    show: seconds,
    read: (chain) => chain.lateQuorumVoteExtension(),
  },
];

/** The settings of the vote, one action each. */
export const VOTING: readonly Action[] = SETTINGS.map(({ wish, call, argument, said, title, bounds, show, read }) => ({
  title,
  contract: 'governor',
  acts: 'on execution',
  bounds,
  wishes: [wish],
  functions: {
    [call]: async (args, facts) => {
      const [event, field] = said;
      const now = () => onChain(() => read(facts.connection.contracts.governor));
      const old = await before(facts, event, (values) => bigintIn(values, field), now);
      const changes = changed(title, ifKnown(old, show), show(bigintIn(args, argument)));
      return { words: `the ${title} of the holders`, changes, from: null };
    },
  },
  encode: (wishes: Wishes, { facts }) => {
    const value = wishes[wish];
    if (value === undefined) return Promise.resolve(NOTHING);
    assertHolders(facts, title);
    return Promise.resolve(
      just(callTo(facts, 'governor', governor.encodeFunctionData(call as 'setVotingDelay', [value]))),
    );
  },
}));

/** How long everything waits that was decided. */
export const TIMELOCK_DELAY: Action = {
  title: 'delay of the timelock',
  contract: 'timelock',
  acts: 'on execution',
  bounds: '1 to 14 days',
  wishes: ['timelockDelay'],
  functions: {
    updateDelay: async (args, facts) => {
      const now = () => Promise.resolve(facts.minDelay);
      const old = await before(facts, 'MinDelayChange', (event) => numberIn(event, 'oldDuration'), now);
      return {
        words: 'how long everything waits that was decided',
        changes: changed('delay', ifKnown(old, span), seconds(bigintIn(args, 'newDelay'))),
        from: null,
      };
    },
  },
  encode: ({ timelockDelay }, { facts }) => {
    if (timelockDelay === undefined) return Promise.resolve(NOTHING);
    return Promise.resolve(
      just(callTo(facts, 'timelock', timelock.encodeFunctionData('updateDelay', [timelockDelay]))),
    );
  },
};

/** The governor takes a new setting from its own proposals alone. */
function assertHolders({ office }: Facts, title: string): void {
  if (office === 'governor') return;
  throw new InputError({
    code: 'HOLDERS_ONLY',
    shortMessage: `the ${title} is changed by a vote of the holders alone, and the council is in office`,
    details: { next: 'hand over first; until then no vote is held' },
  });
}
