import { delegateCall } from '../../chain/governance/delegates.ts';
import { onChain } from '../../chain/revert-error.ts';
import type { Address } from '../../protocol/brands.ts';
import { parseAddress, ZERO_ADDRESS } from '../../protocol/brands.ts';
import { MissingError } from '../../protocol/errors.ts';
import { tokens } from '../../protocol/tokens.ts';
import type { Session } from './session.ts';
import type { Outgoing } from './submit.ts';

/** What delegating changes. */
export interface Delegation {
  readonly outgoing: Outgoing;
  readonly delegate: Address;
  /** Null where nobody was named before. */
  readonly before: Address | null;
  /** The tokens of whoever sends, in wei. */
  readonly balance: bigint;
}

/**
 * The call by which the sender's tokens vote through `to`, or through itself.
 *
 * @throws {MissingError} `DELEGATE_MISSING` when neither is known
 */
export async function delegation({ connection, sender }: Session, to: Address | undefined): Promise<Delegation> {
  const { token } = connection.contracts;
  const { account } = sender;
  const delegate = to ?? account;
  if (delegate === null) {
    throw new MissingError({
      code: 'DELEGATE_MISSING',
      shortMessage: 'nobody was named to vote',
      details: { next: 'give --to, or --as with the account that sends' },
    });
  }
  const [balance, named] =
    account === null
      ? [0n, ZERO_ADDRESS]
      : await onChain(() => Promise.all([token.balanceOf(account), token.delegates(account)]));
  const before = parseAddress(named) === ZERO_ADDRESS ? null : parseAddress(named);
  const preview = [
    `${tokens(balance)} tokens of ${account ?? 'the sender'} vote through ${delegate}`,
    before === null ? ', so far through nobody\n' : `, so far through ${before}\n`,
  ].join('');
  const calls = [delegateCall(connection, delegate)];
  return { outgoing: { title: `delegate to ${delegate}`, preview, calls }, delegate, before, balance };
}
