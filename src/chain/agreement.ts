import { RetryableError } from '../protocol/errors.ts';
import type { Connection } from './connect.ts';
import { onChain } from './revert-error.ts';

/** A node, under a name that can be shown: its address may hold a key. */
export interface Endpoint {
  readonly name: string;
  readonly connection: Connection;
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

/** An answer that takes longer is none, in milliseconds. */
const ANSWER_WITHIN = 30_000;

/**
 * Asks every endpoint the same and gives the answer that they all gave.
 *
 * @throws {EndpointsDisagreeError} `ENDPOINTS_DISAGREE`
 * @throws {RetryableError} `NODE_UNAVAILABLE` when one of them does not answer
 */
export async function agreed<T>(
  endpoints: readonly Endpoint[],
  what: string,
  read: (connection: Connection) => Promise<T>,
): Promise<T> {
  const answers = await Promise.all(
    endpoints.map(async ({ name, connection }) => ({ name, answer: await answerOf(name, () => read(connection)) })),
  );
  const [first, ...others] = answers;
  if (first === undefined) throw new TypeError('no endpoint');
  const text = written(first.answer);
  if (others.some(({ answer }) => written(answer) !== text)) {
    throw new EndpointsDisagreeError(
      what,
      answers.map(({ name, answer }) => ({ endpoint: name, answer })),
    );
  }
  return first.answer;
}

/**
 * The newest block that every endpoint has and that `confirmations` blocks lie on top of, by its hash.
 *
 * @throws {EndpointsDisagreeError} `ENDPOINTS_DISAGREE` when they have different blocks at that height
 * @throws {RetryableError} `NODE_UNAVAILABLE`
 */
export async function agreedBlock(endpoints: readonly Endpoint[], confirmations: number): Promise<AgreedBlock> {
  const heads = await Promise.all(
    endpoints.map(({ name, connection }) => answerOf(name, () => connection.provider.getBlockNumber())),
  );
  const number = Math.max(0, Math.min(...heads) - confirmations);
  return await blockAt(endpoints, number);
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

async function answerOf<T>(name: string, ask: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(unavailable(`${name} does not answer in time`)), ANSWER_WITHIN);
  });
  try {
    return await Promise.race([onChain(ask), late]);
  } catch (error) {
    if (error instanceof RetryableError) throw named(error, name);
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

function named(error: RetryableError, endpoint: string): RetryableError {
  const { code, shortMessage, details, cause } = error;
  return new RetryableError({ code, shortMessage, details: { ...details, endpoint }, cause });
}

function unavailable(shortMessage: string): RetryableError {
  return new RetryableError({ code: 'NODE_UNAVAILABLE', shortMessage });
}

function written(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' ? `${item}n` : item));
}
