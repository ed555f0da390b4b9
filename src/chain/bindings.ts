import type { ContractRunner } from 'ethers';
import { Contract } from 'ethers';

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

type Factory<K extends ContractKey> = (typeof FACTORIES)[K];
type InterfaceOf<K extends ContractKey> = ReturnType<Factory<K>['createInterface']>;

const interfaces = new Map<ContractKey, InterfaceOf<ContractKey>>();

/** The interface of a contract. It is read from its ABI once: that takes longer than most calls. */
export function interfaceOf<K extends ContractKey>(key: K): InterfaceOf<K> {
  const known = interfaces.get(key) ?? FACTORIES[key].createInterface();
  interfaces.set(key, known);
  return known as InterfaceOf<K>;
}

/**
 * The contracts of a deployment, with `runner` (a provider to read, a signer to send) behind all of them; the unit pool is null
 * where there is none.
 */
export function attach(addresses: Addresses, runner: ContractRunner) {
  const at = <K extends ContractKey>(key: K, address: string) =>
    // As the factories' own `connect`, which reads the ABI each time.
    new Contract(address, interfaceOf(key), runner) as unknown as ReturnType<Factory<K>['connect']>;
  const { unitPool } = addresses;
  return {
    authority: at('authority', addresses.authority),
    timelock: at('timelock', addresses.timelock),
    token: at('token', addresses.token),
    curve: at('curve', addresses.curve),
    registry: at('registry', addresses.registry),
    reserve: at('reserve', addresses.reserve),
    vault: at('vault', addresses.vault),
    parameters: at('parameters', addresses.parameters),
    verifier: at('verifier', addresses.verifier),
    distributor: at('distributor', addresses.distributor),
    governor: at('governor', addresses.governor),
    handover: at('handover', addresses.handover),
    canceller: at('canceller', addresses.canceller),
    unitPool: unitPool === undefined ? null : at('unitPool', unitPool),
  };
}

/** All contracts of a deployment, typed. */
export type Contracts = ReturnType<typeof attach>;
