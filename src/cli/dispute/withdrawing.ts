import { newestTime } from '../../chain/newest-time.ts';
import { reclaimDepositCall, releaseBondCall, withdrawBondCall } from '../../chain/disproof.ts';
import { readUnreturnedDeposits } from '../../chain/disputed-proposal.ts';
import { onChain } from '../../chain/revert-error.ts';
import { readOpenVetoes } from '../../chain/vetoes.ts';
import type { Address } from '../../protocol/brands.ts';
import { MissingError, RefusedError } from '../../protocol/errors.ts';
import type { Outgoing } from '../governance/submit.ts';
import type { Session } from '../governance/session.ts';
import { moment } from '../../chain/moment.ts';
import { tokens } from '../../protocol/tokens.ts';

/** What an account is paid. */
export interface Withdrawing {
  readonly outgoing: Outgoing;
  readonly to: Address;
  /** What it was credited already, and what comes back first: deposits, and bonds of vetoes that have lapsed; in wei of the native coin. */
  readonly credited: bigint;
  readonly deposits: bigint;
  readonly bonds: bigint;
}

/**
 * Pays an account what bonds and deposits have brought it, deposits of demands whose proposals fell and bonds of vetoes about which
 * nobody ruled among them.
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
  const { addresses, contracts, provider } = connection;
  const credited = await onChain(() => contracts.distributor.bondCreditOf(to));
  const unreturned = await readUnreturnedDeposits(connection, to);
  const deposits = unreturned.reduce((sum, { deposit }) => sum + deposit, 0n);
  const vetoes = await readOpenVetoes(connection, await onChain(() => newestTime(provider)));
  const own = vetoes.filter(({ operator }) => operator === to);
  const lapsed = own.filter((veto) => veto.lapsed);
  const bonds = lapsed.reduce((sum, { bond }) => sum + bond, 0n);
  if (credited + deposits + bonds === 0n) {
    const [held] = own;
    throw new RefusedError({
      code: 'NOTHING_OWED',
      shortMessage: `nothing is owed to ${to}`,
      details: {
        account: to,
        next:
          held === undefined
            ? 'a bond or a deposit is credited when its proposal is over'
            : `the bond of settlement ${held.proposalId}, which was vetoed, comes back on ${moment(held.rulingUntil)} unless the veto is upheld before`,
      },
    });
  }
  const calls = [
    ...lapsed.map(({ proposalId }) => releaseBondCall(addresses, proposalId)),
    ...unreturned.map(({ proposalId, index }) => reclaimDepositCall(addresses, proposalId, index)),
    withdrawBondCall(addresses, to),
  ];
  const released = lapsed.map(
    ({ proposalId, bond }) =>
      `release the bond of settlement ${proposalId}, ${tokens(bond, 6)}: nobody has ruled about its veto in time\n`,
  );
  const preview = [...released, `pay ${tokens(credited + deposits + bonds, 6)} of the native coin to ${to}\n`].join('');
  return { outgoing: { title: `withdraw to ${to}`, preview, calls }, to, credited, deposits, bonds };
}
