import type { Interface } from 'ethers';

import { interfaceOf, type ContractKey } from '../src/chain/bindings.ts';
import type { GatedContract } from './roles.ts';

/** By which name of the address book a restricted contract goes. */
export const KEY_OF = {
  MiningToken: 'token',
  TaskRegistry: 'registry',
  StabilizationReserve: 'reserve',
  VestingVault: 'vault',
  EpochParameters: 'parameters',
  EpochDistributor: 'distributor',
  UnitPool: 'unitPool',
  GuardianCanceller: 'canceller',
} as const satisfies Record<GatedContract, ContractKey>;

/** The canonical signature of a function, from the contract's interface: `veto(uint32,string)`. */
export function functionSignature(contract: GatedContract, name: string): string {
  const abi: Interface = interfaceOf(KEY_OF[contract]);
  const fragment = abi.getFunction(name);
  if (fragment === null) throw new TypeError(`${contract} has no function ${name}`);
  return fragment.format('sighash');
}
