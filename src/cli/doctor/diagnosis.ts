import type { CodeHash } from '../../../deploy/checks/code.ts';
import type { Finding } from '../../../deploy/checks/findings.ts';
import type { PendingOperation, PendingProposal, SettlementState } from '../../chain/pending.ts';
import type { OpenVeto, SuspendedOperator } from '../../chain/vetoes.ts';

/** Somebody who can still do something that others would have to undo or live with. */
export interface Power {
  readonly role: string;
  readonly address: string;
  /** `key`: whoever has one private key; `contract`: the rules of a contract. */
  readonly held: 'key' | 'contract';
  /** The worst of what it can do, in one sentence. */
  readonly can: string;
}

/** What the source of the price says at this moment. */
export interface PriceHealth {
  /** Null: nobody is asked, and the price is neutral. */
  readonly source: string | null;
  /** In wad; null when the source has none that is fresh, so that an epoch which ended now had a neutral price. */
  readonly price: bigint | null;
  /** The contract of this repository that it is, by its code; null: another, or nobody is asked. */
  readonly kind: 'AggregatorV3PriceSource' | 'MedianPriceSource' | null;
  readonly feed: FeedHealth | null;
  readonly median: MedianHealth | null;
}

/** The feed behind an adapter. */
export interface FeedHealth {
  readonly feed: string;
  /** When the last round of the known phase was answered, unix seconds; null: there is none. */
  readonly updatedAt: number | null;
  /** How old it may be at an epoch's end, in seconds. */
  readonly maxAge: number;
  /** The phase that the adapter knows, and the one in which the feed answers; null: it does not answer. */
  readonly phase: number;
  readonly feedPhase: number | null;
}

/** The reporters behind a median. */
export interface MedianHealth {
  /** How many fresh reports it takes. */
  readonly needed: number;
  /** How old a report may be at an epoch's end, in seconds. */
  readonly maxAge: number;
  /** The seats that are taken. */
  readonly seats: readonly SeatHealth[];
  /** Who names reporters, if it is not the authority of this deployment. */
  readonly authority: string | null;
}

export interface SeatHealth {
  readonly seat: number;
  readonly reporter: string;
  /** Null: nothing was reported. */
  readonly price: bigint | null;
  readonly reportedAt: number | null;
  readonly isFresh: boolean;
}

/** What there is to know of a live deployment once every contract is what this repository compiles to. */
export interface LiveState {
  readonly curve: { readonly total: bigint; readonly periods: number; readonly supply: bigint; readonly cap: bigint };
  readonly price: PriceHealth;
  readonly settlement: SettlementState;
  readonly operations: readonly PendingOperation[];
  readonly proposals: readonly PendingProposal[];
  /** Vetoes that wait for a ruling, or for their bonds to be released. */
  readonly vetoes: readonly OpenVeto[];
  readonly suspended: readonly SuspendedOperator[];
  readonly handedOver: boolean;
  readonly powers: readonly Power[];
}

/** The result of `lode doctor`. */
export interface Diagnosis {
  readonly chainId: number;
  readonly block: number;
  /** Of that block, unix seconds. */
  readonly time: number;
  readonly preset: { readonly name: string; readonly variant: string | null; readonly hash: string };
  /** Nothing differs that nobody can have changed by the rules. */
  readonly sound: boolean;
  readonly wrong: readonly Finding[];
  /** What governance has changed since the deployment. */
  readonly changed: readonly Finding[];
  readonly code: readonly CodeHash[];
  /** Null when some code differs: foreign code could answer anything. */
  readonly live: LiveState | null;
  /** What somebody should look at although nothing differs. */
  readonly attention: readonly string[];
}
