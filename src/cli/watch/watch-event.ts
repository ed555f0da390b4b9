import type { EndpointAnswer } from '../../chain/agreement.ts';
import type { LedgerDifferences } from '../../settlement/faults/ledger-differences.ts';
import type { SenderEvent } from '../../operator/chain/sender-event.ts';
import type { PlaceAnswer } from '../../store/fetch-report.ts';
import type { Verdict } from './verdict.ts';

/** A proposal as every event names it. */
export interface ProposalFacts {
  readonly epoch: number;
  readonly proposalId: string;
  readonly operator: string;
  readonly root: string;
  /** The report's content id. */
  readonly cid: string;
  /** When it can become final, and how many seconds are left until then. */
  readonly until: number;
  readonly left: number;
}

/** The guardian's transaction, ready to be sent. */
export interface ReadyVeto {
  readonly to: string;
  readonly data: string;
  readonly reason: string;
  /** The same as a command; what is missing is the node and the guardian's key. */
  readonly command: string;
  /** The same for the Safe Transaction Builder. */
  readonly safeFile: string;
}

interface Judged extends ProposalFacts {
  readonly verdict: Verdict;
  /** Where the report was found; null: nowhere. */
  readonly report: string | null;
}

/** A proposal that must not become final, or that nobody can judge. */
interface AlarmFacts extends Judged {
  /** Which alarm about it this is, in words. */
  readonly when: string;
  readonly reason: string;
  /** Why it cannot be held against the ledger, for programs; null where it was. */
  readonly code: string | null;
  /** What the places said, where the report was not found. */
  readonly places: readonly PlaceAnswer[];
  /** Where the settlement departs from the ledger, as far as it is known. */
  readonly differences: LedgerDifferences | null;
  /** Task names by number, for those differences. */
  readonly tasks: Readonly<Record<string, string>>;
  /** Null where a veto is not the answer. */
  readonly veto: ReadyVeto | null;
}

/** One line of the watcher: what happened, what it found, what it did. `alarm`: somebody should look. */
export type WatchEvent =
  | SenderEvent
  | ({ readonly alarm: boolean } & (
      | { readonly event: 'watching'; readonly endpoints: readonly string[]; readonly account: string | null }
      | {
          readonly event: 'chain';
          readonly name: string;
          readonly transaction: string;
          readonly values: Readonly<Record<string, string>>;
          readonly verdict: Verdict | null;
        }
      | ({ readonly event: 'judged' } & Judged)
      | ({ readonly event: 'alarm' } & AlarmFacts)
      /** What the chain has is not what the ledger gives: told before report and tree are looked into, which say more. */
      | ({
          readonly event: 'differs';
          readonly when: string;
          readonly reason: string;
          readonly declaration: LedgerDifferences['declaration'];
          readonly veto: ReadyVeto;
        } & ProposalFacts)
      /** Leaves of a proposal that is what it should be, to be shown before the deadline of the first. */
      | ({ readonly event: 'demanded'; readonly leaves: readonly number[]; readonly deadline: number } & ProposalFacts)
      | { readonly event: 'disagree'; readonly what: string; readonly answers: readonly EndpointAnswer[] }
      | { readonly event: 'unavailable'; readonly code: string; readonly reason: string }
      | { readonly event: 'recovered' }
      | { readonly event: 'funds'; readonly account: string; readonly balance: string; readonly wanted: string }
      | { readonly event: 'reorg'; readonly block: number; readonly was: string; readonly is: string }
    ));

/** An event with the block that it is about: when it was said is the time of that block. */
export type ToldEvent = { readonly block: number | null; readonly time: number | null } & WatchEvent;
