import { Interface } from 'ethers';

import { FACTORIES } from '../src/chain/bindings.ts';
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
} as const satisfies Record<GatedContract, keyof typeof FACTORIES>;

/** The canonical signature of a function, from the contract's interface: `veto(uint32,string)`. */
export function functionSignature(contract: GatedContract, name: string): string {
  const fragment = new Interface(FACTORIES[KEY_OF[contract]].abi).getFunction(name);
  if (fragment === null) throw new TypeError(`${contract} has no function ${name}`);
  return fragment.format('sighash');
}
