import { reclaimDepositCall, withdrawBondCall } from '../../chain/disproof.ts';
import { readUnreturnedDeposits } from '../../chain/disputed-proposal.ts';
import { onChain } from '../../chain/revert-error.ts';
import type { Address } from '../../protocol/brands.ts';
import { MissingError, RefusedError } from '../errors.ts';
import type { Outgoing } from '../governance/submit.ts';
import type { Session } from '../governance/session.ts';
import { tokens } from '../output/tokens.ts';

/** What an account is paid. */
export interface Withdrawing {
  readonly outgoing: Outgoing;
  readonly to: Address;
  /** What it was credited already, and deposits that come back first; in wei of the native coin. */
  readonly credited: bigint;
  readonly deposits: bigint;
}

/**
 * Pays an account what bonds and deposits have brought it, deposits of demands whose proposals fell among them.
 *
 * @throws {MissingError} `ACCOUNT_MISSING` when nobody is named
 * @throws {RefusedError} `NOTHING_OWED`
 */
export async function withdrawing({ connection, sender }: Session, account?: Address): Promise<Withdrawing> {
  const to = account ?? sender.account;
  if (to === null) {
    throw new MissingError({
      code: 'ACCOUNT_MISSING',
      shortMessage: 'nobody was named to be paid',
      details: { next: 'give --account, or --as with the account that sends' },
    });
  }
  const { addresses, contracts } = connection;
  const credited = await onChain(() => contracts.distributor.bondCreditOf(to));
  const unreturned = await readUnreturnedDeposits(connection, to);
  const deposits = unreturned.reduce((sum, { deposit }) => sum + deposit, 0n);
  if (credited + deposits === 0n) {
    throw new RefusedError({
      code: 'NOTHING_OWED',
      shortMessage: `nothing is owed to ${to}`,
      details: { account: to, next: 'a bond or a deposit is credited when its proposal is over' },
    });
  }
  const calls = [
    ...unreturned.map(({ proposalId, index }) => reclaimDepositCall(addresses, proposalId, index)),
    withdrawBondCall(addresses, to),
  ];
  const preview = `pay ${tokens(credited + deposits, 6)} of the native coin to ${to}\n`;
  return { outgoing: { title: `withdraw to ${to}`, preview, calls }, to, credited, deposits };
}
