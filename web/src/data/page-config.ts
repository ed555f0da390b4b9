import { z } from 'zod';

import { InputError } from '../../../src/protocol/errors.ts';

const schema = z.strictObject({
  format: z.literal('lode-web-v1'),
  /** What stands at the top of the page. */
  title: z.string().min(1).max(60),
  /** The address book of the deployment, relative to the page. */
  addresses: z.string().min(1),
  /** Nodes; of two or more, nothing counts that they do not all say. */
  rpc: z.array(z.string().min(1)).min(1),
  /** Where reports are published: folders relative to the page, web addresses, IPFS gateways. */
  reports: z.array(z.string().min(1)),
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
