import type { SenderEvent } from './chain/sender-event.ts';
import type { Retirement } from './publish/retention.ts';
import type { Facts, StepEvent, StepName } from './steps/step.ts';

/** An error as the keeper tells it. */
export interface ToldError {
  readonly code: string;
  readonly reason: string;
  /** What to do about it; null where nothing is said. */
  readonly next: string | null;
}

/** One line of the keeper. */
export type KeeperEvent =
  | {
      readonly event: 'keeping';
      readonly data: string;
      readonly endpoints: readonly string[];
      readonly account: string | null;
      readonly dryRun: boolean;
    }
  /** A step was done, or in a dry run would be. */
  | { readonly event: 'done'; readonly epoch: number; readonly step: StepName; readonly facts: Facts }
  /** Why the next step of an epoch is not done yet; told when it changes. */
  | {
      readonly event: 'waiting';
      readonly epoch: number;
      readonly step: StepName;
      readonly reason: string;
      readonly facts: Facts;
    }
  /** Everything of an epoch is done. */
  | { readonly event: 'over'; readonly epoch: number }
  /** A report folder older than the settings keep is gone from the data folder, or why it is still there. */
  | ({ readonly event: 'retired' } & Retirement)
  /** Somebody has to look; told again every hour until it is over. */
  | ({ readonly event: 'alarm'; readonly epoch: number | null; readonly step: StepName | null } & ToldError)
  | {
      readonly event: 'alarm-over';
      readonly epoch: number | null;
      readonly step: StepName | null;
      readonly code: string;
    }
  /** Something outside does not answer as it should: tried again by itself, more and more seldom. */
  | ({ readonly event: 'trouble'; readonly epoch: number | null; readonly step: StepName | null } & ToldError)
  | { readonly event: 'recovered' }
  | SenderEvent
  | (StepEvent & { readonly epoch: number; readonly step: StepName; readonly event: 'step' });

/** How loud it is told. */
export type Level = 'info' | 'warn' | 'error';

/** How loud an event is told: what somebody has to look at is an error, what passes by itself a warning. */
export function levelOf(event: KeeperEvent): Level {
  if (event.event === 'alarm' || ('alarm' in event && event.alarm === true)) return 'error';
  if (event.event === 'done' && Object.hasOwn(event.facts, 'warning')) return 'warn';
  return event.event === 'trouble' || event.event === 'taken-back' ? 'warn' : 'info';
}
