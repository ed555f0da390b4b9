import { RetryableError } from '../protocol/errors.ts';
import type { Connection } from './connect.ts';
import { ofEndpoint } from './endpoint-name.ts';
import { harmless } from './node-error.ts';
import { onChain, RevertError } from './revert-error.ts';

/** A node, under a name that can be shown: its address may hold a key. */
export interface Endpoint {
  readonly name: string;
  readonly connection: Connection;
  /** How many requests it has answered so far; where nobody counts, all that is asked for together has one deadline. */
  readonly answered?: () => number;
}

/** A block that every endpoint has. */
export interface AgreedBlock {
  readonly number: number;
  readonly hash: string;
  /** Unix seconds. */
  readonly time: number;
}

/** What one endpoint said. */
export interface EndpointAnswer {
  readonly endpoint: string;
  readonly answer: unknown;
}

/** Two nodes say different things of the same chain: one lags, forked off, or lies. Nothing may be done on their word. */
export class EndpointsDisagreeError extends RetryableError {
  override readonly name: string = 'EndpointsDisagreeError';
  readonly what: string;
  readonly answers: readonly EndpointAnswer[];

  constructor(what: string, answers: readonly EndpointAnswer[]) {
    super({
      code: 'ENDPOINTS_DISAGREE',
      shortMessage: `the endpoints do not agree on ${what}`,
      details: { what, answers, next: 'see which of them lags or lies, and replace it' },
    });
    this.what = what;
    this.answers = answers;
  }
}

/** An answer to one request that takes longer is none, in milliseconds. */
const ANSWER_WITHIN = 30_000;
/** Requests that take longer together are never answered: a node can be slow on purpose. */
const ALL_WITHIN = 600_000;

/** Newest blocks that lie further apart are no lag but another chain, or a node that stands still; in seconds. */
const MOST_LAG = 600;

/**
 * Asks every endpoint the same, and gives all answers in the order of the endpoints.
 *
 * @throws {RetryableError} `NODE_UNAVAILABLE` when one of them does not answer, `NODE_INCONSISTENT` when nobody can read its answer
 * @throws {RevertError} when one of them says that the chain refuses it
 */
export async function askEach<T>(
  endpoints: readonly Endpoint[],
  read: (connection: Connection) => Promise<T>,
): Promise<readonly T[]> {
  const outcomes = await Promise.allSettled(
    endpoints.map((endpoint) => answerOf(endpoint, () => read(endpoint.connection))),
  );
  // Who does not answer says nothing about what the others refuse, so that comes first.
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected' && outcome.reason instanceof RetryableError) throw outcome.reason;
  }
  const answers: T[] = [];
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected') throw outcome.reason;
    answers.push(outcome.value);
  }
  return answers;
}

/**
 * Asks every endpoint the same and gives the answer that they all gave.
 *
 * @throws {EndpointsDisagreeError} `ENDPOINTS_DISAGREE`
 * @throws {RetryableError} `NODE_UNAVAILABLE` when one of them does not answer, `NODE_INCONSISTENT` when nobody can read its answer
 */
export async function agreed<T>(
  endpoints: readonly Endpoint[],
  what: string,
  read: (connection: Connection) => Promise<T>,
): Promise<T> {
  const answers = await askEach(endpoints, read).catch((error: unknown) => {
    if (error instanceof RevertError) throw unreadable(what, error);
    throw error;
  });
  const [first, ...others] = answers;
  if (first === undefined) throw new TypeError('no endpoint');
  const text = written(first);
  if (others.some((answer) => written(answer) !== text)) throw disagreement(endpoints, what, answers);
  return first;
}

/**
 * The newest block that every endpoint has and that `confirmations` blocks lie on top of, or that every endpoint calls `finalized`, by its
 * hash. An endpoint that stands still would hide whatever came since, so endpoints whose newest blocks lie far apart do not agree.
 *
 * @throws {EndpointsDisagreeError} `ENDPOINTS_DISAGREE` when they have different blocks at that height, or one is far behind
 * @throws {RetryableError} `NODE_UNAVAILABLE`, `FINALITY_UNKNOWN` when one of them calls no block final
 */
