import process from 'node:process';

import { InputError } from '../protocol/errors.ts';
import type { ScoringEngine } from './scoring-engine.ts';

/** What runs the policy, as one setting says it. */
export type EngineSetting =
  | { readonly kind: 'duckdb' }
  | {
      readonly kind: 'clickhouse';
      /** The address of its HTTP interface, without user and password. */
      readonly url: string;
      readonly user: string;
      /** One query may take so long, in seconds. */
      readonly timeout: number;
    };

/** The engine within the process. */
export const DEFAULT_ENGINE: EngineSetting = { kind: 'duckdb' };

/** How a setting is written; for messages. */
export const ENGINE_FORM = 'duckdb, or clickhouse:http://USER@HOST:8123 (?timeout=SECONDS behind it, 3600 if absent)';

/** Where the password of an engine is looked for: never on a command line, never in a file of settings. */
export const ENGINE_PASSWORD = 'LODE_ENGINE_PASSWORD';

const PREFIX = 'clickhouse:';
const DEFAULT_USER = 'default';
const DEFAULT_TIMEOUT = 3_600;
const MOST_SECONDS = 86_400;

/**
 * Reads a setting: `duckdb`, or `clickhouse:` and an address.
 *
 * @throws {InputError} `ENGINE_INVALID`; it does not repeat the address, which can hold a password
 *
 * @example
 * parseEngine('clickhouse:http://lode@10.0.0.7:8123?timeout=600')
 * // { kind: 'clickhouse', url: 'http://10.0.0.7:8123/', user: 'lode', timeout: 600 }
 */
export function parseEngine(text: string): EngineSetting {
  if (text === 'duckdb') return DEFAULT_ENGINE;
  const address = text.startsWith(PREFIX) ? text.slice(PREFIX.length) : '';
  if (!URL.canParse(address)) throw invalid('it is neither');
  const url = new URL(address);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw invalid('the address is not one of the web');
  if (url.password !== '') throw invalid(`an address holds no password: give it in ${ENGINE_PASSWORD}`);
  const { timeout = `${DEFAULT_TIMEOUT}`, ...others } = Object.fromEntries(url.searchParams);
  const [other] = Object.keys(others);
  if (other !== undefined || url.hash !== '') throw invalid('it says something besides the timeout');
  const seconds = /^[1-9][0-9]{0,5}$/.test(timeout) ? Number(timeout) : 0;
  if (seconds < 1 || seconds > MOST_SECONDS) throw invalid(`the timeout is none of 1 to ${MOST_SECONDS} seconds`);
  const user = userOf(url);
  return { kind: 'clickhouse', url: `${url.origin}${url.pathname}`, user, timeout: seconds };
}

function userOf({ username }: URL): string {
  try {
    return username === '' ? DEFAULT_USER : decodeURIComponent(username);
  } catch {
    throw invalid('the name of the user cannot be read');
  }
}

/** The engine of a setting, which is not asked anything yet; the password comes from the environment. */
export async function engineOf(setting: EngineSetting, env = process.env): Promise<ScoringEngine> {
  if (setting.kind === 'duckdb') return (await import('./scoring-engine.ts')).EMBEDDED;
  const { clickHouseEngine } = await import('./clickhouse/clickhouse-engine.ts');
  return clickHouseEngine({ ...setting, password: env[ENGINE_PASSWORD] ?? '' });
}

function invalid(reason: string): InputError {
  return new InputError({
    code: 'ENGINE_INVALID',
    shortMessage: 'this names no scoring engine',
    details: { reason, expected: ENGINE_FORM },
  });
}
