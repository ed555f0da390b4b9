import type { Address } from '../../protocol/brands.ts';
import { parseAddress } from '../../protocol/brands.ts';
import type { Call } from '../calls.ts';
import type { Connection } from '../connect.ts';
import { onChain } from '../revert-error.ts';

/** Somebody with votes. */
export interface Delegate {
  readonly account: Address;
  /** At present, in wei. */
  readonly votes: bigint;
}

/** Where a hand-over to the holders stands. */
export interface HandoverState {
  readonly done: boolean;
  /** From when on anyone may do it, unix seconds. */
  readonly openAfter: number;
  /** For how long votes must have been delegated, in seconds. */
  readonly standing: number;
  /** What the delegates would count for now. */
  readonly votes: bigint;
  readonly needed: bigint;
  /** The absolute minimum; the other bound is twice the quorum. */
  readonly minimum: bigint;
}

/** Everybody who has votes now, by rising address, as the hand-over wants them. */
export async function readDelegates({ contracts, addressBook }: Connection): Promise<readonly Delegate[]> {
  const { token } = contracts;
  return await onChain(async () => {
    const changes = await token.queryFilter(token.filters.DelegateVotesChanged(), addressBook.startBlock);
    // The newest change of each says what it has.
    const votes = new Map(changes.map(({ args }) => [parseAddress(args.delegate), args.newVotes]));
    return [...votes]
      .filter(([, held]) => held > 0n)
      .map(([account, held]) => ({ account, votes: held }))
      .sort((a, b) => (a.account < b.account ? -1 : 1));
  });
}

/** What is there and what is missing for a hand-over by these delegates. */
export async function readHandover({ contracts }: Connection, delegates: readonly Delegate[]): Promise<HandoverState> {
  const { handover } = contracts;
  return await onChain(async () => {
    const [votes, needed] = await handover.votesOf(delegates.map(({ account }) => account));
    return {
      done: await handover.done(),
      openAfter: Number(await handover.OPEN_AFTER()),
      standing: Number(await handover.STANDING()),
      votes,
      needed,
      minimum: await handover.MINIMUM_VOTES(),
    };
  });
}

/** The call by which an account's tokens vote through another, or through itself. */
export function delegateCall({ contracts, addresses }: Connection, to: Address): Call {
  const data = contracts.token.interface.encodeFunctionData('delegate', [to]);
  return { to: addresses.token, data, value: 0n };
}

/** The call by which the holders take over from the council, by the votes of these delegates. */
export function handoverCall({ contracts, addresses }: Connection, delegates: readonly Delegate[]): Call {
  const accounts = delegates.map(({ account }) => account);
  const data = contracts.handover.interface.encodeFunctionData('handover', [accounts]);
  return { to: addresses.handover, data, value: 0n };
}
