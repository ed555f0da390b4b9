import { useDeployment } from './deployment-context.ts';
import { standstill } from './standstill.ts';
import { useHead } from './use-head.ts';

const NEAR = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;

/** When a block was first called the newest, in milliseconds of this machine's clock. */
let seen: { readonly hash: string; readonly at: number } | null = null;

function firstSeen(hash: string, now: number): number {
  if (seen?.hash !== hash) seen = { hash, at: now };
  return seen.at;
}

/** Says that the nodes do not follow the chain; null where nothing hints at that. */
export function useStandstill(): string | null {
  const { endpoints, config } = useDeployment();
  const { data: block, dataUpdatedAt: last } = useHead();
  if (block === undefined) return null;
  return standstill({
    ...{ block, last, first: firstSeen(block.hash, last), confirmations: config.confirmations },
    isNear: endpoints.some(({ name }) => NEAR.test(name)),
  });
}
