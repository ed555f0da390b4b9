import { setTimeout as sleep } from 'node:timers/promises';

/** In milliseconds. */
const PATIENCE = 15_000;
const PAUSE = 50;

/** Repeats a check until it holds: what a page shows follows the chain a moment later. After a while its last failure counts. */
export async function eventually(check: () => Promise<unknown>): Promise<void> {
  const end = Date.now() + PATIENCE;
  for (;;) {
    try {
      await check();
      return;
    } catch (error) {
      if (Date.now() > end) throw error;
      await sleep(PAUSE);
    }
  }
}
