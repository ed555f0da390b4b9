import type { AgreedBlock, Endpoint } from '../../chain/agreement.ts';
import type { OperatorConfig } from '../operator-config.ts';

/** What an epoch goes through, in this order. */
export const STEPS = ['close', 'ingest', 'score', 'settle', 'publish', 'propose', 'finalise', 'withdraw'] as const;
export type StepName = (typeof STEPS)[number];

/** The sha256 of files by their names within the data folder, or of what else a step was given. */
export type Hashes = Readonly<Record<string, string>>;

/** What a step tells beside its files; amounts in wei, as decimal strings. */
export type Facts = Readonly<Record<string, string | number | null>>;

/** One line of an epoch's journal. */
export interface JournalLine {
  readonly step: StepName;
  readonly state: 'begun' | 'done';
  /** When it was written, by the machine's clock: for people, nothing is decided by it. */
  readonly at: string;
  readonly inputs: Hashes;
  readonly outputs: Hashes;
  readonly facts: Facts;
}

/** What was begun and done for an epoch; a line that was written outlives the process. */
export interface EpochJournal {
  /** The newest line of a step, or of a step in that state; null: none. */
  readonly last: (step: StepName, state?: JournalLine['state']) => JournalLine | null;
  /** Writes that a step is begun; not twice in a row for the same inputs. */
  readonly begin: (step: StepName, inputs: Hashes, facts?: Facts) => Promise<void>;
  /** Writes that a step is done. */
  readonly finish: (step: StepName, done: Pick<JournalLine, 'inputs' | 'outputs' | 'facts'>) => Promise<void>;
}

/** What a step tells while it runs: for the log, and for `--json`. */
export interface StepEvent {
  readonly event: string;
  readonly [fact: string]: unknown;
}

/** Everything that a step is given. */
export interface StepContext {
  /** The data folder, absolute. */
  readonly data: string;
  readonly config: OperatorConfig;
  readonly epoch: number;
  readonly journal: EpochJournal;
  readonly endpoints: readonly Endpoint[];
  /** The final block that everything is read at. */
  readonly block: AgreedBlock;
  /** Nothing is written and nothing is sent: it is only said what would be. */
  readonly dryRun: boolean;
  readonly say: (event: StepEvent) => void;
}

/**
 * What a step came to. `done`: it was done now; `skipped`: it had been done before; `waiting`: it cannot be done yet, and `reason`
 * says what for. In a dry run `done` means that it would be.
 */
export interface StepOutcome {
  readonly state: 'done' | 'skipped' | 'waiting';
  readonly reason?: string;
  readonly facts: Facts;
}

/**
 * One step of one epoch. It may be run again at any time, also after it was ended half-way: what is done is not done again.
 */
export type StepRunner = (context: StepContext) => Promise<StepOutcome>;
