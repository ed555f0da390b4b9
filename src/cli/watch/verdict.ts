import type { Finding } from '../../settlement/faults/evidence.ts';
import type { LedgerDifferences } from '../../settlement/faults/ledger-differences.ts';
import type { ReportFiles } from '../../settlement/report/report-file.ts';
import type { PlaceAnswer } from '../../store/fetch-report.ts';

/** What became of the search for a report. */
export type ReportSearch =
  | { readonly found: true; readonly files: ReportFiles; readonly from: string }
  | { readonly found: false; readonly outcome: 'unavailable' | 'different'; readonly answers: readonly PlaceAnswer[] };

/** What the ledger gives, held against what was declared. */
export type LedgerCheck =
  | { readonly kind: 'equal' }
  | {
      readonly kind: 'different';
      readonly differences: LedgerDifferences;
      readonly taskNames: ReadonlyMap<number, string>;
    }
  /** Something that the watcher itself lacks: policy, ledger, the report of the epoch before. */
  | { readonly kind: 'unjudged'; readonly code: string; readonly reason: string; readonly next: string | null };

/** Everything that was found out about a proposal. */
export interface Judgement {
  readonly report: ReportSearch;
  readonly ledger: LedgerCheck;
  /** What is wrong by arithmetic alone, as far as reports and ledger open the trees. */
  readonly finding: Finding | null;
}

/** A proposal in one word. */
export type Verdict = 'fault' | 'hidden' | 'withheld' | 'false-scores' | 'unjudged' | 'equal';

/**
 * What a judgement comes to. A fault can be proven on chain; false scores only the ledger shows; a hidden report or leaf is a
 * ground for a veto whatever the settlement is.
 */
export function verdictOf({ report, ledger, finding }: Judgement): Verdict {
  if (finding !== null && 'evidence' in finding) return 'fault';
  if (!report.found) return 'hidden';
  if (finding?.kind === 'unavailable') return 'withheld';
  if (ledger.kind === 'different') return 'false-scores';
  return ledger.kind === 'unjudged' ? 'unjudged' : 'equal';
}

/** How far the window has gone when an alarm is raised: at once, again at half of it, and at a quarter. */
export const ALARM_TIMES = ['at once', 'half of the window left', 'a quarter of the window left'] as const;

/** Which of {@link ALARM_TIMES} has come, with so many seconds left of a window. */
export function alarmLevel(left: number, window: number): number {
  if (left * 4 <= window) return 2;
  return left * 2 <= window ? 1 : 0;
}

/** Whether an alarm is due that has not been raised before: `raised` is the level of the last one, if there was one. */
export function isAlarmDue(raised: number | undefined, level: number): boolean {
  return raised === undefined || raised < level;
}
