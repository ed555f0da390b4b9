import type { Addresses } from '../src/chain/address-book.ts';
import { ZERO_ADDRESS } from '../src/protocol/brands.ts';
import type { Caller, People, TimelockRole } from './roles.ts';
import { holdersOf, ROLE_IDS } from './roles.ts';

/** A deployment, before or after its hand-over, as far as it decides who is who. */
export interface Office {
  readonly contracts: Addresses;
  readonly people: People;
  readonly handedOver: boolean;
  /** What governance has registered since the deployment. */
  readonly pools?: readonly string[];
  readonly reporters?: readonly string[];
}

/** Who holds a role of the timelock; the zero address stands for everybody. */
export function timelockHoldersOf(role: TimelockRole, { contracts, people, handedOver }: Office): readonly string[] {
  switch (role) {
    case 'ADMIN':
      return [handedOver ? contracts.timelock : contracts.handover];
    case 'PROPOSER':
      return [handedOver ? contracts.governor : people.council];
    case 'CANCELLER':
      return [handedOver ? contracts.governor : people.council, contracts.canceller];
    case 'EXECUTOR':
      return [handedOver ? ZERO_ADDRESS : people.council];
  }
}

/** Who a caller of the table is in a fresh deployment, or in one that was handed over and not changed since. */
export function callersOf(caller: Caller, office: Office): 'everybody' | readonly string[] {
  const { contracts, people } = office;
  if (isRole(caller)) return holdersOf(caller, people, contracts.timelock);
  switch (caller) {
    case 'ANYONE':
    case 'OWN_ACCOUNT':
      return 'everybody';
    case 'TIMELOCK_ADMIN':
    case 'TIMELOCK_PROPOSER':
    case 'TIMELOCK_CANCELLER':
    case 'TIMELOCK_EXECUTOR': {
      const holders = timelockHoldersOf(caller.slice('TIMELOCK_'.length) as TimelockRole, office); // what is left of the name
      return holders.includes(ZERO_ADDRESS) ? 'everybody' : holders;
    }
    case 'COUNCIL':
      return office.handedOver ? 'everybody' : [people.council];
    case 'TIMELOCK':
      return [contracts.timelock];
    case 'DISTRIBUTOR':
      return [contracts.distributor];
    case 'POOL':
      return [...(contracts.unitPool === undefined ? [] : [contracts.unitPool]), ...(office.pools ?? [])];
    case 'AUTHORITY':
      return [contracts.authority];
    case 'REPORTER':
      return office.reporters ?? [];
    case 'DELAYED':
      return [];
  }
}

function isRole(caller: Caller): caller is keyof typeof ROLE_IDS {
  return caller in ROLE_IDS;
}
