import type { ReplayProgress } from '../../store/compute-replay.ts';
import type { Progress } from './progress.ts';
import { grouped } from '../../protocol/tokens.ts';

/** Accounts from which an epoch takes long enough that one wants to know what it is at. */
const LARGE = 100_000;

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
      case 'settling':
        if (at.accounts >= LARGE)
          progress.say(`settling ${grouped(at.accounts)} accounts of epoch ${grouped(at.epoch)}`);
        break;
      case 'report':
        if (at.done > 0) progress.at(`shard ${grouped(at.done)} of ${grouped(at.of)}`, at.done, at.of);
        break;
      case 'epochs':
        progress.at(`epoch ${grouped(at.done)} of ${grouped(at.of)}`, at.done, at.of);
        break;
    }
  };
}
