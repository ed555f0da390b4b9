import { InputError } from '../src/protocol/errors.ts';
import { valueAt } from '../src/settlement/economy-parameters.ts';
import type { PresetParameters } from '../src/settlement/preset/preset-parameters.ts';
import type { People } from './roles.ts';

/** Everything the modules are told, in the shape of the constructors: plain values, the same for the same deployment. */
export interface DeploymentInputs {
  readonly deployer: string;
  readonly people: People;
  readonly minDelay: number;
  readonly token: { readonly name: string; readonly symbol: string };
  readonly genesis: readonly { readonly account: string; readonly amount: bigint }[];
  readonly curve: {
    readonly start: number;
    readonly epochLength: number;
    readonly periods: readonly { readonly end: number; readonly cumulative: bigint }[];
    readonly total: bigint;
  };
  readonly tasks: readonly {
    readonly task: number;
    readonly name: string;
    readonly weight: bigint;
    readonly minScore: bigint;
  }[];
  readonly policy: { readonly hash: string; readonly uri: string };
  readonly reserve: Readonly<Record<string, string | number | bigint | boolean>>;
  readonly terms: { readonly cohortEpochs: number; readonly duration: number };
  /** What the distributor applies from epoch 0 on. */
  readonly initial: Readonly<Record<string, string | number | bigint>>;
}

/**
 * What a deployment of a preset is made from.
 *
 * @throws {InputError} `DEPLOYMENT_INPUT` when the people are not all there, or an address stands twice
 */
export function deploymentInputs(
  parameters: PresetParameters,
  people: People,
  deployer: string,
  policyUri: string,
): DeploymentInputs {
  checkPeople(people);
  const { economy } = parameters;
  const { hash, minScores } = valueAt(economy.policy, 0);
  const foundation = valueAt(economy.foundation, 0);
  const { window, bond } = valueAt(economy.challenge, 0);
  return {
    deployer,
    people,
    minDelay: parameters.minDelay,
    token: parameters.token,
    genesis: parameters.genesis.map(({ account, amount }) => ({ account, amount })),
    curve: {
      start: economy.start,
      epochLength: economy.epochLength,
      periods: economy.curve,
      total: economy.curve.at(-1)?.cumulative ?? 0n,
    },
    tasks: parameters.tasks.map(({ id, name, weight }, index) => ({
      task: id,
      name,
      weight,
      minScore: minScores[index] ?? 0n,
    })),
    policy: { hash, uri: policyUri },
    reserve: { ...valueAt(economy.reserve, 0) },
    terms: valueAt(economy.terms, 0),
    initial: {
      foundation: foundation.account,
      foundationShare: foundation.share,
      accountCap: valueAt(economy.accountCap, 0),
      accelerationBound: valueAt(economy.accelerationBound, 0),
      window,
      bond,
    },
  };
}

function checkPeople({ council, operators, guardians }: People): void {
  for (const [role, accounts] of Object.entries({ council: [council], operators, guardians })) {
    const distinct = new Set(accounts.map((account) => account.toLowerCase()));
    const malformed = accounts.find((account) => !/^0x[0-9a-fA-F]{40}$/.test(account) || /^0x0{40}$/.test(account));
    if (accounts.length === 0 || malformed !== undefined || distinct.size !== accounts.length) {
      throw new InputError({
        code: 'DEPLOYMENT_INPUT',
        shortMessage: `${role}: at least one address is needed, none of them zero or twice`,
        details: { role, accounts },
      });
    }
  }
}
