import { setTimeout as sleep } from 'node:timers/promises';

import type { Keeper, Round } from './keeper.ts';
import { pauseOf } from './pause.ts';

export interface KeepOptions {
  /** From one look to the next, in seconds. */
  readonly pollSeconds: number;
  /** How many rounds: one, as many as do something, or until the signal. */
  readonly rounds: 'one' | 'until-nothing' | 'forever';
  readonly signal?: AbortSignal;
  /** Called after each round. */
  readonly after?: (round: Round) => Promise<void>;
}

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
