import type { AgreedBlock, Endpoint } from '../chain/agreement.ts';
import { endOf, startOf } from '../protocol/epoch-clock.ts';
import type { ChainView } from './chain/view.ts';
import { readFinalRoot, readView } from './chain/view.ts';
import type { OperatorConfig } from './operator-config.ts';
import { lastLine, readJournal } from './journal.ts';
import type { JournalLine, StepName } from './steps/step.ts';
import { STEPS } from './steps/step.ts';

/** Where an epoch stands on chain. */
export type ChainStage = 'to come' | 'running' | 'over' | 'closed' | 'proposed' | 'final';

/** Where an epoch stands, here and on chain. */
export interface EpochStatus {
  readonly epoch: number;
  /** Unix seconds, half-open. */
  readonly start: number;
  readonly end: number;
  /** From when on its rows can be cut, unix seconds. */
  readonly cutFrom: number;
  readonly chain: ChainStage;
  /** What the journal says of each step. */
  readonly steps: Readonly<Record<StepName, JournalLine['state'] | null>>;
  /** The root that was settled here; null: not settled. */
  readonly root: string | null;
  /** The root that is final; null: none is. */
  readonly finalRoot: string | null;
  /** Whether another root became final than the one that was settled here. */
  readonly differs: boolean;
}

/** Where an operator's epochs stand, as of one block. */
export interface OperatorStatus {
  readonly block: AgreedBlock;
  readonly nextToClose: number;
  readonly nextToFinalise: number;
  readonly pausedUntil: number;
  /** Rising. */
  readonly epochs: readonly EpochStatus[];
}

/** Reads where the newest epochs stand, the running one included; at most so many. */
export async function readStatus(
  { data, config, endpoints }: { data: string; config: OperatorConfig; endpoints: readonly Endpoint[] },
  block: AgreedBlock,
  count: number,
): Promise<OperatorStatus> {
  const view = await readView(endpoints, block);
  const { nextToClose, nextToFinalise, pausedUntil } = view;
  const last = block.time < view.start ? -1 : view.ended;
  const epochs: EpochStatus[] = [];
  for (let epoch = Math.max(0, last + 1 - count); epoch <= last; epoch++) {
    const clock = { start: view.start, length: view.epochLength };
    const lines = await readJournal(data, epoch);
    const root = lastLine(lines, 'settle', 'done')?.facts['root'];
    const isFinal = epoch < nextToFinalise;
    const finalRoot = isFinal ? (await readFinalRoot(endpoints, block, epoch)).root : null;
    const settled = typeof root === 'string' ? root : null;
    epochs.push({
      ...{ epoch, start: startOf(clock, epoch), end: endOf(clock, epoch) },
      cutFrom: endOf(clock, epoch) + config.ledger.graceSeconds,
      chain: stageOf(view, epoch),
      steps: Object.fromEntries(STEPS.map((step) => [step, lastLine(lines, step)?.state ?? null])) as Record<
        StepName,
        JournalLine['state'] | null
      >,
      ...{ root: settled, finalRoot },
      differs: settled !== null && finalRoot !== null && settled !== finalRoot,
    });
  }
  return { block, nextToClose, nextToFinalise, pausedUntil, epochs };
}

function stageOf({ nextToClose, nextToFinalise, ended, pending }: ChainView, epoch: number): ChainStage {
  if (epoch < nextToFinalise) return 'final';
  if (pending?.epoch === epoch) return 'proposed';
  if (epoch < nextToClose) return 'closed';
  if (epoch < ended) return 'over';
  return epoch === ended ? 'running' : 'to come';
}
