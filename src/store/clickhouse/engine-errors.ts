import { ClickHouseError } from '@clickhouse/client';

import type { ProtocolError } from '../../protocol/errors.ts';
import { InputError, InvariantError, RefusedError, RetryableError } from '../../protocol/errors.ts';

/** What an error is about: the engine by its host, and its own name for what went wrong. */
interface About {
  readonly engine: string;
  readonly error?: string;
}

type Maker = (about: About, cause: unknown) => ProtocolError;

const login: Maker = (about, cause) =>
  new InputError({
    code: 'ENGINE_LOGIN',
    shortMessage: 'the scoring engine refuses the login',
    details: { ...about, next: 'name the user in its address, and give the password in LODE_ENGINE_PASSWORD' },
    cause,
  });

const denied: Maker = (about, cause) =>
  new RefusedError({
    code: 'ENGINE_DENIED',
    shortMessage: 'the scoring engine lets this user not make temporary tables, or not say how a query is run',
    details: { ...about, next: 'grant CREATE ARBITRARY TEMPORARY TABLE, and take away what makes settings read-only' },
    cause,
  });

const full: Maker = (about, cause) =>
  new RetryableError({
    code: 'ENGINE_FULL',
    shortMessage: 'the scoring engine ran out of the memory or space that it may use',
    details: { ...about, next: 'let it use more (max_memory_usage), or score fewer epochs at a time' },
    cause,
  });

const late: Maker = (about, cause) =>
  new RetryableError({
    code: 'ENGINE_TIMEOUT',
    shortMessage: 'the scoring engine took longer than it was given',
    details: {
      ...about,
      next: 'give it longer by ?timeout=SECONDS behind its address, or score fewer epochs at a time',
    },
    cause,
  });

const stopped: Maker = (about, cause) =>
  new RetryableError({
    code: 'ENGINE_STOPPED',
    shortMessage: 'the scoring engine stopped a query, or is too busy for it',
    details: { ...about, next: 'run the same command again; nothing is left behind' },
    cause,
  });

const forgot: Maker = (about, cause) =>
  new RetryableError({
    code: 'ENGINE_FORGOT',
    shortMessage: 'the scoring engine began anew meanwhile, or several answer at this address',
    details: {
      ...about,
      next: 'name one server, not what spreads queries over several, and run the same command again',
    },
    cause,
  });

const tooOld: Maker = (about, cause) =>
  new InputError({
    code: 'ENGINE_TOO_OLD',
    shortMessage: 'the scoring engine lacks something that scoring needs',
    details: { ...about, next: 'name a newer ClickHouse (docs/scale.md)' },
    cause,
  });

const unreachable: Maker = (about, cause) =>
  new RetryableError({
    code: 'ENGINE_UNREACHABLE',
    shortMessage: 'the scoring engine does not answer, or broke off',
    details: { ...about },
    cause,
  });

const strange: Maker = (about, cause) =>
  new InputError({
    code: 'ENGINE_STRANGE',
    shortMessage: 'what answers there is no ClickHouse',
    details: { ...about, next: 'name the address of its HTTP interface, by default at port 8123' },
    cause,
  });

/** What the engine's own errors mean, by their numbers. */
const MEANINGS: ReadonlyMap<string, Maker> = new Map<string, Maker>([
  ...each(login, [516, 194, 193, 192, 195]), // authentication failed, a password is required or wrong, no such user, not from this address
  ...each(denied, [497, 164, 452, 392]), // access denied, read-only, a constraint of a setting, such queries are prohibited
  ...each(full, [241, 173, 243]), // a limit of memory, no memory, no space
  ...each(full, [307, 158, 396, 191, 201]), // too many bytes or rows, of a query, a result or a set; a quota
  ...each(late, [159, 160, 209]), // too long, too slow, a socket's time is over
  ...each(stopped, [394, 735, 236, 202, 373, 745]), // cancelled, aborted, too many at once, a session that is in use, overloaded
  ...each(forgot, [60, 372]), // no such table, no such session
  ...each(tooOld, [115, 46, 73, 344, 48]), // no such setting, function or format, not supported, not implemented
]);

function each(maker: Maker, codes: readonly number[]): [string, Maker][] {
  return codes.map((code) => [`${code}`, maker]);
}

/** Codes of the system and of TLS that say that nothing, or nothing that can be trusted, was at the other end. */
const NETWORK = /^E[A-Z_]+$|^UND_|CERT|^ERR_(?:SSL|TLS|STREAM)|SELF_SIGNED/;

/** What a failure of the engine, or of the way to it, means; `engine` is how it may be called. */
export function engineError(cause: unknown, engine: string): ProtocolError {
  if (cause instanceof ClickHouseError) {
    const error = cause.type ?? cause.code;
    const maker = MEANINGS.get(cause.code);
    if (maker !== undefined) return maker({ engine, error }, cause);
    return new InvariantError({
      code: 'ENGINE_FAILED',
      shortMessage: 'the scoring engine could not run a query of ours',
      details: { engine, error, words: cause.message.slice(0, 500) },
      cause,
    });
  }
  const words = cause instanceof Error ? cause.message : String(cause);
  const code = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
  if (/^timeout/i.test(words)) return late({ engine }, cause);
  if (NETWORK.test(code) || /socket hang up|aborted|terminated/i.test(words)) {
    return unreachable({ engine, error: code === '' ? words.slice(0, 100) : code }, cause);
  }
  return strange({ engine, error: words.slice(0, 100) }, cause);
}

/** @throws {InputError} `ENGINE_STRANGE` */
export function refuseStrange(engine: string, answer: string): never {
  throw strange({ engine, error: answer.slice(0, 100) }, undefined);
}
