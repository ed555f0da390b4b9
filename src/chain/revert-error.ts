import type { ErrorFragment, Result } from 'ethers';
import { Interface } from 'ethers';

import { SettlementArithmetic__factory } from '../../types/typechain/factories/contracts/distribution/SettlementArithmetic__factory.ts';
import { AggregatorV3PriceSource__factory } from '../../types/typechain/factories/contracts/reserve/AggregatorV3PriceSource__factory.ts';
import { MedianPriceSource__factory } from '../../types/typechain/factories/contracts/reserve/MedianPriceSource__factory.ts';
import type { ProtocolErrorParameters } from '../protocol/errors.ts';
import { ProtocolError } from '../protocol/errors.ts';
import type { ContractKey } from './bindings.ts';
import { FACTORIES, interfaceOf } from './bindings.ts';
import { nodeFault } from './node-error.ts';
import { refusalWords } from './revert-words.ts';

/** The chain refused a call. `code` is the name of the contract's error, `details` its arguments by name. */
export class RevertError extends ProtocolError {
  override readonly name: string = 'RevertError';
  /** What to do now, where the words for this refusal say so; undefined where there are no words but its figures. */
  readonly next: string | null | undefined;

  constructor({ next, ...parameters }: ProtocolErrorParameters & { readonly next?: string | null }) {
    super(parameters);
    this.next = next;
  }
}

/** Every error of every contract, by its four bytes; the two of Solidity itself belong to all. */
export const CONTRACT_ERRORS: ReadonlyMap<string, ErrorFragment> = collectErrors();
const decoder = new Interface([...CONTRACT_ERRORS.values()]);

/**
 * Turns the bytes with which a call reverted into an error whose code is the name of the contract's error, and whose
 * details are its arguments (amounts as bigint). Bytes that no contract of ours knows give `REVERT_UNKNOWN`.
 *
 * @example
 * decodeRevert(data).code // 'EpochDistributor_WindowOpen'
 */
export function decodeRevert(data: string, cause?: unknown): RevertError {
  const fragment = CONTRACT_ERRORS.get(data.slice(0, 10));
  const known = fragment === undefined ? undefined : argumentsOf(fragment, data);
  if (fragment === undefined || known === undefined) {
    const shortMessage = data === '0x' ? 'the call failed without a reason' : 'the call failed for an unknown reason';
    return new RevertError({ code: 'REVERT_UNKNOWN', shortMessage, details: { data }, cause });
  }
  const told = refusalWords(fragment.name, known);
  if (told !== null) {
    const shortMessage = `${told.words} (${fragment.name})`;
    return new RevertError({ code: fragment.name, shortMessage, details: known, cause, next: told.next ?? null });
  }
  const shown = Object.entries(known).map(([name, value]) => `${name} ${show(value)}`);
  return new RevertError({
    code: fragment.name,
    shortMessage: `${fragment.name}(${shown.join(', ')})`,
    details: known,
    cause,
  });
}

/**
 * What an error of ethers, Hardhat or a node means: a revert with its decoded reason, an account that cannot pay, a
 * transaction that came too late, or a node that does not answer. Anything else is returned as it is.
 */
export function chainError(error: unknown): unknown {
  if (error instanceof ProtocolError) return error;
  const data = revertData(error, 6);
  if (data !== undefined && data !== '0x') return decodeRevert(data, error);
  const fault = nodeFault(error);
  if (fault?.kind === 'later') return fault.error;
  if (fault?.kind === 'funds') {
    const shortMessage = 'the account cannot pay for the transaction';
    return new RevertError({ code: 'INSUFFICIENT_FUNDS', shortMessage, cause: error });
  }
  return fault?.kind === 'reverted' || data !== undefined ? decodeRevert('0x', error) : error;
}

/** Runs a call to a node; what it throws is told apart by {@link chainError}. */
export async function onChain<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw chainError(error);
  }
}

function collectErrors(): ReadonlyMap<string, ErrorFragment> {
  const errors = new Map<string, ErrorFragment>();
  const builtIn = new Interface(['error Error(string message)', 'error Panic(uint256 panicCode)']);
  const beside = [SettlementArithmetic__factory, AggregatorV3PriceSource__factory, MedianPriceSource__factory];
  const own = (Object.keys(FACTORIES) as ContractKey[]).map(interfaceOf);
  const interfaces = [builtIn, ...beside.map((factory) => factory.createInterface()), ...own];
  for (const contract of interfaces) contract.forEachError((fragment) => errors.set(fragment.selector, fragment));
  return errors;
}

function argumentsOf(fragment: ErrorFragment, data: string): Record<string, unknown> | undefined {
  let values: Result;
  try {
    values = decoder.decodeErrorResult(fragment, data);
  } catch {
    return undefined;
  }
  return Object.fromEntries(fragment.inputs.map((input, index) => [input.name || `argument${index}`, values[index]]));
}

/** The revert bytes wherever the many layers between a contract and us put them. */
function revertData(error: unknown, depth: number): string | undefined {
  if (!isObject(error) || depth === 0) return undefined;
  const { data } = error;
  if (typeof data === 'string' && /^0x([0-9a-f]{2})*$/i.test(data)) return data;
  for (const key of ['data', 'error', 'info', 'cause']) {
    const found = revertData(error[key], depth - 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function show(value: unknown): string {
  return typeof value === 'bigint' || typeof value === 'string' ? String(value) : JSON.stringify(value);
}
