import { parsePolicy } from './policy/parse-policy.ts';
import type { Policy } from './policy/policy.ts';
import type { PresetParameters } from './preset/preset-parameters.ts';
import { policyVersions, unlockPerUse } from './preset/preset-parameters.ts';

/** A policy that governance voted for: the hash that stands on chain from an epoch on, and the document behind it. */
export interface VotedPolicy {
  readonly from: number;
  readonly hash: string;
  readonly policy: unknown;
}

/** Says what is wrong with the list, at a path in the file. */
export type FaultOf = (path: string, reason: string, cause?: unknown) => Error;

/**
 * The parameters with each voted policy acting from its epoch on: scores, minimum scores and acceleration follow the new one,
 * epochs before it keep the old one. Nothing is taken that does not hash to what was voted for.
 */
export function withPolicies(
  parameters: PresetParameters,
  voted: readonly VotedPolicy[],
  fault: FaultOf,
): PresetParameters {
  let { policy, economy } = parameters;
  const names = parameters.tasks.map(({ name }) => name);
  for (const [at, { from, hash, policy: document }] of voted.entries()) {
    const where = `/policies/${at}`;
    if (from <= (voted[at - 1]?.from ?? 0)) throw fault(`${where}/from`, 'not after the change before it');
    const next = told(() => parsePolicy(document), `${where}/policy`, 'not a policy', fault);
    if (next.hash !== hash) throw fault(`${where}/policy`, `its hash is ${next.hash}, not the one that was voted for`);
    // A score counts 10^-decimals points; one replay scores all epochs alike.
    if (next.decimals !== policy.decimals) throw fault(`${where}/policy/decimals`, `it stays ${policy.decimals}`);
    const whole = spliced(policy, next, from);
    policy = whole;
    const versions = told(() => policyVersions(whole, names, from), `${where}/policy`, 'a task has no rules', fault);
    economy = { ...economy, policy: [...economy.policy.filter((version) => version.from < from), ...versions] };
  }
  if (voted.length === 0) return parameters;
  return { ...parameters, policy, economy: { ...economy, unlockPerUse: unlockPerUse(policy) } };
}

/** What `read` gives; what it refuses is told at `path`. */
function told<T>(read: () => T, path: string, otherwise: string, fault: FaultOf): T {
  try {
    return read();
  } catch (cause) {
    throw fault(path, cause instanceof Error ? cause.message : otherwise, cause);
  }
}

/** The rules of `before` until `from`, those of `next` afterwards. */
function spliced(before: Policy, next: Policy, from: number): Policy {
  const kept = before.segments.filter((segment) => segment.from < from);
  const follow = next.segments.filter((segment) => segment.until > from);
  return {
    ...next,
    segments: [
      ...kept.map((segment) => ({ ...segment, until: Math.min(segment.until, from) })),
      ...follow.map((segment) => ({ ...segment, from: Math.max(segment.from, from) })),
    ],
  };
}
