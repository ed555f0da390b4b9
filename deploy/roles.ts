import { id } from 'ethers';

import type { EpochDistributorInterface } from '../types/typechain/contracts/distribution/EpochDistributor.ts';
import type { EpochParametersInterface } from '../types/typechain/contracts/distribution/EpochParameters.ts';
import type { GuardianCancellerInterface } from '../types/typechain/contracts/governance/GuardianCanceller.ts';
import type { TaskRegistryInterface } from '../types/typechain/contracts/governance/TaskRegistry.ts';
import type { StabilizationReserveInterface } from '../types/typechain/contracts/reserve/StabilizationReserve.ts';
import type { UnitPoolInterface } from '../types/typechain/contracts/reserve/UnitPool.ts';
import type { MiningTokenInterface } from '../types/typechain/contracts/token/MiningToken.ts';
import type { VestingVaultInterface } from '../types/typechain/contracts/vesting/VestingVault.ts';

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

/** The restricted contracts, and for the compiler's sake the names that each of them has. */
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

export type GatedContract = keyof Gated;

interface RowOf<C extends GatedContract> {
  readonly role: RoleName;
  readonly contract: C;
  readonly functions: readonly Parameters<Gated[C]['getFunction']>[0][];
  /** How long an allowed call waits: `timelock` means the timelock's delay, which alone holds the role. */
  readonly delay: 'none' | 'timelock';
  readonly why: string;
}

/** One row of the table: a role, and what it may call on one contract. */
export type RoleRow = { [C in GatedContract]: RowOf<C> }[GatedContract];

/**
 * Who may call what. Every restricted function of the protocol stands here exactly once, whatever does not stand here is
 * open to all or to nobody. The deployment is made from this table and compared with it afterwards, in both directions.
 * Rows of a contract that a preset does not have (the unit pool) are left out of its deployment.
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
    functions: ['ruleVeto', 'readmit'],
    delay: 'timelock',
    why: 'Rules about vetoes, and lets an operator back in.',
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
  },
  {
    role: 'GOVERNANCE',
    contract: 'VestingVault',
    functions: ['scheduleTerms', 'setDistributor'],
    delay: 'timelock',
    why: 'The release of future cohorts. The distributor is set by the deployment and reverts ever after.',
  },
  {
    role: 'GOVERNANCE',
    contract: 'MiningToken',
    functions: ['setMinter'],
    delay: 'timelock',
    why: 'Set by the deployment; reverts ever after.',
  },
  {
    role: 'GOVERNANCE',
    contract: 'UnitPool',
    functions: ['allot', 'setReserve'],
    delay: 'timelock',
    why: 'Books units to those who ordered them, in lists that all can read while they wait. The reserve is set by the deployment.',
  },
];

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
