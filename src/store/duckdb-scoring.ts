import type { Address } from '../protocol/brands.ts';
import { accountFacts, eligibilityOf } from '../settlement/policy/eligibility.ts';
import type { AccountFacts } from '../settlement/policy/eligibility.ts';
import { policyAt } from '../settlement/policy/policy-at.ts';
import type { EpochScores, IneligibleReason } from '../settlement/policy/score-steps.ts';
import type { Query, SqlDialect } from '../settlement/policy/sql.ts';
import { pick, whole } from './duckdb-session.ts';
import { EMBEDDED } from './scoring-engine.ts';
import type { ScoringOptions, ScoringRange } from './scoring-tables.ts';
import { input, withTables } from './scoring-tables.ts';

/** What a score has to be below. */
export const MAX_SCORE = (1n << 96n) - 1n;

/**
 * Scores every epoch of a range in one go: one entry for each epoch, also for those in which nothing happened. An epoch's
 * scores do not depend on the range that it is asked for in, as long as the ledger holds every row from the start on.
 *
 * Whole numbers only, from the first step to the last; the same result for any order of rows and any number of threads.
 *
 * @throws {InputError} `SCORE_TOO_LARGE` when a score would not be below 2^96; `SCORE_TOO_MANY_ROWS` from 2^26 rows on; `TASK_UNKNOWN` when a task name of the ledger
 *   is mapped to none of `tasks`; `POLICY_TASK_MISSING` when the policy has no rules for one of them
 *   in an epoch in which it counts
 */
export async function scoreEpochs(options: ScoringOptions): Promise<EpochScores[]> {
  const { fromEpoch, toEpoch, engine: { dialect } = EMBEDDED } = options;
  const epochs = Array.from({ length: toEpoch - fromEpoch }, (_, index) => ({
    epoch: fromEpoch + index,
    scores: [] as { account: Address; task: number; score: bigint }[],
    uses: [] as { account: Address; uses: bigint }[],
    ineligible: [] as { account: Address; reason: IneligibleReason }[],
  }));
  const refusalOf = refusals(options, () => accountFacts(options.ledger, options.clock.start));
  const joined = new Map(options.tasks.map(({ id, from = 0 }) => [id, from]));
  await withTables(options, async ({ run, accounts, compiled }) => {
    for (const [at, number, task, score] of await run(compiled.scores)) {
      const entry = { account: pick(accounts, number), task: Number(task), score: whole(score) };
      const { epoch, scores, ineligible } = pick(epochs, whole(at) - BigInt(fromEpoch));
      if (epoch < (joined.get(entry.task) ?? 0)) continue;
      const reason = refusalOf(epoch, entry.account);
      if (reason !== null) {
        if (ineligible.at(-1)?.account !== entry.account) ineligible.push({ account: entry.account, reason });
        continue;
      }
      if (entry.score > MAX_SCORE) {
        const words = 'a score is not below 2^96: the policy gives more points than a settlement can hold';
        throw input('SCORE_TOO_LARGE', words, { epoch, ...entry });
      }
      scores.push(entry);
    }
    for (const [epoch, account, uses] of await run(usesQuery(options, dialect))) {
      pick(epochs, whole(epoch) - BigInt(fromEpoch)).uses.push({ account: pick(accounts, account), uses: whole(uses) });
    }
  });
  return epochs;
}

/** Why an account cannot score in an epoch, null when it can; what is known of the accounts is asked for only where a policy asks. */
export function refusals({ policy, clock, fromEpoch, toEpoch }: ScoringRange, factsOf: () => AccountFacts) {
  const isAsked = policy.segments.some(
    ({ from, until, eligibility }) => eligibility !== undefined && from < toEpoch && until > fromEpoch,
  );
  if (!isAsked) return () => null;
  const facts = factsOf();
  return (epoch: number, account: Address): IneligibleReason | null => {
    const rules = policyAt(policy, epoch).eligibility;
    if (rules === undefined) return null;
    return eligibilityOf(rules, facts, account, clock.start + (epoch + 1) * clock.length).reason;
  };
}

/** `epoch, account, uses` of every account that was used, by these. */
export function usesQuery({ clock }: ScoringRange, { divide, count }: SqlDialect): Query {
  const epoch = divide(`time - ${clock.start}`, `${clock.length}`);
  return {
    steps: [],
    select: `SELECT epoch, account, ${count} AS uses FROM (SELECT account, ${epoch} AS epoch FROM usage) AS dated
      GROUP BY epoch, account ORDER BY epoch, account`,
    columns: ['epoch', 'account', 'uses'],
  };
}
