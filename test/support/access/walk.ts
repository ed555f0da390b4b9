import { z } from 'zod';

import { random } from '../effort.ts';
import type { World } from '../world.ts';
import type { Pool } from './arguments.ts';
import { argumentsFor, encode } from './arguments.ts';
import type { DeployedContract, Writable } from './deployed-contracts.ts';
import { ERROR_NAMES } from './deployed-contracts.ts';

/** Somebody who calls: a person, or a contract of the protocol as if its code let it. */
export interface Somebody {
  readonly name: string;
  readonly address: string;
}

/** How one call ended: with success, or with an error by its name (empty: without a word). */
export interface Ending {
  readonly by: Somebody;
  readonly error: string | null;
  /** Of a successful call that was really sent: whether it said anything, as every change does. */
  readonly isSilent?: boolean;
}

/** One call that can be made, ready to send. */
export interface Call {
  readonly to: string;
  readonly data: string;
  readonly value: string;
}

/** What came of every call of one function. */
export interface Walked {
  readonly writable: Writable;
  readonly endings: readonly Ending[];
  /** What calls that succeeded broke. */
  readonly broken: readonly string[];
}

export interface Walk {
  readonly world: World;
  readonly writables: readonly Writable[];
  readonly callers: readonly Somebody[];
  readonly pool: Pool;
  /** Calls that the chain has taken already, or would take, by contract and function. */
  readonly earlier: ReadonlyMap<string, readonly string[]>;
  /** Sets of arguments for each function. */
  readonly rounds: number;
  /** The second at which every call is sent, one after the newest block. */
  readonly moment: number;
  /** Whether a call that would succeed is really sent. */
  readonly sends: (writable: Writable, by: Somebody) => boolean;
  /** Called after each call that was sent, before it is taken back; says what it broke. */
  readonly after: (writable: Writable, by: Somebody, call: Call) => Promise<readonly string[]>;
}

const GAS = '0x989680'; // ten million, under what any chain lets one transaction have

/**
 * Calls every function as everybody with many arguments. A call that succeeds is sent for good, looked at, and taken back,
 * so that all of them start from the same state at the same second.
 */
export async function walk(plan: Walk): Promise<Walked[]> {
  const { world, writables, callers } = plan;
  const ask = request(world);
  for (const { address } of callers) {
    await ask('hardhat_impersonateAccount', [address]);
    await ask('hardhat_setBalance', [address, '0x56bc75e2d63100000']);
  }
  const draw = random('access').index;
  const walked: Walked[] = [];
  for (const writable of writables) {
    const endings: Ending[] = [];
    const broken: string[] = [];
    for (const call of callsOf(writable, plan, draw)) {
      const results = await Promise.all(callers.map(async (by) => await tried(plan, by, call)));
      for (const ending of results) {
        const isSent = ending.error === null && plan.sends(writable, ending.by);
        endings.push(isSent ? await sent(plan, writable, ending.by, call, broken) : ending);
      }
    }
    walked.push({ writable, endings, broken });
  }
  return walked;
}

function callsOf(writable: Writable, { pool, earlier, rounds }: Walk, draw: (below: number) => number): Call[] {
  const { contract, fragment } = writable;
  const to = contract.address;
  if (fragment === null) return ['0x0', '0x1'].map((value) => ({ to, data: '0x', value }));
  const fresh = Array.from({ length: rounds }, (_, round) => {
    const values = argumentsFor(fragment.inputs, round, pool, draw);
    return fragment.selector + encode(fragment.inputs, values).slice(2);
  });
  const all = new Set([...(earlier.get(`${to}${fragment.selector}`) ?? []), ...fresh]);
  const amounts = fragment.payable
    ? ['0x0', ...pool.amounts.slice(0, 1).map((amount) => `0x${amount.toString(16)}`)]
    : ['0x0'];
  return [...all].flatMap((data) => amounts.map((value) => ({ to, data, value })));
}

async function tried({ world }: Walk, by: Somebody, call: Call): Promise<Ending> {
  try {
    const message = { ...call, from: by.address, gas: GAS };
    await request(world)('eth_call', [message, 'latest']);
    return { by, error: null };
  } catch (error) {
    return { by, error: errorName(error) };
  }
}

/** Sends the call in a block of its own at a fixed second, lets it be looked at, and goes back to before. */
async function sent(plan: Walk, writable: Writable, by: Somebody, call: Call, broken: string[]): Promise<Ending> {
  const ask = request(plan.world);
  const before = await ask('evm_snapshot', []);
  try {
    await ask('evm_setNextBlockTimestamp', [plan.moment]);
    const message = { ...call, from: by.address, gas: GAS };
    const hash = await ask('eth_sendTransaction', [message]);
    const receipt = receipts.parse(await ask('eth_getTransactionReceipt', [hash]));
    const said = await plan.after(writable, by, call);
    broken.push(...said.map((what) => `${by.name} by ${nameOf(writable)}: ${what}`));
    return { by, error: null, isSilent: receipt.logs.length === 0 };
  } catch (error) {
    return { by, error: errorName(error) };
  } finally {
    await ask('evm_revert', [before]);
  }
}

const receipts = z.looseObject({ logs: z.array(z.unknown()) });

/** Asks the chain of a world. */
export function request({ hardhat }: World): (method: string, params: unknown[]) => Promise<unknown> {
  return async (method, params): Promise<unknown> => await hardhat.provider.request({ method, params });
}

/** The name of the error that a call ended with; empty when it ended without a word. */
export function errorName(error: unknown): string {
  const data = revertBytes(error, 6);
  if (data === undefined) throw error;
  if (data === '0x') return '';
  const selector = data.slice(0, 10);
  return ERROR_NAMES.get(selector) ?? BUILT_IN[selector] ?? selector;
}

const BUILT_IN: Readonly<Record<string, string>> = { '0x08c379a0': 'Error', '0x4e487b71': 'Panic' };

function revertBytes(error: unknown, depth: number): string | undefined {
  if (typeof error !== 'object' || error === null || depth === 0) return undefined;
  const { data } = error as { data?: unknown };
  if (typeof data === 'string' && /^0x([0-9a-f]{2})*$/i.test(data)) return data;
  for (const key of ['data', 'error', 'cause']) {
    const found = revertBytes((error as Record<string, unknown>)[key], depth - 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** By contract and function, as it is written in the table. */
export function nameOf({ contract, name }: Writable): string {
  return `${contract.name}.${name}`;
}

/** Everybody whom these tests know: the people, and every contract. */
export function everybody(world: World, contracts: readonly DeployedContract[]): Somebody[] {
  return [...peopleOf(world), ...contracts.map(({ name, address }) => ({ name, address }))];
}

/** The people of a story by their names. */
export function peopleOf({ actors }: World): Somebody[] {
  const names = Object.keys(actors) as (keyof World['actors'])[]; // its own keys
  return names.map((name) => ({ name, address: actors[name].address.toLowerCase() }));
}
