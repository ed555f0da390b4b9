import { claimToCall } from '../../chain/calls.ts';
import { claimUnitsCall, claimUnitsToCall } from '../../chain/unit-pool-calls.ts';
import type { Address } from '../../protocol/brands.ts';
import { RefusedError } from '../../protocol/errors.ts';
import type { AccountClaims, FoundClaims } from '../../claims/find-claims.ts';
import type { Job } from '../../claims/payment-job.ts';
import type { MinerSession } from './session.ts';

/**
 * What is to be paid to accounts: to each, or to the recipient that it chose, by whoever sends; or to `to`, if the account itself
 * sends it.
 *
 * @throws {RefusedError} `NOT_THE_ACCOUNT`, `NOTHING_TO_CLAIM`
 */
export function claimingJobs(
  { endpoints, sender }: MinerSession,
  { accounts, tree }: FoundClaims,
  to: Address | null,
): readonly Job[] {
  const { addresses } = endpoints[0].connection;
  if (to !== null) refuseOthers(accounts, sender.account);
  const due = accounts.filter((one) => (one.rewards?.claimable ?? 0n) > 0n || (one.units?.claimable ?? 0n) > 0n);
  if (due.length === 0) throw nothing(accounts, tree?.epoch ?? null);
  return due.flatMap(({ account, claim, rewards, units, recipient }): Job[] => [
    ...(claim === null || rewards === null || rewards.claimable === 0n
      ? []
      : [
          {
            ...{ line: null, account, kind: 'rewards' as const, to: to ?? recipient },
            wanted: to === null ? { claim } : { call: claimToCall(addresses, claim, to) },
          },
        ]),
    ...(units === null || units.claimable === 0n
      ? []
      : [
          {
            ...{ line: null, account, kind: 'units' as const, to: to ?? account },
            wanted: { call: to === null ? claimUnitsCall(addresses, account) : claimUnitsToCall(addresses, to) },
          },
        ]),
  ]);
}

function refuseOthers(accounts: readonly AccountClaims[], sender: Address | null): void {
  const others = accounts.filter(({ account }) => account !== sender).map(({ account }) => account);
  if (others.length === 0) return;
  throw new RefusedError({
    code: 'NOT_THE_ACCOUNT',
    shortMessage: 'only the account itself can have its claim paid elsewhere',
    details: {
      accounts: others,
      sender,
      next: 'send it with the key of the account, or have it sign: lode claim --sign --to …',
    },
  });
}

/** The refusal of a claim that would pay nobody. */
export function nothing(accounts: readonly Pick<AccountClaims, 'account'>[], epoch: number | null): RefusedError {
  return new RefusedError({
    code: 'NOTHING_TO_CLAIM',
    shortMessage: 'nothing is there to be claimed now',
    details: { accounts: accounts.map(({ account }) => account), epoch, next: 'lode claimable says when more is free' },
  });
}
