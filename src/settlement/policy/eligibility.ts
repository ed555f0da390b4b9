import type { Address } from '../../protocol/brands.ts';
import type { AccountRow, Contribution } from '../ledger/rows.ts';
import type { EligibilityRules } from './policy.ts';
import type { EligibilitySteps } from './score-steps.ts';

const SECONDS_PER_DAY = 86_400n;

/** What decides whether an account can score: when it was first seen, and since when it holds its badges. */
export interface AccountFacts {
  /** The earliest of its rows in the accounts file and its first contribution inside the economy; undefined: never seen. */
  readonly firstSeen: (account: Address) => number | undefined;
  /** The earliest `since` of a badge; undefined: never given. */
  readonly badgeSince: (account: Address, badge: string) => number | undefined;
}

/** Gathers what is known of every account; `start` is the start of the economy. */
export function accountFacts(
  ledger: { readonly contributions: readonly Contribution[]; readonly accounts: readonly AccountRow[] },
  start: number,
): AccountFacts {
  const first = new Map<Address, number>();
  const badges = new Map<Address, Map<string, number>>();
  const seen = (account: Address, time: number): void => {
    if (time < (first.get(account) ?? Number.MAX_SAFE_INTEGER)) first.set(account, time);
  };
  for (const { account, time } of ledger.contributions) if (time >= start) seen(account, time);
  for (const { account, badge, since } of ledger.accounts) {
    seen(account, since);
    const own = badges.get(account) ?? new Map<string, number>();
    if (since < (own.get(badge) ?? Number.MAX_SAFE_INTEGER)) own.set(badge, since);
    badges.set(account, own);
  }
  return {
    firstSeen: (account) => first.get(account),
    badgeSince: (account, badge) => badges.get(account)?.get(badge),
  };
}

/**
 * Whether an account can score in an epoch that ends at `end`, and the first condition that it does not meet: the list,
 * then the badge, then the age.
 */
export function eligibilityOf(
  { allow, badges, age }: EligibilityRules,
  facts: AccountFacts,
  account: Address,
  end: number,
): EligibilitySteps {
  const firstSeen = facts.firstSeen(account) ?? null;
  if (allow !== undefined && !allow.has(account)) return { eligible: false, reason: 'not-listed', firstSeen };
  const holds = (badge: string): boolean => (facts.badgeSince(account, badge) ?? end) < end;
  if (badges !== undefined && ![...badges].some(holds)) return { eligible: false, reason: 'badge-missing', firstSeen };
  const isOld = age === undefined || (firstSeen !== null && BigInt(end - firstSeen) >= age * SECONDS_PER_DAY);
  return isOld ? { eligible: true, reason: null, firstSeen } : { eligible: false, reason: 'too-young', firstSeen };
}