export async function agreedBlock(
  endpoints: readonly Endpoint[],
  confirmations: number | 'finalized',
): Promise<AgreedBlock> {
  const heads = await askEach(endpoints, async ({ provider }) => {
    const block = await provider.getBlock('latest');
    if (block === null) throw unavailable('the newest block is not there');
    const { number, timestamp: time } = block;
    if (confirmations !== 'finalized') return { number: Math.max(0, number - confirmations), time };
    const final = await provider.getBlock('finalized');
    if (final !== null) return { number: final.number, time };
    throw new RetryableError({
      code: 'FINALITY_UNKNOWN',
      shortMessage: 'a node calls no block final',
      details: { next: 'ask for confirmations in place of finalized, or wait until it has caught up' },
    });
  });
  const times = heads.map(({ time }) => time);
  if (Math.max(...times) - Math.min(...times) > MOST_LAG) throw disagreement(endpoints, 'the newest block', heads);
  return await blockAt(endpoints, Math.min(...heads.map(({ number }) => number)));
}

/** The block of a height, if every endpoint has the same; the same errors as {@link agreedBlock}. */
export async function blockAt(endpoints: readonly Endpoint[], number: number): Promise<AgreedBlock> {
  return await agreed(endpoints, `block ${number}`, async ({ provider }) => {
    const block = await provider.getBlock(number);
    if (block?.hash === undefined || block.hash === null) throw unavailable(`block ${number} is not there`);
    return { number, hash: block.hash, time: block.timestamp };
  });
}

/** Whether every endpoint still has this block: what was read at its height came from it. */
export async function isStillThere(endpoints: readonly Endpoint[], { number, hash }: AgreedBlock): Promise<boolean> {
  return (await blockAt(endpoints, number)).hash === hash;
}

/**
 * Makes sure that what was read at the height of a block came from it.
 *
 * @throws {RetryableError} `BLOCK_GONE` when the chain has another block there by now
 */
export async function assertStillThere(endpoints: readonly Endpoint[], block: AgreedBlock): Promise<void> {
  if (await isStillThere(endpoints, block)) return;
  throw blockGone(block);
}

/** The chain has another block by now where one was that something was read in. */
export function blockGone({ number }: AgreedBlock): RetryableError {
  return new RetryableError({ code: 'BLOCK_GONE', shortMessage: `block ${number} is no longer there` });
}

async function answerOf<T>({ name, answered }: Endpoint, ask: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const wait = (known: number | undefined, waited: number): void => {
      timer = setTimeout(() => {
        const now = answered?.();
        if (now === known || waited >= ALL_WITHIN) reject(unavailable(`${name} does not answer in time`));
        else wait(now, waited + ANSWER_WITHIN);
      }, ANSWER_WITHIN);
    };
    wait(answered?.(), ANSWER_WITHIN);
  });
  try {
    return await Promise.race([onChain(ask), late]);
  } catch (error) {
    if (error instanceof RevertError) throw error;
    // Whatever a node answers, it is not to end whoever asks.
    throw ofEndpoint(error instanceof RetryableError ? error : unreadable(`an answer of ${name}`, error), name);
  } finally {
    clearTimeout(timer);
  }
}

function disagreement(endpoints: readonly Endpoint[], what: string, answers: readonly unknown[]) {
  const said = endpoints.map(({ name }, index) => ({ endpoint: name, answer: answers[index] }));
  return new EndpointsDisagreeError(what, said);
}

function unreadable(what: string, cause: unknown): RetryableError {
  const reason = cause instanceof Error ? harmless(cause.message) : 'no reason given';
  return new RetryableError({
    code: 'NODE_INCONSISTENT',
    shortMessage: `${what} cannot be read: ${reason}`,
    details: { what, next: 'see which node that is, and replace it' },
    cause,
  });
}

function unavailable(shortMessage: string): RetryableError {
  return new RetryableError({ code: 'NODE_UNAVAILABLE', shortMessage });
}

function written(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' ? `${item}n` : item));
}
