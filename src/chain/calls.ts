import type { Address, Hash32 } from '../protocol/brands.ts';
import type { EpochRecord, Settlement } from '../protocol/epoch-record.ts';
import type { TaskWeight } from '../settlement/economy-parameters.ts';
import type { Addresses } from './address-book.ts';
import { interfaceOf } from './bindings.ts';
import type { Claim } from './convert.ts';
import { claimToChain, recordToChain, settlementToChain } from './convert.ts';

/** A transaction that has not been sent: a wallet, a Safe or {@link sendCall} can do it. */
export interface Call {
  readonly to: Address;
  readonly data: string;
  /** In wei of the native coin. */
  readonly value: bigint;
}

/** Calls as the timelock and the governor take them: targets, values and data, each in a list of its own. */
export function listsOf(calls: readonly Call[]): [targets: string[], values: bigint[], data: string[]] {
  return [calls.map(({ to }) => to), calls.map(({ value }) => value), calls.map(({ data }) => data)];
}

const distributor = interfaceOf('distributor');
const vault = interfaceOf('vault');
const registry = interfaceOf('registry');

/** Closes the next epoch; anyone may. */
export function closeCall(addresses: Addresses): Call {
  return { to: addresses.distributor, data: distributor.encodeFunctionData('closeEpoch'), value: 0n };
}

/** Proposes the settlement of the next epoch, with the record's bond. */
export function proposeCall(addresses: Addresses, record: EpochRecord, settlement: Settlement, basis: Hash32): Call {
  const values = [recordToChain(record), settlementToChain(settlement), basis] as const;
  return {
    to: addresses.distributor,
    data: distributor.encodeFunctionData('propose', [...values]),
    value: record.bond,
  };
}

/** Drops a pending settlement; only a guardian may. */
export function vetoCall(addresses: Addresses, proposalId: bigint | number, reason: string): Call {
  return { to: addresses.distributor, data: distributor.encodeFunctionData('veto', [proposalId, reason]), value: 0n };
}

/** Makes the pending settlement final; anyone may. */
export function finaliseCall(addresses: Addresses, record: EpochRecord, settlement: Settlement): Call {
  const values = [recordToChain(record), settlementToChain(settlement)] as const;
  return { to: addresses.distributor, data: distributor.encodeFunctionData('finalise', [...values]), value: 0n };
}

/** Pays one account what is due to it; anyone may. */
export function claimCall(addresses: Addresses, claim: Claim): Call {
  return { to: addresses.vault, data: vault.encodeFunctionData('claim', [claimToChain(claim)]), value: 0n };
}

/** Pays an account what is due to it where it wants it; only the account may. */
export function claimToCall(addresses: Addresses, claim: Claim, to: Address): Call {
  return { to: addresses.vault, data: vault.encodeFunctionData('claimTo', [claimToChain(claim), to]), value: 0n };
}

/** Pays many accounts; what cannot be paid is left out and reported. */
export function claimManyCall(addresses: Addresses, claims: readonly Claim[]): Call {
  return { to: addresses.vault, data: vault.encodeFunctionData('claimMany', [claims.map(claimToChain)]), value: 0n };
}

/** Sets all weights from an epoch on that has not started; only governance may. */
export function scheduleTasksCall(addresses: Addresses, from: number, table: readonly TaskWeight[]): Call {
  const values = [from, table.map(({ task, weight }) => ({ task, weight }))] as const;
  return { to: addresses.registry, data: registry.encodeFunctionData('scheduleTasks', [...values]), value: 0n };
}
