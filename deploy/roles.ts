import { id } from 'ethers';

import type { EpochDistributorInterface } from '../types/typechain/contracts/distribution/EpochDistributor.ts';
import type { EpochParametersInterface } from '../types/typechain/contracts/distribution/EpochParameters.ts';
import type { EmissionCurveInterface } from '../types/typechain/contracts/emission/EmissionCurve.ts';
import type { GuardianCancellerInterface } from '../types/typechain/contracts/governance/GuardianCanceller.ts';
import type { HandoverInterface } from '../types/typechain/contracts/governance/Handover.ts';
import type { MiningAuthorityInterface } from '../types/typechain/contracts/governance/MiningAuthority.ts';
import type { MiningGovernorInterface } from '../types/typechain/contracts/governance/MiningGovernor.ts';
import type { MiningTimelockInterface } from '../types/typechain/contracts/governance/MiningTimelock.ts';
import type { TaskRegistryInterface } from '../types/typechain/contracts/governance/TaskRegistry.ts';
import type { AggregatorV3PriceSourceInterface } from '../types/typechain/contracts/reserve/AggregatorV3PriceSource.ts';
import type { MedianPriceSourceInterface } from '../types/typechain/contracts/reserve/MedianPriceSource.ts';
import type { StabilizationReserveInterface } from '../types/typechain/contracts/reserve/StabilizationReserve.ts';
import type { UnitPoolInterface } from '../types/typechain/contracts/reserve/UnitPool.ts';
import type { MiningTokenInterface } from '../types/typechain/contracts/token/MiningToken.ts';
import type { VestingVaultInterface } from '../types/typechain/contracts/vesting/VestingVault.ts';
import { FIXED_ROWS } from './fixed-rows.ts';

/** The numbers by which the access manager knows the roles. 0 is its own: whoever holds it changes roles. */
export const ROLE_IDS = { ADMIN: 0n, OPERATOR: 1n, GUARDIAN: 2n, GOVERNANCE: 3n } as const;

export type RoleName = keyof typeof ROLE_IDS;

/** The roles of the timelock. ADMIN gives and takes the others; until the hand-over only the contract that does it has it. */
export const TIMELOCK_ROLES = {
  ADMIN: `0x${'0'.repeat(64)}`,
  PROPOSER: id('PROPOSER_ROLE'),
  CANCELLER: id('CANCELLER_ROLE'),
  EXECUTOR: id('EXECUTOR_ROLE'),
} as const;

export type TimelockRole = keyof typeof TIMELOCK_ROLES;

/** The restricted contracts of a deployment, and for the compiler's sake the names that each of them has. */
interface Gated {
  readonly MiningToken: MiningTokenInterface;
  readonly TaskRegistry: TaskRegistryInterface;
  readonly StabilizationReserve: StabilizationReserveInterface;
  readonly VestingVault: VestingVaultInterface;
  readonly EpochParameters: EpochParametersInterface;
  readonly EpochDistributor: EpochDistributorInterface;
  readonly UnitPool: UnitPoolInterface;
  readonly GuardianCanceller: GuardianCancellerInterface;
}

/** All contracts that hold a function which changes anything; the price sources are deployed by whoever wants one. */
interface Known extends Gated {
  readonly MiningAuthority: MiningAuthorityInterface;
  readonly MiningTimelock: MiningTimelockInterface;
  readonly MiningGovernor: MiningGovernorInterface;
  readonly Handover: HandoverInterface;
  readonly EmissionCurve: EmissionCurveInterface;
  readonly MedianPriceSource: MedianPriceSourceInterface;
  readonly AggregatorV3PriceSource: AggregatorV3PriceSourceInterface;
}

export type GatedContract = keyof Gated;
export type KnownContract = keyof Known;

/** Who may call a function, by what makes it so: a role of the access manager or of the timelock, being somebody, or nothing. */
export type Caller = RoleName | `TIMELOCK_${TimelockRole}` | keyof typeof CALLERS;

/** The callers that hold no role, in words. */
export const CALLERS = {
  ANYONE: 'anyone, for everybody',
  OWN_ACCOUNT: 'anyone, over what is their own',
  COUNCIL: 'the council; from a fixed date on, anyone',
  TIMELOCK: 'the timelock itself, by what it executes',
  DISTRIBUTOR: 'the distributor, as part of its own steps',
  POOL: 'a registered pool',
  AUTHORITY: 'the access manager, as part of its own steps',
  DELAYED: 'who was given a role with a delay of its own; nobody has one',
  REPORTER: 'who has a seat',
} as const;

type FunctionOf<C extends KnownContract> = Parameters<Known[C]['getFunction']>[0];

