import type { Interface, Log, LogParams } from 'ethers';

import type {
  EpochClosedEvent,
  EpochFinalisedEvent,
  ReasonsStructOutput,
  SettlementProposedEvent,
} from '../../types/typechain/contracts/distribution/EpochDistributor.ts';
import type {
  PoolClosedEvent as PoolClosedArguments,
  UnitsAllottedEvent as UnitsAllottedArguments,
  UnitsClaimedEvent as UnitsClaimedArguments,
} from '../../types/typechain/contracts/reserve/UnitPool.ts';
import type { ClaimSkippedEvent, RewardClaimedEvent } from '../../types/typechain/contracts/vesting/VestingVault.ts';
import type { Hash32 } from '../protocol/brands.ts';
import { parseHash32 } from '../protocol/brands.ts';
import type { EpochRecord, Settlement } from '../protocol/epoch-record.ts';
import { recordHash } from '../protocol/epoch-record.ts';
import { InvariantError } from '../protocol/errors.ts';
import type { Reasons } from '../protocol/settlement-math.ts';
import type { Addresses } from './address-book.ts';
import { interfaceOf } from './bindings.ts';
import { recordFromChain, settlementFromChain } from './convert.ts';
import { decodeRevert } from './revert-error.ts';

type AnyLog = Pick<Log | LogParams, 'address' | 'topics' | 'data'>;

/** What became of the question for a price, in the order of the contract's `PriceReason`. */
export const PRICE_REASONS = [
  'Used',
  'NotNeeded',
  'NoSource',
  'NoCode',
  'CallFailed',
  'BadReturn',
  'Zero',
  'TooHigh',
  'GraceOver',
] as const;

export interface ClosedEvent {
  readonly epoch: number;
  readonly recordHash: Hash32;
  readonly priceReason: (typeof PRICE_REASONS)[number];
  readonly record: EpochRecord;
}

export interface ProposedEvent {
  readonly epoch: number;
  readonly proposalId: bigint;
  readonly operator: string;
  readonly basis: Hash32;
  readonly until: number;
  readonly bond: bigint;
  readonly settlement: Settlement;
}

export interface FinalisedEvent {
  readonly epoch: number;
  readonly proposalId: bigint;
  readonly root: Hash32;
  readonly budget: bigint;
  readonly payout: bigint;
  readonly granted: bigint;
  readonly foundationGranted: bigint;
  readonly withheld: bigint;
  readonly injected: bigint;
  /** Signed; they add up to budget − granted. */
  readonly reasons: Reasons;
}

export interface ClaimedEvent {
  readonly account: string;
  readonly to: string;
  readonly epoch: number;
  readonly paid: bigint;
  readonly claimed: bigint;
}

export interface SkippedEvent {
  readonly account: string;
  readonly epoch: number;
  /** The contract's error, as {@link decodeRevert} names it. */
  readonly reason: string;
}

/** Units were booked to an account. */
export interface AllottedEvent {
  readonly account: string;
  readonly units: bigint;
  readonly accountUnits: bigint;
  readonly sold: bigint;
}

/** The unit pool was closed; `returned` wei wait in the reserve for the next epoch that becomes final. */
export interface PoolClosedEvent {
  readonly sold: bigint;
  readonly unsold: bigint;
  readonly returned: bigint;
}

/** An account was paid what its units have released. */
export interface UnitsClaimedEvent {
  readonly account: string;
  readonly to: string;
  readonly amount: bigint;
  readonly claimed: bigint;
}

/** What a transaction said, as far as the distributor, the vault and the unit pool said it; other logs are passed over. */
export interface ProtocolEvents {
  readonly closed: readonly ClosedEvent[];
  readonly proposed: readonly ProposedEvent[];
  readonly finalised: readonly FinalisedEvent[];
  readonly claimed: readonly ClaimedEvent[];
  readonly skipped: readonly SkippedEvent[];
  readonly allotted: readonly AllottedEvent[];
  readonly poolClosed: readonly PoolClosedEvent[];
  readonly unitsClaimed: readonly UnitsClaimedEvent[];
}

const distributor = interfaceOf('distributor');
const vault = interfaceOf('vault');
const unitPool = interfaceOf('unitPool');

/**
 * Reads the protocol's events out of logs, in their order. A record is hashed again by the twin on the way: a log whose
 * record does not hash to what the event claims can only come from a node that lies or from a fault of ours.
 *
 * @throws {InvariantError} `RECORD_HASH_DIFFERS`
 */
