import { getBytes, hexlify } from 'ethers';

import type { LeafAnswerStruct } from '../../types/typechain/contracts/distribution/EpochDistributor.ts';
import type { Address } from '../protocol/brands.ts';
import type { EpochRecord, Settlement } from '../protocol/epoch-record.ts';
import { faultNumber } from '../settlement/prover/encode-proof.ts';
import type { LeafAnswer } from '../settlement/prover/leaf-answer.ts';
import type { Disproof } from '../settlement/prover/prove.ts';
import type { Addresses } from './address-book.ts';
import { interfaceOf } from './bindings.ts';
import type { Call } from './calls.ts';
import { recordToChain, settlementToChain } from './convert.ts';

const distributor = interfaceOf('distributor');

/** What was proposed, as every call about it repeats it. */
export interface Disputed {
  readonly record: EpochRecord;
  readonly settlement: Settlement;
}

/** Disproves the pending proposal of an epoch; anyone may, and half the bond is credited to whoever does. */
export function disproveCall(
  addresses: Addresses,
  { record, settlement }: Disputed,
  { fault, proof }: Pick<Disproof, 'fault' | 'proof'>,
): Call {
  const values = [recordToChain(record), settlementToChain(settlement), faultNumber(fault), hexlify(proof)] as const;
  return { to: addresses.distributor, data: distributor.encodeFunctionData('disprove', [...values]), value: 0n };
}

/** What showing a demanded leaf brings, of a proposal's bond: as the distributor computes it, rounded down. In wei of the native coin. */
export function answerBounty(bond: bigint): bigint {
  return bond / 32n;
}

/** Demands a leaf of the pending proposal. What is sent above the deposit is credited to whoever demands. */
export function demandCall(addresses: Addresses, proposalId: bigint, index: number, deposit: bigint): Call {
  const data = distributor.encodeFunctionData('demand', [proposalId, index]);
  return { to: addresses.distributor, data, value: deposit };
}

/** Answers the demand of a leaf; anyone may, and is credited {@link answerBounty}. */
export function answerCall(addresses: Addresses, settlement: Settlement, index: number, answer: LeafAnswer): Call {
  const values = [settlementToChain(settlement), index, answerToChain(answer)] as const;
  return { to: addresses.distributor, data: distributor.encodeFunctionData('answer', [...values]), value: 0n };
}

/** Drops the pending proposal because a demanded leaf was not shown in time; the reward is the demander's. */
export function disproveUnansweredCall(addresses: Addresses, proposalId: bigint, index: number): Call {
  const data = distributor.encodeFunctionData('disproveUnanswered', [proposalId, index]);
  return { to: addresses.distributor, data, value: 0n };
}

/** Gives a demander the deposit back, when the proposal fell before the demand was answered. */
export function reclaimDepositCall(addresses: Addresses, proposalId: bigint, index: number): Call {
  const data = distributor.encodeFunctionData('reclaimDeposit', [proposalId, index]);
  return { to: addresses.distributor, data, value: 0n };
}

/** Gives the bond of a vetoed settlement back once the time for a ruling is over, and readmits its operator; anyone may. */
export function releaseBondCall(addresses: Addresses, proposalId: bigint): Call {
  const data = distributor.encodeFunctionData('releaseBond', [proposalId]);
  return { to: addresses.distributor, data, value: 0n };
}

/** Pays an account what it was credited from bonds and deposits; anyone may. */
export function withdrawBondCall(addresses: Addresses, account: Address): Call {
  return {
    to: addresses.distributor,
    data: distributor.encodeFunctionData('withdrawBond', [account]),
    value: 0n,
  };
}

/** An answer as the contract takes it. */
export function answerToChain({ siblings, leaf, curve, audit }: LeafAnswer): LeafAnswerStruct {
  return {
    siblings: siblings.map((sibling) => hexlify(sibling)),
    leaf: hexlify(leaf),
    curve: hexlify(curve),
    audit: hexlify(audit),
  };
}

/** An answer as a node gives it. */
export function answerFromChain(shown: {
  readonly siblings: readonly string[];
  readonly leaf: string;
  readonly curve: string;
  readonly audit: string;
}): LeafAnswer {
  return {
    siblings: shown.siblings.map((sibling) => getBytes(sibling)),
    leaf: getBytes(shown.leaf),
    curve: getBytes(shown.curve),
    audit: getBytes(shown.audit),
  };
}
