import { InputError } from '../../protocol/errors.ts';
import { FACTORIES } from '../bindings.ts';
import type { Connection } from '../connect.ts';
import { onChain } from '../revert-error.ts';
import type { Action } from './action.ts';
import { bigintIn, callTo, changed, just, NOTHING } from './action.ts';
import type { Facts } from './facts.ts';
import { decimal, part, span } from './units.ts';
import type { Wishes } from './wishes.ts';

const governor = FACTORIES.governor.createInterface();
const timelock = FACTORIES.timelock.createInterface();

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
    title: 'voting delay',
    bounds: '1 hour to 30 days',
    show: seconds,
    read: (chain) => chain.votingDelay(),
  },
  {
    wish: 'votingPeriod',
    call: 'setVotingPeriod',
    argument: 'newVotingPeriod',
    title: 'voting period',
    bounds: '1 to 30 days',
    show: seconds,
    read: (chain) => chain.votingPeriod(),
  },
  {
    wish: 'proposalThreshold',
    call: 'setProposalThreshold',
    argument: 'newProposalThreshold',
    title: 'proposal threshold',
    bounds: '0 to a hundredth of the cap',
    show: votes,
    read: (chain) => chain.proposalThreshold(),
  },
  {
    wish: 'quorum',
    call: 'updateQuorumNumerator',
    argument: 'newQuorumNumerator',
    title: 'quorum',
    bounds: '1 % to 50 % of what circulates',
    show: part,
    read: (chain) => chain['quorumNumerator()'](),
  },
  {
    wish: 'lateQuorum',
    call: 'setLateQuorumVoteExtension',
    argument: 'newVoteExtension',
    title: 'extension by a late quorum',
    bounds: '0 to 7 days',
    show: seconds,
    read: (chain) => chain.lateQuorumVoteExtension(),
  },
];

/** The settings of the vote, one action each. */
export const VOTING: readonly Action[] = SETTINGS.map(({ wish, call, argument, title, bounds, show, read }) => ({
  title,
  contract: 'governor',
  acts: 'on execution',
  bounds,
  wishes: [wish],
  functions: {
    [call]: async (args, { connection }) => {
      const old = await onChain(() => read(connection.contracts.governor));
      const changes = changed(title, show(old), show(bigintIn(args, argument)));
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
    updateDelay: (args, { minDelay }) =>
      Promise.resolve({
        words: 'how long everything waits that was decided',
        changes: changed('delay', span(minDelay), seconds(bigintIn(args, 'newDelay'))),
        from: null,
      }),
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
