import type { PageConfig } from '../data/page-config.ts';

/** Never asked for more often than that, in milliseconds. */
const QUICKEST = 500;
const SLOWEST = 4000;

/** How often the node is asked for a transaction, in milliseconds. */
export function followEvery({ pollSeconds }: Pick<PageConfig, 'pollSeconds'>): number {
  return Math.min(SLOWEST, Math.max(QUICKEST, pollSeconds * 1000));
}
