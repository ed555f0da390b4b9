import type { Address, Hash32 } from '../../protocol/brands.ts';
import { ZERO_ADDRESS } from '../../protocol/brands.ts';
import { InputError } from '../../protocol/errors.ts';
import type { EconomyParameters, From, Over, PolicyVersion, ReserveLaw } from '../economy-parameters.ts';
import type { Policy } from '../policy/policy.ts';
import { minimumScores } from '../policy/policy-at.ts';
import { curvePeriods, lastEmissionEpoch } from './curve-periods.ts';
import type { VotingTerms } from './governance-schema.ts';
import { votingTerms } from './governance-schema.ts';
import type { Preset } from './load-preset.ts';

import type { UNIT_POOL, UnitPoolTerms } from './unit-pool-schema.ts';

const SECONDS_PER_DAY = 86_400;

/** What the deployment and the economy off chain are both made from. */
export interface PresetParameters {
  readonly name: string;
  readonly variant: string | undefined;
  /** keccak-256 of the preset file. */
  readonly presetHash: Hash32;
  readonly token: { readonly name: string; readonly symbol: string };
  readonly genesis: readonly GenesisAllocation[];
  /** The pool for units sold beforehand, if the preset has one. */
  readonly unitPool: UnitPoolTerms | null;
  /** The tasks of epoch 0, and those that joined since, by rising id. */
  readonly tasks: readonly PresetTask[];
  /** The task of the preset for each task name that a ledger may use: its own names, and those of `ledgerTasks`. */
  readonly taskMap: ReadonlyMap<string, string>;
  readonly policy: Preset['policy'];
  readonly economy: EconomyParameters;
  /** The last epoch with a budget; most curves end inside it. */
  readonly lastEmissionEpoch: number;
  /** How long every governed change waits in the timelock, in seconds. */
  readonly minDelay: number;
  /** How the token's holders vote once governance is theirs; null: the preset says nothing about it. */
  readonly voting: VotingTerms | null;
}

/** What exists before the first epoch. */
export interface GenesisAllocation {
  /** An address, or `unitPool`: the pool's address is known to the deployment only. */
  readonly account: Address | typeof UNIT_POOL;
  readonly amount: bigint;
  readonly label: string;
}

export interface PresetTask {
  readonly id: number;
  readonly name: string;
  readonly title: string;
  readonly weight: bigint;
  /** The first epoch in which it counts; left out: the first of all. */
  readonly from?: number;
}

export interface PresetParametersOptions {
  /** Who is the foundation if the preset has one and leaves its address to the deployment. */
  readonly foundation?: Address;
  /** Who is asked for the price; none: the price is neutral. */
  readonly priceSource?: Address;
}

/**
 * The protocol parameters of a preset for an economy that starts at `start` (unix seconds, UTC): epoch `e` is
 * `[start + e·length, start + (e + 1)·length)`, and calendar years or months of the curve are counted from `start`.
 *
 * The same preset, start and options give the same parameters everywhere: nothing else goes in.
 *
 * @throws InputError `START_NOT_ALIGNED` if the preset's epochs are UTC days and `start` is not 00:00 UTC
 */
export function presetParameters(
  preset: Preset,
  start: number,
  options: PresetParametersOptions = {},
): PresetParameters {
  checkStart(preset, start);
  const tasks = preset.tasks.map(({ id, name, title, weight }) => ({ id, name, title, weight }));
  const names = tasks.map(({ name }) => name);
  const curve = curvePeriods(preset.curve, start);
  return {
    name: preset.name,
    variant: preset.variant,
    presetHash: preset.hash,
    token: { name: preset.token.name, symbol: preset.token.symbol },
    genesis: preset.token.genesis.map(({ to, amount, label }) => ({ account: to, amount, label })),
    unitPool: unitPoolTerms(preset.unitPool, start),
    tasks,
    taskMap: new Map([...names.map((name) => [name, name] as const), ...Object.entries(preset.ledgerTasks)]),
    policy: preset.policy,
    economy: {
      start,
      epochLength: preset.epochLength,
      curve,
      genesis: preset.token.genesis.reduce((sum, allocation) => sum + allocation.amount, 0n),
      tasks: always(tasks.map(({ id, weight }) => ({ task: id, weight }))),
      policy: policyVersions(preset.policy, names),
      reserve: always(reserveLaw(preset.reserve, options.priceSource ?? ZERO_ADDRESS)),
      foundation: always({
        account: preset.foundation.account ?? options.foundation ?? ZERO_ADDRESS,
        share: preset.foundation.share,
      }),
      accountCap: always(preset.accountCap),
      accelerationBound: always(preset.accelerationBound),
      terms: always({ cohortEpochs: preset.release.cohortEpochs, duration: preset.release.over }),
      challenge: always({ window: preset.challenge.window, bond: preset.challenge.bond }),
      unlockPerUse: unlockPerUse(preset.policy),
    },
    lastEmissionEpoch: lastEmissionEpoch(curve, { start, length: preset.epochLength }),
    minDelay: preset.governance.minDelay,
    voting: votingTerms(preset.governance),
  };
}

function checkStart(preset: Preset, start: number): void {
  if (preset.start === undefined || start % SECONDS_PER_DAY === 0) return;
  throw new InputError({
    code: 'START_NOT_ALIGNED',
    shortMessage: `an economy of the preset ${preset.name} starts at 00:00 UTC, since its epochs are UTC days`,
    details: { preset: preset.name, start, earlier: start - (start % SECONDS_PER_DAY) },
  });
}

function unitPoolTerms(pool: Preset['unitPool'], start: number): UnitPoolTerms | null {
  if (pool === undefined || pool === null) return null;
  const { allocation, units, saleLasts, releaseOver } = pool;
  return { allocation, units, perUnit: allocation / BigInt(units), saleEnd: start + saleLasts, releaseOver };
}

function always<T>(value: T) {
  return [{ from: 0, value }];
}

/**
 * One version for each range of epochs, of those that begin at `start` or later, with minimum scores of its own; the hash is
 * that of the whole file.
 */
export function policyVersions(policy: Policy, tasks: readonly string[], start = 0): Over<PolicyVersion> {
  const versions: From<PolicyVersion>[] = [];
  for (const { from } of policy.segments.filter((segment) => segment.from >= start)) {
    const minScores = minimumScores(policy, from, tasks);
    const before = versions.at(-1)?.value.minScores;
    if (before?.join() !== minScores.join()) versions.push({ from, value: { hash: policy.hash, minScores } });
  }
  return versions;
}

/** One entry for each range of epochs in which a use unlocks the same. */
export function unlockPerUse(policy: Policy): Over<bigint> {
  return policy.segments
    .filter(({ perUse }, index) => perUse !== policy.segments[index - 1]?.perUse)
    .map(({ from, perUse }) => ({ from, value: perUse }));
}

function reserveLaw(reserve: Preset['reserve'], priceSource: string): ReserveLaw {
  const { law, smoothing, rho } = reserve;
  if (law !== null) return { hasLaw: true, ...law, smoothing, rho, priceSource };
  return { hasLaw: false, a: 0n, b: 0n, c: 0n, alpha: 0n, priceRef: 0n, smoothing, rho, priceSource: ZERO_ADDRESS };
}
