import type { ReplayProgress } from '../../store/compute-replay.ts';
import type { Progress } from './progress.ts';
import { grouped } from '../../protocol/tokens.ts';

/** Tells how far a replay or its verification is. */
export function tellReplay(progress: Progress): (at: ReplayProgress) => void {
  return (at) => {
    switch (at.step) {
      case 'ledger':
        progress.say('reading the ledger');
        break;
      case 'scores':
        progress.say(`scoring ${grouped(at.rows)} contributions`);
        break;
      case 'epochs':
        progress.at(`epoch ${grouped(at.done)} of ${grouped(at.of)}`, at.done, at.of);
        break;
    }
  };
}
