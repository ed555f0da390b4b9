import type { Log, ParamType, Result } from 'ethers';

import { MedianPriceSource__factory } from '../../../types/typechain/factories/contracts/reserve/MedianPriceSource__factory.ts';
import type { Address } from '../../protocol/brands.ts';
import { parseAddress } from '../../protocol/brands.ts';
import { listContracts } from '../address-book.ts';
import type { ContractKey } from '../bindings.ts';
import { interfaceOf } from '../bindings.ts';
import type { Call } from '../calls.ts';
import type { Connection } from '../connect.ts';
import type { ParsedCall } from '../lenient.ts';
import { parseCall } from '../lenient.ts';
import { RevertError } from '../revert-error.ts';
import type { Change, Description, GovernedContract } from './action.ts';
import { lower } from './action.ts';
import { ACTIONS } from './actions.ts';
import { eventsIn } from './executions.ts';
import type { Facts } from './facts.ts';
import { readFacts } from './facts.ts';

/** One argument of a call, as its contract names it. */
export interface DecodedArgument {
  readonly name: string;
  readonly type: string;
  readonly value: string;
}

/** A call in words. */
export interface DecodedCall extends Call {
  /** The part that the contract plays in the deployment, such as `registry`; null: it is no part of it. */
  readonly contract: GovernedContract | null;
  /** Null when no function of the contract has these bytes. */
  readonly function: string | null;
  readonly arguments: readonly DecodedArgument[];
  /** Nothing but its bytes is known: whoever votes for it must find out elsewhere what it does. */
  readonly raw: boolean;
  /** What it does, in one line. */
  readonly words: string;
  readonly changes: readonly Change[];
  /** The first epoch for which it acts; null: on execution. */
  readonly from: number | null;
  /** The calls that it schedules or proposes. */
  readonly inner: readonly DecodedCall[];
}

/** What a call to the deployment does; a call to a stranger, or one that no function has, is flagged as raw. */
export async function decodeCall(connection: Connection, call: Call, facts?: Facts): Promise<DecodedCall> {
  const [decoded] = await decodeCalls(connection, [call], facts);
  return decoded ?? raw(call, null);
}

/**
 * The same for calls that belong together: a later one may speak of what an earlier one brings. Whoever decodes a lot reads
 * the facts once and passes them on. Changes are told against the chain as it is, and those of calls that were executed against what they
 * found, by what was logged meanwhile.
 *
 * @param logs of calls that were executed: what was logged during each of them
 */
export async function decodeCalls(
  connection: Connection,
  calls: readonly Call[],
  facts?: Facts,
  logs?: readonly (readonly Log[])[],
): Promise<readonly DecodedCall[]> {
  const known = withNewTasks(facts ?? (await readFacts(connection)), calls);
  const decoded: DecodedCall[] = [];
  for (const [at, call] of calls.entries()) {
    const contract = contractAt(known, call.to);
    const parsed = contract === null ? null : parse(contract, call);
    if (contract === null || parsed === null) {
      decoded.push(raw(call, contract));
      continue;
    }
    const inner = await decodeCalls(connection, carried(contract, parsed), known);
    const past = logs === undefined ? undefined : eventsIn(logs[at] ?? [], contract, call.to);
    const about = { ...known, target: call.to, ...(past === undefined ? {} : { past }) };
    const described = await describe(contract, parsed, about);
    decoded.push({ ...plain(call, contract, parsed), ...described, inner });
  }
  return decoded;
}

/** A decoded call as lines for people, the calls that it carries indented below it. */
export function callLines(call: DecodedCall): readonly string[] {
  const { words, changes, inner, value } = call;
  return [
    value === 0n ? words : `${words}, with ${value} wei`,
    ...changes.map(({ what, old, new: next }) => `  ${what}: ${old === null ? next : `${old} → ${next}`}`),
    ...inner.flatMap((one) => callLines(one).map((line) => `  ${line}`)),
  ];
}

/**
 * The contract, the function and all arguments of a call, by their names in the contract; the bytes of a raw one.
 *
 * @example
 * calledText(call) // 'parameters.scheduleAccountCap(from 12, cap 20000000000000000)'
 */
export function calledText({ contract, function: name, arguments: given, to, data }: DecodedCall): string {
  if (name === null) return `${contract ?? to} ${data}`;
  return `${contract ?? to}.${name}(${given.map((one) => `${one.name} ${one.value}`).join(', ')})`;
}

