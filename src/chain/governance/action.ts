import type { Result } from 'ethers';

import type { Address } from '../../protocol/brands.ts';
import { parseAddress, ZERO_ADDRESS } from '../../protocol/brands.ts';
import type { Policy } from '../../settlement/policy/policy.ts';
import type { ContractKey } from '../bindings.ts';
import type { Call } from '../calls.ts';
import type { Facts } from './facts.ts';
import type { Wishes, WishName } from './wishes.ts';

/** Something that a call changes, for people. */
export interface Change {
  readonly what: string;
  /** Null where there was nothing before. */
  readonly old: string | null;
  readonly new: string;
}

/** What a call does, in words. */
export interface Description {
  /** In one line. */
  readonly words: string;
  readonly changes: readonly Change[];
  /** The first epoch for which it acts; null: on execution. */
  readonly from: number | null;
}

/** A contract that governance calls: one of the address book, or the price source, which it may replace. */
export type GovernedContract = ContractKey | 'priceSource';

/** What an action needs to become calls. */
export interface Ground {
  readonly facts: Facts;
  /** The first epoch for which a change is to act, and whether somebody chose it. */
  readonly from: number;
  readonly isFromChosen: boolean;
  /** Reads a scoring policy from a file. */
  readonly readPolicy: (path: string) => Promise<Policy>;
}

/** The calls of an action, in the order in which they have to be made. */
export interface Encoded {
  readonly calls: readonly Call[];
  /** What somebody who proposes should know besides. */
  readonly notes: readonly string[];
}

/** Something that governance can change: how it is asked for, which calls it takes, and what they say to people. */
export interface Action {
  readonly title: string;
  readonly contract: GovernedContract;
  readonly acts: 'for future epochs' | 'on execution';
  /** What is never exceeded, whoever decides. */
  readonly bounds: string;
  readonly wishes: readonly WishName[];
  /** Its functions on that contract, and how a call of each is described. */
  readonly functions: Readonly<Record<string, (args: Result, facts: Facts) => Promise<Description>>>;
  /** The epoch before which nothing can be scheduled any more; left out where the order does not matter. */
  readonly lastChange?: (facts: Facts) => Promise<number>;
  readonly encode: (wishes: Wishes, ground: Ground) => Promise<Encoded>;
}

/** Nothing was asked for. */
export const NOTHING: Encoded = { calls: [], notes: [] };

/** Calls about which there is nothing more to say. */
export function just(...calls: readonly Call[]): Encoded {
  return { calls, notes: [] };
}

/** A call to a contract of the deployment that sends no coins. */
export function callTo({ connection }: Facts, contract: Exclude<ContractKey, 'unitPool'>, data: string): Call {
  return { to: connection.addresses[contract], data, value: 0n };
}

/** A number of the arguments, by its name. */
export function numberIn(args: Result, name: string): number {
  return Number(bigintIn(args, name));
}

export function bigintIn(args: Result, name: string): bigint {
  return args.getValue(name) as bigint; // a number in Solidity, which ethers gives as bigint
}

export function addressIn(args: Result, name: string): Address {
  return lower(args.getValue(name) as string); // an address in Solidity
}

/** An address as a node gives it, in the one spelling that is compared. */
export function lower(text: string): Address {
  return parseAddress(text.toLowerCase());
}

/** For people: the zero address stands for nobody. */
export function someone(address: string): string {
  return lower(address) === ZERO_ADDRESS ? 'nobody' : lower(address);
}

/** Nothing, unless something changes. */
export function changed(what: string, old: string | null, next: string): readonly Change[] {
  return old === next ? [] : [{ what, old, new: next }];
}
