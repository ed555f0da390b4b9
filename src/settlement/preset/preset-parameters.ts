import type { Address, Hash32 } from '../../protocol/brands.ts';
import { ZERO_ADDRESS } from '../../protocol/brands.ts';
import type { EconomyParameters, From, Over, PolicyVersion, ReserveLaw } from '../economy-parameters.ts';
import type { Policy } from '../policy/policy.ts';
import { minimumScores } from '../policy/policy-at.ts';
import { curvePeriods, lastEmissionEpoch } from './curve-periods.ts';
import type { Preset } from './load-preset.ts';

/** What the deployment and the economy off chain are both made from. */
export interface PresetParameters {
  readonly name: string;
  readonly variant: string | undefined;
  /** keccak-256 of the preset file. */
  readonly presetHash: Hash32;
  readonly token: { readonly name: string; readonly symbol: string };
  readonly genesis: readonly { readonly account: string; readonly amount: bigint; readonly label: string }[];
  /** The tasks of epoch 0, by rising id. */
  readonly tasks: readonly PresetTask[];
  /** The task of the preset for each task name that a ledger may use: its own names, and those of `ledgerTasks`. */
  readonly taskMap: ReadonlyMap<string, string>;
  readonly policy: Preset['policy'];
  readonly economy: EconomyParameters;
  /** The last epoch with a budget; most curves end inside it. */
  readonly lastEmissionEpoch: number;
  /** How long every governed change waits in the timelock, in seconds. */
  readonly minDelay: number;
}

export interface PresetTask {
  readonly id: number;
  readonly name: string;
  readonly title: string;
  readonly weight: bigint;
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
 */
export function presetParameters(
  preset: Preset,
  start: number,
  options: PresetParametersOptions = {},
): PresetParameters {
  const tasks = preset.tasks.map(({ id, name, title, weight }) => ({ id, name, title, weight }));
  const names = tasks.map(({ name }) => name);
  const curve = curvePeriods(preset.curve, start);
  return {
    name: preset.name,
    variant: preset.variant,
    presetHash: preset.hash,
    token: { name: preset.token.name, symbol: preset.token.symbol },
    genesis: preset.token.genesis.map(({ to, amount, label }) => ({ account: to, amount, label })),
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
      unlockPerUse: preset.policy.segments.map(({ from, perUse }) => ({ from, value: perUse })),
    },
    lastEmissionEpoch: lastEmissionEpoch(curve, { start, length: preset.epochLength }),
    minDelay: preset.governance.minDelay,
  };
}

function always<T>(value: T) {
  return [{ from: 0, value }];
}

/** One version for each range of epochs with minimum scores of its own; the hash is that of the whole file. */
function policyVersions(policy: Policy, tasks: readonly string[]): Over<PolicyVersion> {
  const versions: From<PolicyVersion>[] = [];
  for (const { from } of policy.segments) {
    const minScores = minimumScores(policy, from, tasks);
    const before = versions.at(-1)?.value.minScores;
    if (before?.join() !== minScores.join()) versions.push({ from, value: { hash: policy.hash, minScores } });
  }
  return versions;
}

function reserveLaw(reserve: Preset['reserve'], priceSource: string): ReserveLaw {
  const { law, smoothing, rho } = reserve;
  if (law !== null) return { hasLaw: true, ...law, smoothing, rho, priceSource };
  return { hasLaw: false, a: 0n, b: 0n, c: 0n, alpha: 0n, priceRef: 0n, smoothing, rho, priceSource: ZERO_ADDRESS };
}