export function parseEvents(
  logs: readonly AnyLog[],
  addresses: Pick<Addresses, 'distributor' | 'vault' | 'unitPool'>,
): ProtocolEvents {
  const closed: ClosedEvent[] = [];
  const proposed: ProposedEvent[] = [];
  const finalised: FinalisedEvent[] = [];
  const claimed: ClaimedEvent[] = [];
  const skipped: SkippedEvent[] = [];
  const allotted: AllottedEvent[] = [];
  const poolClosed: PoolClosedEvent[] = [];
  const unitsClaimed: UnitsClaimedEvent[] = [];
  const sources = new Map<string | undefined, Interface>([
    [addresses.distributor, distributor],
    [addresses.vault, vault],
    [addresses.unitPool, unitPool],
  ]);
  for (const log of logs) {
    const event = sources.get(log.address.toLowerCase())?.parseLog({ topics: [...log.topics], data: log.data });
    if (event === null || event === undefined) continue;
    // The interface that parsed the log knows the event by this name, so its arguments are of the generated type.
    switch (event.name) {
      case 'EpochClosed':
        closed.push(closedEvent(event.args as unknown as EpochClosedEvent.OutputObject));
        break;
      case 'SettlementProposed':
        proposed.push(proposedEvent(event.args as unknown as SettlementProposedEvent.OutputObject));
        break;
      case 'EpochFinalised':
        finalised.push(finalisedEvent(event.args as unknown as EpochFinalisedEvent.OutputObject));
        break;
      case 'RewardClaimed': {
        const { account, to, epoch, paid, claimed: sum } = event.args as unknown as RewardClaimedEvent.OutputObject;
        claimed.push({
          account: account.toLowerCase(),
          to: to.toLowerCase(),
          epoch: Number(epoch),
          paid,
          claimed: sum,
        });
        break;
      }
      case 'ClaimSkipped': {
        const { account, epoch, reason } = event.args as unknown as ClaimSkippedEvent.OutputObject;
        skipped.push({ account: account.toLowerCase(), epoch: Number(epoch), reason: decodeRevert(reason).code });
        break;
      }
      case 'UnitsAllotted': {
        const { account, units, accountUnits, sold } = event.args as unknown as UnitsAllottedArguments.OutputObject;
        allotted.push({ account: account.toLowerCase(), units, accountUnits, sold });
        break;
      }
      case 'PoolClosed': {
        const { sold, unsold, returned } = event.args as unknown as PoolClosedArguments.OutputObject;
        poolClosed.push({ sold, unsold, returned });
        break;
      }
      case 'UnitsClaimed': {
        const { account, to, amount, claimed: sum } = event.args as unknown as UnitsClaimedArguments.OutputObject;
        unitsClaimed.push({ account: account.toLowerCase(), to: to.toLowerCase(), amount, claimed: sum });
        break;
      }
    }
  }
  return { closed, proposed, finalised, claimed, skipped, allotted, poolClosed, unitsClaimed };
}

function closedEvent(args: EpochClosedEvent.OutputObject): ClosedEvent {
  const record = recordFromChain(args.record);
  const said = parseHash32(args.recordHash);
  const computed = recordHash(record);
  if (said !== computed) {
    throw new InvariantError({
      code: 'RECORD_HASH_DIFFERS',
      shortMessage: `the record of epoch ${record.epoch} does not hash to what its event says`,
      details: { epoch: record.epoch, said, computed },
    });
  }
  const priceReason = PRICE_REASONS[Number(args.priceReason)] ?? 'NoSource';
  return { epoch: record.epoch, recordHash: said, priceReason, record };
}

function proposedEvent(args: SettlementProposedEvent.OutputObject): ProposedEvent {
  return {
    epoch: Number(args.epoch),
    proposalId: args.proposalId,
    operator: args.operator.toLowerCase(),
    basis: parseHash32(args.basis),
    until: Number(args.until),
    bond: args.bond,
    settlement: settlementFromChain(args.settlement),
  };
}

function finalisedEvent(args: EpochFinalisedEvent.OutputObject): FinalisedEvent {
  return {
    epoch: Number(args.epoch),
    proposalId: args.proposalId,
    root: parseHash32(args.root),
    budget: args.budget,
    payout: args.payout,
    granted: args.granted,
    foundationGranted: args.foundationGranted,
    withheld: args.withheld,
    injected: args.injected,
    reasons: reasonsFromChain(args.reasons),
  };
}

function reasonsFromChain(reasons: ReasonsStructOutput): Reasons {
  const { reserveReturn, noMiner, participation, priceAndClamp, emptyTask, capAndRounding } = reasons;
  return { reserveReturn, noMiner, participation, priceAndClamp, emptyTask, capAndRounding };
}
