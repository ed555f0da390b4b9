import { readFile } from 'node:fs/promises';

import { z } from 'zod';

import { InputError } from '../../protocol/errors.ts';
import type { PublishTarget } from '../operator-config.ts';
import { DirectoryTarget } from './directory.ts';
import { HttpPutTarget } from './http-put.ts';
import { IpfsTarget } from './ipfs.ts';
import type { PublishLimits, Target } from './target.ts';
import { PUBLISH_LIMITS } from './target.ts';

/** What a target is called in the journal and in messages: its folder or address, without a name and password in it. */
export function targetName(given: PublishTarget): string {
  return given.kind === 'directory' ? given.path : addressOf(given).address;
}

/**
 * Makes the targets of a configuration ready. The headers of a web server are read anew each time, so that a key can be
 * replaced while the keeper runs.
 *
 * @throws {InputError} `TARGET_INVALID`, `HEADERS_INVALID`
 */
export async function targetsOf(
  given: readonly PublishTarget[],
  limits: PublishLimits = PUBLISH_LIMITS,
): Promise<Target[]> {
  return await Promise.all(given.map((one) => targetOf(one, limits)));
}

async function targetOf(given: PublishTarget, limits: PublishLimits): Promise<Target> {
  if (given.kind === 'directory') return new DirectoryTarget(given.path);
  const { address, authorization } = addressOf(given);
  if (given.kind === 'ipfs') return new IpfsTarget(address, authorization, limits);
  const headers = given.headersFile === undefined ? {} : await readHeaders(given.headersFile);
  return new HttpPutTarget(address, { ...authorization, ...headers }, limits);
}

/** An address without a slash at its end; a name and password in it go into a header, since no request takes them otherwise. */
function addressOf(given: Exclude<PublishTarget, { readonly kind: 'directory' }>): {
  readonly address: string;
  readonly authorization: Readonly<Record<string, string>>;
} {
  const url = new URL(given.kind === 'http' ? given.url : given.api);
  if (url.search !== '' || url.hash !== '') {
    throw new InputError({
      code: 'TARGET_INVALID',
      shortMessage: `the address of a target ends with its path, and ${url.origin}${url.pathname} goes on after it`,
      details: {
        address: `${url.origin}${url.pathname}`,
        next: 'leave out what begins with ? or #; keys go into a headersFile',
      },
    });
  }
  const { username, password } = url;
  url.username = '';
  url.password = '';
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return {
    address: url.href.replace(/\/+$/, ''),
    authorization:
      username === '' && password === '' ? {} : { authorization: `Basic ${Buffer.from(pair).toString('base64')}` },
  };
}

const headersSchema = z.record(z.string().regex(/^[!#$%&'*+.^_`|~0-9a-z-]{1,100}$/i), z.string().max(10_000));

/** `{ "authorization": "Bearer …" }`. Nothing of its content is ever quoted. */
async function readHeaders(path: string): Promise<Record<string, string>> {
  const fault = (reason: string): InputError =>
    new InputError({
      code: 'HEADERS_INVALID',
      shortMessage: `the headers in ${path} cannot be used: ${reason}`,
      details: { path, next: 'write a JSON object such as {"authorization": "Bearer …"}, readable for you alone' },
    });
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw fault(error instanceof Error && 'code' in error ? String(error.code) : 'it cannot be read');
  });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw fault('it is no JSON');
  }
  const headers = headersSchema.safeParse(json);
  if (!headers.success) throw fault('it is no object of header names with their texts');
  return Object.fromEntries(Object.entries(headers.data).map(([name, value]) => [name.toLowerCase(), value]));
}