function contractAt({ connection, everPriceSources }: Facts, to: Address): GovernedContract | null {
  const found = listContracts(connection.addresses).find(([, address]) => lower(address) === lower(to));
  if (found !== undefined) return found[0] as ContractKey; // the names of an address book are those of the factories
  return everPriceSources.includes(lower(to)) ? 'priceSource' : null;
}

function parse(contract: GovernedContract, { data }: Call): ParsedCall | null {
  const abi = contract === 'priceSource' ? MedianPriceSource__factory.createInterface() : interfaceOf(contract);
  try {
    return parseCall(abi, data);
  } catch {
    return null; // Bytes behind the selector that are not the function's arguments.
  }
}

/** What the catalogue says about a call; nothing if it is no action of governance, or speaks of what is not there. */
async function describe(
  contract: GovernedContract,
  { name, args }: ParsedCall,
  facts: Facts,
): Promise<Partial<Description>> {
  const action = ACTIONS.find((one) => one.contract === contract && Object.hasOwn(one.functions, name));
  try {
    return (await action?.functions[name]?.(args, facts)) ?? {};
  } catch (error) {
    if (error instanceof RevertError) return {};
    throw error;
  }
}

/** Later calls may name tasks that earlier ones add. */
function withNewTasks(facts: Facts, calls: readonly Call[]): Facts {
  const tasks = new Map(facts.tasks);
  for (const call of calls) {
    const parsed = contractAt(facts, call.to) === 'registry' ? parse('registry', call) : null;
    if (parsed?.name !== 'addTask') continue;
    const task = Number(parsed.args.getValue('task') as bigint); // 16 bits
    if (!tasks.has(task)) tasks.set(task, String(parsed.args.getValue('name')));
  }
  return { ...facts, tasks };
}

function plain(call: Call, contract: GovernedContract, parsed: ParsedCall): DecodedCall {
  const values = parsed.fragment.inputs.map((input, at) => ({
    name: input.name || `argument ${at}`,
    type: input.type,
    value: shown(input, parsed.args[at]),
  }));
  const known = { ...call, contract, function: parsed.name, arguments: values };
  const plainly = { ...known, raw: false, words: '', changes: [], from: null, inner: [] };
  return { ...plainly, words: calledText(plainly) };
}

function raw(call: Call, contract: GovernedContract | null): DecodedCall {
  const where = contract ?? `${call.to}, which is no contract of this deployment`;
  return {
    ...call,
    contract,
    function: null,
    arguments: [],
    raw: true,
    words: `RAW call to ${where}: ${call.data}`,
    changes: [],
    from: null,
    inner: [],
  };
}

/** What a call makes the timelock do sooner or later. */
function carried(contract: GovernedContract, { name, args }: ParsedCall): readonly Call[] {
  if (contract === 'timelock' && ['schedule', 'execute'].includes(name)) {
    return [callOf(args['target'], args['value'], args['data'] ?? args['payload'])];
  }
  if (contract === 'timelock' && ['scheduleBatch', 'executeBatch'].includes(name)) {
    return together(args, 'payloads');
  }
  if (contract === 'governor' && ['propose', 'queue', 'execute', 'cancel'].includes(name) && args.length > 1) {
    return together(args, 'calldatas');
  }
  return [];
}

function together(args: Result, data: string): readonly Call[] {
  // By `getValue`: a result has a method called `values`, as every list.
  const [targets, values, calls] = ['targets', 'values', data].map((name) => args.getValue(name) as unknown[]);
  return (targets ?? []).map((target, at) => callOf(target, values?.[at] ?? 0n, calls?.[at] ?? '0x'));
}

function callOf(to: unknown, value: unknown, data: unknown): Call {
  return { to: parseAddress(String(to)), value: BigInt(String(value)), data: String(data) };
}

function shown(type: ParamType, value: unknown): string {
  const child = type.arrayChildren;
  if (child !== null) return `[${(value as readonly unknown[]).map((item) => shown(child, item)).join(', ')}]`;
  const fields = type.components;
  if (fields !== null) {
    const parts = fields.map((field, at) => `${field.name} ${shown(field, (value as readonly unknown[])[at])}`);
    return `{${parts.join(', ')}}`;
  }
  return String(value);
}
