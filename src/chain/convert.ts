import type {
  EpochRecordStruct,
  EpochRecordStructOutput,
  SettlementStruct,
  SettlementStructOutput,
} from '../../types/typechain/contracts/distribution/EpochDistributor.ts';
import type { ClaimStruct } from '../../types/typechain/contracts/vesting/VestingVault.ts';
import type { Address, Hash32 } from '../protocol/brands.ts';
import { parseAddress, parseHash32 } from '../protocol/brands.ts';
import type { EpochRecord, Settlement } from '../protocol/epoch-record.ts';
import type { Curve } from '../protocol/vesting-curve.ts';
import { packCohort } from '../protocol/vesting-curve.ts';
import type { ClaimProof } from '../settlement/proof.ts';

/** What an account shows to be paid: its leaf in the tree of a final epoch, and the path to the root. */
export interface Claim {
  readonly epoch: number;
  readonly account: Address;
  readonly index: number;
  readonly curve: Curve;
  readonly auditHash: Hash32;
  readonly proof: readonly Hash32[];
}

/** A record as a node gives it, in the shape of the protocol. Counts and times become numbers: they are below 2^53. */
export function recordFromChain(record: EpochRecordStructOutput): EpochRecord {
  const { reserve } = record;
  return {
    epoch: Number(record.epoch),
    start: Number(record.start),
    end: Number(record.end),
    budget: record.budget,
    tasks: record.tasks.map(Number),
    weights: [...record.weights],
    minScores: [...record.minScores],
    policyHash: parseHash32(record.policyHash),
    price: record.price,
    reserve: {
      hasLaw: reserve.hasLaw,
      a: reserve.a,
      b: reserve.b,
      c: reserve.c,
      alpha: reserve.alpha,
      priceRef: reserve.priceRef,
      smoothing: Number(reserve.smoothing),
      rho: reserve.rho,
      priceSource: parseAddress(reserve.priceSource),
    },
    foundation: parseAddress(record.foundation),
    foundationShare: record.foundationShare,
    accountCap: record.accountCap,
    accelerationBound: record.accelerationBound,
    cohortEnd: Number(record.cohortEnd),
    duration: Number(record.duration),
    window: Number(record.window),
    bond: record.bond,
  };
}

/** A settlement as a node gives it, in the shape of the protocol. */
export function settlementFromChain(settlement: SettlementStructOutput): Settlement {
  return {
    root: parseHash32(settlement.root),
    leafCount: Number(settlement.leafCount),
    participants: settlement.participants.map(Number),
    scoreTotals: [...settlement.scoreTotals],
    granted: settlement.granted,
    accelerated: [...settlement.accelerated],
    reportCid: parseHash32(settlement.reportCid),
  };
}

/** A record as the contract takes it. */
export function recordToChain(record: EpochRecord): EpochRecordStruct {
  return {
    ...record,
    tasks: [...record.tasks],
    weights: [...record.weights],
    minScores: [...record.minScores],
    reserve: { ...record.reserve },
  };
}

/** A settlement as the contract takes it. */
export function settlementToChain(settlement: Settlement): SettlementStruct {
  return {
    ...settlement,
    participants: [...settlement.participants],
    scoreTotals: [...settlement.scoreTotals],
    accelerated: [...settlement.accelerated],
  };
}

/** A claim as the contract takes it. */
export function claimToChain(claim: Claim): ClaimStruct {
  return {
    ...claim,
    curve: { unlocked: claim.curve.unlocked, cohorts: claim.curve.cohorts.map(packCohort) },
    proof: [...claim.proof],
  };
}

/** The claim that a proof from a published shard makes. */
export function claimFromProof(proof: ClaimProof): Claim {
  const { epoch, account, index, curve, auditHash, siblings } = proof;
  return { epoch, account, index, curve, auditHash: parseHash32(auditHash), proof: siblings.map(parseHash32) };
}