interface RowOf<C extends KnownContract, Who extends Caller, Name = FunctionOf<C>> {
  readonly role: Who;
  readonly contract: C;
  readonly functions: readonly Name[];
  /** How long an allowed call waits: `timelock` means the timelock's delay, since it alone may call. */
  readonly delay: 'none' | 'timelock';
  readonly why: string;
  /** What works no more, with the error that everybody gets who was allowed before. */
  readonly closed?: {
    readonly after: 'set-up' | 'hand-over';
    readonly by: Readonly<Record<string, string>>;
  };
}

/** One row of the part that is written into the access manager: a role, and what it may call on one contract. */
export type RoleRow = { [C in GatedContract]: RowOf<C, RoleName> }[GatedContract];

/** One row of the whole table; `receive` is a plain payment. */
export type AccessRow = { [C in KnownContract]: RowOf<C, Caller, FunctionOf<C> | 'receive'> }[KnownContract];

/**
 * What the access manager is told: every function that it guards stands here exactly once. The deployment is made from these rows
 * and compared with them afterwards, in both directions. Rows of a contract that a preset does not have (the unit pool) are left
 * out of its deployment.
 */
export const ROLE_TABLE: readonly RoleRow[] = [
  {
    role: 'OPERATOR',
    contract: 'EpochDistributor',
    functions: ['propose'],
    delay: 'none',
    why: 'Puts forward the settlement of an epoch, with a bond; anyone can challenge it.',
  },
  {
    role: 'GUARDIAN',
    contract: 'EpochDistributor',
    functions: ['veto', 'pauseProposals'],
    delay: 'none',
    why: 'Drops a settlement that no arithmetic can show to be wrong, within the hours of its window. Moves no funds.',
  },
  {
    role: 'GUARDIAN',
    contract: 'GuardianCanceller',
    functions: ['cancel', 'cancelBatch'],
    delay: 'none',
    why: 'Stops what waits in the timelock, but not the guardians’ own replacement.',
  },
  {
    role: 'GOVERNANCE',
    contract: 'EpochDistributor',
    functions: ['ruleVeto', 'readmit', 'scheduleVerifier'],
    delay: 'timelock',
    why: 'Rules about vetoes, lets an operator back in, and announces another judge of proofs 30 days ahead.',
  },
  {
    role: 'GOVERNANCE',
    contract: 'EpochParameters',
    functions: ['scheduleFoundation', 'scheduleAccountCap', 'scheduleAccelerationBound', 'scheduleChallenge'],
    delay: 'timelock',
    why: 'The bounded parameters of epochs that have not started.',
  },
  {
    role: 'GOVERNANCE',
    contract: 'TaskRegistry',
    functions: ['addTask', 'scheduleTasks', 'schedulePolicy'],
    delay: 'timelock',
    why: 'Tasks, weights and the scoring policy of epochs that have not started.',
  },
  {
    role: 'GOVERNANCE',
    contract: 'StabilizationReserve',
    functions: ['scheduleParameters', 'registerPool', 'setDistributor'],
    delay: 'timelock',
    why: 'The law of the reserve, within its bounds. The distributor is set by the deployment and reverts ever after.',
    closed: { after: 'set-up', by: { setDistributor: 'StabilizationReserve_DistributorAlreadySet' } },
  },
  {
    role: 'GOVERNANCE',
    contract: 'VestingVault',
    functions: ['scheduleTerms', 'setDistributor'],
    delay: 'timelock',
    why: 'The release of future cohorts. The distributor is set by the deployment and reverts ever after.',
    closed: { after: 'set-up', by: { setDistributor: 'VestingVault_DistributorAlreadySet' } },
  },
  {
    role: 'GOVERNANCE',
    contract: 'MiningToken',
    functions: ['setMinter'],
    delay: 'timelock',
    why: 'Set by the deployment; reverts ever after.',
    closed: { after: 'set-up', by: { setMinter: 'MiningToken_MinterAlreadySet' } },
  },
  {
    role: 'GOVERNANCE',
    contract: 'UnitPool',
    functions: ['allot', 'setReserve'],
    delay: 'timelock',
    why: 'Books units to those who ordered them, in lists that all can read while they wait. The reserve is set by the deployment.',
    closed: { after: 'set-up', by: { setReserve: 'UnitPool_ReserveAlreadySet' } },
  },
];

/** Every function that changes anything, of every contract, exactly once. What does not stand here does not exist. */
export const ACCESS_TABLE: readonly AccessRow[] = [...ROLE_TABLE, ...FIXED_ROWS];

/** Who holds the roles of a deployment. Neither admin nor governance is ever a person: both are the timelock. */
export interface People {
  /** Proposes, cancels and executes in the timelock until the community takes over. */
  readonly council: string;
  readonly operators: readonly string[];
  readonly guardians: readonly string[];
}

/** Everybody who must hold a role after the deployment; nobody else may. */
export function holdersOf(role: RoleName, people: People, timelock: string): readonly string[] {
  switch (role) {
    case 'ADMIN':
    case 'GOVERNANCE':
      return [timelock];
    case 'OPERATOR':
      return people.operators;
    case 'GUARDIAN':
      return people.guardians;
  }
}
