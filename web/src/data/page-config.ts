import { z } from 'zod';

import { InputError } from '../../../src/protocol/errors.ts';

/** Stands for where the page stands: addresses can be relative to that. */
const SOMEWHERE = 'https://page.invalid/';
const NEAR = new Set(['127.0.0.1', 'localhost']);

function read(text: string): URL | null {
  return URL.canParse(text, SOMEWHERE) ? new URL(text, SOMEWHERE) : null;
}

/** Whether the policy of the page lets it ask there, and no password stands where every visitor reads it. */
function isReachable(text: string): boolean {
  const url = read(text);
  if (url === null || url.username !== '' || url.password !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && NEAR.has(url.hostname));
}

function isPlace(text: string): boolean {
  const url = read(text);
  return isReachable(text) && url?.search === '' && url.hash === '';
}

/** One node that is named twice would agree with itself. */
function areDifferent(addresses: readonly string[]): boolean {
  return new Set(addresses.map((text) => read(text)?.href)).size === addresses.length;
}

const node = z
  .string()
  .min(1)
  .refine(isReachable, 'not an address with https:// (or http:// of this machine), without a password');

const schema = z.strictObject({
  format: z.literal('lode-web-v1'),
  /** What stands at the top of the page. */
  title: z.string().min(1).max(60),
  /** The address book of the deployment, relative to the page. */
  addresses: z.string().min(1).refine(isReachable, 'not the name of a file beside the page'),
  /** Nodes; of two or more, nothing counts that they do not all say. */
  rpc: z.array(node).min(1).refine(areDifferent, 'one node is named twice, and would only agree with itself'),
  /** Where reports are published: folders relative to the page, web addresses, IPFS gateways. */
  reports: z.array(z.string().min(1).refine(isPlace, 'not a folder beside the page, nor an address with https://')),
  /** How many blocks must lie on top of what is shown. */
  confirmations: z.int().min(0).max(10_000),
  /** How often the newest block is asked for, in seconds. */
  pollSeconds: z.number().min(0.5).max(600).default(4),
});

/** Which deployment the page shows, and where it reads it (`config.json` beside the page). */
export type PageConfig = z.output<typeof schema>;

/**
 * Reads the page's own settings.
 *
 * @throws {InputError} `PAGE_CONFIG_INVALID` with the path of what is wrong
 */
export function parsePageConfig(text: string): PageConfig {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (cause) {
    throw new InputError({ code: 'PAGE_CONFIG_INVALID', shortMessage: 'config.json is not JSON', cause });
  }
  const result = schema.safeParse(data);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const [path, reason] = [issue?.path.join('/') ?? '', issue?.message ?? ''];
  throw new InputError({
    code: 'PAGE_CONFIG_INVALID',
    shortMessage: `config.json is wrong at /${path}: ${reason}`,
    details: { path, reason, next: 'mend config.json beside the page; docs/web.md describes it' },
  });
}
