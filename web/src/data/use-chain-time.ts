import { useCallback, useSyncExternalStore } from 'react';

import type { AgreedBlock } from '../../../src/chain/agreement.ts';
import { useHead } from './use-head.ts';

const SECOND = 1000;

/** When a block was first seen here; the chain's clock is taken to go on from there as this machine's does. */
let seen: { readonly hash: string; readonly at: number } | null = null;

function timeAt(block: AgreedBlock | undefined): number | null {
  if (block === undefined) return null;
  if (seen?.hash !== block.hash) seen = { hash: block.hash, at: Date.now() };
  return block.time + Math.floor((Date.now() - seen.at) / SECOND);
}

function everySecond(changed: () => void): () => void {
  const timer = setInterval(changed, SECOND);
  return () => clearInterval(timer);
}

/** The chain's time, second by second (unix seconds); null before the first block. */
export function useChainTime(): number | null {
  const block = useHead().data;
  return useSyncExternalStore(
    everySecond,
    useCallback(() => timeAt(block), [block]),
  );
}
