import { ProtocolError } from '../../protocol/errors.ts';
import { holdSteps, NO_STEPS } from '../policy/hold-steps.ts';
import type { EpochExplanations, EpochScores } from '../policy/score-steps.ts';
import { explanationPath, prefixOf } from './prefix.ts';
import type { AccountsFile, Manifest } from './report-schema.ts';

/** What a report says of an epoch's scores. */
export interface ExplainedEpoch {
  readonly manifest: Pick<Manifest, 'epoch' | 'record' | 'prefixBits'>;
  readonly accounts: AccountsFile['accounts'];
  readonly ineligible: EpochScores['ineligible'] | null;
}

/**
 * Finds whoever's steps in a report do not lead to the scores in it; whoever scored has to have some. Null where all do.
 */
export function explanationFault(
  { decimals, accounts: explained }: EpochExplanations,
  { manifest: { epoch, record, prefixBits }, accounts, ineligible }: ExplainedEpoch,
): { readonly file: string; readonly reason: string } | null {
  const own = new Map(explained.map(({ account, steps }) => [account, steps]));
  const scores = new Map(accounts.map((row) => [row.account, row.scores]));
  const reasons = new Map(ineligible?.map(({ account, reason }) => [account, reason]));
  const { tasks, start, end } = record;
  for (const account of new Set([...own.keys(), ...scores.keys(), ...reasons.keys()])) {
    const proven = { scores: scores.get(account) ?? [], ineligible: reasons.get(account) ?? null };
    try {
      holdSteps(own.get(account) ?? NO_STEPS, { account, epoch, start, end, decimals, tasks, ...proven });
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      return { file: explanationPath(prefixOf(account, prefixBits), prefixBits), reason: error.shortMessage };
    }
  }
  return null;
}
