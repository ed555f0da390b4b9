import type { LedgerRules } from '../settlement/ledger/build-ledger.ts';
import { policyMeasures, policyRatings } from '../settlement/policy/policy-at.ts';
import type { PresetParameters } from '../settlement/preset/preset-parameters.ts';

/** What a ledger is held to besides a preset: whose rows are refused, further names of tasks, and which times count. */
export interface LedgerScope {
  /** The deployment's own contracts, which can earn nothing. */
  readonly contracts: readonly string[];
  readonly map: Readonly<Record<string, string>>;
  readonly range: LedgerRules['range'];
}

/** The rules by which a ledger is read for a preset. */
export function ledgerRules(
  { policy, taskMap }: PresetParameters,
  { contracts, map, range }: LedgerScope,
): LedgerRules {
  return {
    forbidden: new Set(contracts),
    taskMap: new Map([...taskMap, ...Object.entries(map)]),
    measures: policyMeasures(policy),
    ratings: policyRatings(policy),
    range,
  };
}
