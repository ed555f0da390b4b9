import type { AgreedBlock } from '../../../src/chain/agreement.ts';
import { lasting } from '../format/moment.ts';

/** Chains make blocks every few seconds; whoever gives none for so long does not follow, in seconds. */
const STILL_AFTER = 600;
/** A newest block that is older does not come from a chain that goes on, in seconds. */
const OLD_AFTER = 3600;
/** As long as a block takes at most, in seconds: so much older is what lies below others. */
const A_BLOCK = 60;

/** What is known of the newest block that counts. */
export interface SeenBlock {
  readonly block: Pick<AgreedBlock, 'time'>;
  /** When it was seen first, and when a node called it the newest last, by the clock of this machine; milliseconds. */
  readonly first: number;
  readonly last: number;
  readonly confirmations: number;
  /** Whether a node is on this machine: then its chain may be a demo with a clock of its own. */
  readonly isNear: boolean;
}

/**
 * Says that the nodes do not follow the chain; null where nothing hints at that. A page that shows an old state as if it was the newest hides
 * whatever came since.
 */
export function standstill({ block, first, last, confirmations, isNear }: SeenBlock): string | null {
  const still = (last - first) / 1000;
  if (still > STILL_AFTER) {
    return `The nodes have given no new block for ${lasting(still)}: what is shown may be old, and what is sent may not arrive.`;
  }
  const age = last / 1000 - block.time;
  if (isNear || age <= OLD_AFTER + confirmations * A_BLOCK) return null;
  return `The newest block that the nodes give is ${lasting(age)} old by the clock of this device: what is shown may be old.`;
}
