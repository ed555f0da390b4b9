import { setTimeout as sleep } from 'node:timers/promises';

import type { Keeper, Round } from './keeper.ts';

export interface KeepOptions {
  /** From one look to the next, in seconds. */
  readonly pollSeconds: number;
  /** How many rounds: one, as many as do something, or until the signal. */
  readonly rounds: 'one' | 'until-nothing' | 'forever';
  readonly signal?: AbortSignal;
  /** Called after each round. */
  readonly after?: (round: Round) => Promise<void>;
}

/** While something outside does not answer, the pause between two rounds doubles so often at most... */
const MOST_DOUBLINGS = 6;
/** ...and is never longer than that, in seconds. */
const LONGEST = 300;

/**
 * Keeps a deployment: round after round, with a pause in between that grows while something outside does not answer. Gives the last
 * round.
 */
export async function keep(keeper: Keeper, options: KeepOptions): Promise<Round> {
  const { pollSeconds, rounds, signal, after } = options;
  const isStopped = (): boolean => signal?.aborted === true;
  for (let failures = 0; ;) {
    const round = await keeper.round();
    await after?.(round);
    if (isStopped() || rounds === 'one' || (rounds === 'until-nothing' && round.progress === 0)) return round;
    failures = round.isTroubled ? failures + 1 : 0;
    if (rounds === 'until-nothing') continue;
    const pause = 1000 * pauseOf(pollSeconds, failures, Math.random());
    await sleep(pause, undefined, signal === undefined ? {} : { signal }).catch((error: unknown) => {
      if (!isStopped()) throw error;
    });
    if (isStopped()) return round;
  }
}

/**
 * How long to wait before the next round, in seconds: as long as the settings say; after failures in a row longer, and never the same
 * for several keepers that failed at the same moment. `chance` is from 0 to 1.
 *
 * @example
 * pauseOf(12, 0, 0.5) // 12
 * pauseOf(12, 2, 0.5) // 36
 */
export function pauseOf(pollSeconds: number, failures: number, chance: number): number {
  if (failures === 0) return pollSeconds;
  const longest = Math.max(pollSeconds, Math.min(LONGEST, pollSeconds * 2 ** Math.min(failures, MOST_DOUBLINGS)));
  return longest * (0.5 + chance / 2);
}
