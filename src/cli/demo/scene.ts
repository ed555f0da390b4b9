import type { ReportFiles } from '../../settlement/report/report-file.ts';
import type { EpochSettlement } from '../../settlement/settle-epoch.ts';
import type { State } from '../../settlement/state.ts';
import type { CheckList } from './check.ts';
import type { Stage } from './stage.ts';
import type { ToldStory } from './story.ts';

/** How things stand when an epoch has become final. */
export interface Moment {
  readonly epoch: number;
  readonly settled: EpochSettlement;
  readonly state: State;
  readonly report: ReportFiles;
}

/** What each account has been paid in all. */
export type ClaimBook = Map<string, bigint>;

/** What a part of the story plays with. */
export interface SceneSetting {
  readonly book: ClaimBook;
  readonly stage: Stage;
  readonly story: ToldStory;
  readonly checks: CheckList;
  /** Writes down something that is worth telling. */
  readonly say: (epoch: number, text: string) => void;
}

/** What one preset has of its own, beside the claims that all have. */
export interface Scene {
  readonly tell: (moment: Moment) => Promise<void>;
}

/** An address as people can tell it from others. */
export function short(address: string): string {
  return `${address.slice(0, 6)}…${address.slice(-4)}`;
}
