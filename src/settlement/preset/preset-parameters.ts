import type { Address, Hash32 } from '../../protocol/brands.ts';
import { ZERO_ADDRESS } from '../../protocol/brands.ts';
import type { EconomyParameters, ReserveLaw } from '../economy-parameters.ts';
import { curvePeriods, lastEmissionEpoch } from './curve-periods.ts';
import type { Preset } from './load-preset.ts';
import { policyHash } from './policy-hash.ts';

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
  /** The task id for each task name that a ledger may use: the preset's own names and its `ledgerTasks`. */
  readonly taskMap: ReadonlyMap<string, number>;
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
  readonly minScore: bigint;
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
  const tasks = preset.tasks.map(({ id, name, title, weight, minScore }) => ({ id, name, title, weight, minScore }));
  const ids = new Map(tasks.map((task) => [task.name, task.id]));
  const taskMap = new Map(ids);
  for (const [from, to] of Object.entries(preset.ledgerTasks)) {
    const id = ids.get(to);
    if (id !== undefined) taskMap.set(from, id);
  }
  const curve = curvePeriods(preset.curve, start);
  return {
    name: preset.name,
    variant: preset.variant,
    presetHash: preset.hash,
    token: { name: preset.token.name, symbol: preset.token.symbol },
    genesis: preset.token.genesis.map(({ to, amount, label }) => ({ account: to, amount, label })),
    tasks,
    taskMap,
    policy: preset.policy,
    economy: {
      start,
      epochLength: preset.epochLength,
      curve,
      genesis: preset.token.genesis.reduce((sum, allocation) => sum + allocation.amount, 0n),
      tasks: always(tasks.map(({ id, weight }) => ({ task: id, weight }))),
      policy: always({ hash: policyHash(preset.policy), minScores: tasks.map((task) => task.minScore) }),
      reserve: always(reserveLaw(preset.reserve, options.priceSource ?? ZERO_ADDRESS)),
      foundation: always({
        account: preset.foundation.account ?? options.foundation ?? ZERO_ADDRESS,
        share: preset.foundation.share,
      }),
      accountCap: always(preset.accountCap),
      accelerationBound: always(preset.accelerationBound),
      terms: always({ cohortEpochs: preset.release.cohortEpochs, duration: preset.release.over }),
      challenge: always({ window: preset.challenge.window, bond: preset.challenge.bond }),
      unlockPerUse: 0n,
    },
    lastEmissionEpoch: lastEmissionEpoch(curve, { start, length: preset.epochLength }),
    minDelay: preset.governance.minDelay,
  };
}

function always<T>(value: T) {
  return [{ from: 0, value }];
}

function reserveLaw(reserve: Preset['reserve'], priceSource: string): ReserveLaw {
  const { law, smoothing, rho } = reserve;
  if (law !== null) return { hasLaw: true, ...law, smoothing, rho, priceSource };
  return { hasLaw: false, a: 0n, b: 0n, c: 0n, alpha: 0n, priceRef: 0n, smoothing, rho, priceSource: ZERO_ADDRESS };
}
