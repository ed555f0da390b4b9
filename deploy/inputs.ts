import { ZERO_ADDRESS } from '../src/protocol/brands.ts';
import { InputError } from '../src/protocol/errors.ts';
import { valueAt } from '../src/settlement/economy-parameters.ts';
import type { PresetParameters } from '../src/settlement/preset/preset-parameters.ts';
import { UNIT_POOL } from '../src/settlement/preset/unit-pool-schema.ts';
import type { People } from './roles.ts';

/** Everything the modules are told, in the shape of the constructors: plain values, the same for the same deployment. */
export interface DeploymentInputs {
  readonly deployer: string;
  readonly people: People;
  readonly minDelay: number;
  /** How the token's holders vote, in the shape of the governor's constructor. */
  readonly voting: {
    readonly votingDelay: number;
    readonly votingPeriod: number;
    readonly proposalThreshold: bigint;
    readonly quorum: bigint;
    readonly lateQuorum: number;
    readonly quorumFloor: bigint;
  };
  /** What it takes to hand over to them; from `openAfter` on, unix seconds, anyone may do it. */
  readonly handover: { readonly minimumVotes: bigint; readonly openAfter: number };
  readonly token: { readonly name: string; readonly symbol: string };
  /** Who receives what at once; `unitPool` stands for the address that the pool will have. */
  readonly genesis: readonly { readonly account: string; readonly amount: bigint }[];
  /** The pool for units sold in advance; null: there is none. */
  readonly unitPool: {
    readonly allocation: bigint;
    readonly units: number;
    readonly saleEnd: number;
    readonly releaseOver: number;
  } | null;
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
 * @throws {InputError} `DEPLOYMENT_INPUT` when the people are not all there, or an address stands twice, or the genesis does not
 * give the unit pool what it promises, or a foundation with a share has no address, or the preset does not say how holders vote
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
  if (foundation.share > 0n && foundation.account === ZERO_ADDRESS) {
    throw new InputError({
      code: 'DEPLOYMENT_INPUT',
      shortMessage: 'the preset gives the foundation a share, and nobody says who the foundation is: name its address',
      details: { preset: parameters.name, share: foundation.share.toString() },
    });
  }
  const { window, bond } = valueAt(economy.challenge, 0);
  return {
    deployer,
    people,
    minDelay: parameters.minDelay,
    ...votingInputs(parameters),
    token: parameters.token,
    genesis: parameters.genesis.map(({ account, amount }) => ({ account, amount })),
    unitPool: unitPoolInputs(parameters),
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

/** Without a vote the council could never hand over, so a preset that says nothing about it cannot be deployed. */
function votingInputs({ voting, economy }: PresetParameters): Pick<DeploymentInputs, 'voting' | 'handover'> {
  if (voting === null) {
    throw new InputError({
      code: 'DEPLOYMENT_INPUT',
      shortMessage: 'the preset does not say how the holders vote: votingDelay and the figures that belong to it',
    });
  }
  const { handover, ...terms } = voting;
  const { minimumVotes, openAfter } = handover;
  return {
    // Twice the quorum hands over; half of what is needed at least is the least quorum.
    voting: { ...terms, quorumFloor: minimumVotes / 2n },
    handover: { minimumVotes, openAfter: economy.start + openAfter },
  };
}

/** The pool, once it is certain that the genesis gives it exactly what it promises. */
function unitPoolInputs({ unitPool, genesis }: PresetParameters): DeploymentInputs['unitPool'] {
  const given = genesis.filter(({ account }) => account === UNIT_POOL).map(({ amount }) => amount);
  const wanted = unitPool === null ? [] : [unitPool.allocation];
  if (given.length !== wanted.length || given[0] !== wanted[0]) {
    throw new InputError({
      code: 'DEPLOYMENT_INPUT',
      shortMessage: 'the genesis needs exactly one allocation to the unit pool, of what the pool promises',
      details: { given, wanted },
    });
  }
  if (unitPool === null) return null;
  const { allocation, units, saleEnd, releaseOver } = unitPool;
  return { allocation, units, saleEnd, releaseOver };
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
