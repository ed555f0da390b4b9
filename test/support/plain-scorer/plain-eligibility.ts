import type { Address } from '../../../src/protocol/brands.ts';
import type { PlainScoring } from './plain-scorer.ts';
import type { EligibilityFile } from './policy-file.ts';

export type IneligibleReason = 'not-listed' | 'badge-missing' | 'too-young';

/** Why an account's scores of an epoch do not count, judged at the epoch's end; `null` when they do. */
export function ineligibleBecause(
  rule: EligibilityFile | undefined,
  { ledger, clock }: PlainScoring,
  account: Address,
  epoch: number,
): IneligibleReason | null {
  if (rule === undefined) return null;
  const end = clock.start + (epoch + 1) * clock.length;
  const mine = ledger.accounts.filter((row) => row.account === account);
  if (rule.allow !== undefined && !rule.allow.some((listed) => listed.toLowerCase() === account)) return 'not-listed';
  const { badges } = rule;
  if (badges !== undefined && !mine.some(({ badge, since }) => badges.includes(badge) && since < end)) {
    return 'badge-missing';
  }
  if (rule.age !== undefined) {
    const contributed = ledger.contributions.filter((row) => row.account === account && row.time >= clock.start);
    const seen = [...mine.map(({ since }) => since), ...contributed.map(({ time }) => time)];
    const first = Math.min(...seen); // Infinity when nobody has ever seen the account: too young
    if (end - first < Number(rule.age) * 86_400) return 'too-young';
  }
  return null;
}
