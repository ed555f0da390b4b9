import type { ContractRunner } from 'ethers';

import { EpochDistributor__factory } from '../../types/typechain/factories/contracts/distribution/EpochDistributor__factory.ts';
import { SettlementVerifier__factory } from '../../types/typechain/factories/contracts/distribution/SettlementVerifier__factory.ts';
import { EpochParameters__factory } from '../../types/typechain/factories/contracts/distribution/EpochParameters__factory.ts';
import { EmissionCurve__factory } from '../../types/typechain/factories/contracts/emission/EmissionCurve__factory.ts';
import { GuardianCanceller__factory } from '../../types/typechain/factories/contracts/governance/GuardianCanceller__factory.ts';
import { Handover__factory } from '../../types/typechain/factories/contracts/governance/Handover__factory.ts';
import { MiningAuthority__factory } from '../../types/typechain/factories/contracts/governance/MiningAuthority__factory.ts';
import { MiningGovernor__factory } from '../../types/typechain/factories/contracts/governance/MiningGovernor__factory.ts';
import { MiningTimelock__factory } from '../../types/typechain/factories/contracts/governance/MiningTimelock__factory.ts';
import { TaskRegistry__factory } from '../../types/typechain/factories/contracts/governance/TaskRegistry__factory.ts';
import { StabilizationReserve__factory } from '../../types/typechain/factories/contracts/reserve/StabilizationReserve__factory.ts';
import { UnitPool__factory } from '../../types/typechain/factories/contracts/reserve/UnitPool__factory.ts';
import { MiningToken__factory } from '../../types/typechain/factories/contracts/token/MiningToken__factory.ts';
import { VestingVault__factory } from '../../types/typechain/factories/contracts/vesting/VestingVault__factory.ts';
import type { Addresses } from './address-book.ts';

/** The generated bindings of every contract that a deployment can have, by the part it plays. */
export const FACTORIES = {
  authority: MiningAuthority__factory,
  timelock: MiningTimelock__factory,
  token: MiningToken__factory,
  curve: EmissionCurve__factory,
  registry: TaskRegistry__factory,
  reserve: StabilizationReserve__factory,
  vault: VestingVault__factory,
  parameters: EpochParameters__factory,
  verifier: SettlementVerifier__factory,
  distributor: EpochDistributor__factory,
  governor: MiningGovernor__factory,
  handover: Handover__factory,
  canceller: GuardianCanceller__factory,
  unitPool: UnitPool__factory,
} as const;

export type ContractKey = keyof typeof FACTORIES;

/**
 * The contracts of a deployment, with `runner` (a provider to read, a signer to send) behind all of them; the unit pool is null
 * where there is none.
 */
export function attach(addresses: Addresses, runner: ContractRunner) {
  const { unitPool } = addresses;
  return {
    authority: MiningAuthority__factory.connect(addresses.authority, runner),
    timelock: MiningTimelock__factory.connect(addresses.timelock, runner),
    token: MiningToken__factory.connect(addresses.token, runner),
    curve: EmissionCurve__factory.connect(addresses.curve, runner),
    registry: TaskRegistry__factory.connect(addresses.registry, runner),
    reserve: StabilizationReserve__factory.connect(addresses.reserve, runner),
    vault: VestingVault__factory.connect(addresses.vault, runner),
    parameters: EpochParameters__factory.connect(addresses.parameters, runner),
    verifier: SettlementVerifier__factory.connect(addresses.verifier, runner),
    distributor: EpochDistributor__factory.connect(addresses.distributor, runner),
    governor: MiningGovernor__factory.connect(addresses.governor, runner),
    handover: Handover__factory.connect(addresses.handover, runner),
    canceller: GuardianCanceller__factory.connect(addresses.canceller, runner),
    unitPool: unitPool === undefined ? null : UnitPool__factory.connect(unitPool, runner),
  };
}

/** All contracts of a deployment, typed. */
export type Contracts = ReturnType<typeof attach>;
