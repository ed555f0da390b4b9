import type { AgreedBlock, Endpoint } from '../chain/agreement.ts';
import { isStillThere } from '../chain/agreement.ts';
import { InvariantError, ProtocolError, RetryableError } from '../protocol/errors.ts';
import type { Actor } from './chain/take.ts';
import type { ChainView } from './chain/view.ts';
import { finalBlock, isDeployed, readView } from './chain/view.ts';
import { lastLine, openJournal, readJournal } from './journal.ts';
import type { KeeperEvent, ToldError } from './keeper-event.ts';
import { pauseOf } from './pause.ts';
import type { OperatorConfig } from './operator-config.ts';
import { retireReports } from './publish/retention.ts';
import type { EpochJournal, StepContext, StepName, StepRunner } from './steps/step.ts';
import { waiting } from './steps/outcomes.ts';
import { STEPS } from './steps/step.ts';

export interface KeeperOptions {
  /** The data folder, absolute. */
  readonly data: string;
  readonly config: OperatorConfig;
  readonly endpoints: readonly Endpoint[];
  readonly actor: Actor;
  readonly steps: Readonly<Record<StepName, StepRunner>>;
  readonly dryRun: boolean;
  /** Only this epoch; absent: every one that something is left to do for. */
  readonly only?: number;
  readonly say: (event: KeeperEvent) => void;
  /** Milliseconds of a clock that never goes back, by which alarms are repeated. */
  readonly clock?: () => number;
}

/** What a round came to. */
export interface Round {
  /** How many steps were done. */
  readonly progress: number;
  /** The first thing that went wrong, else one that did in an earlier round and is not over yet; null: there is none. */
  readonly error: ProtocolError | null;
  /** Whether something outside did not answer as it should, so that the next round can wait for longer. */
  readonly isTroubled: boolean;
}

/** What is known of the keeper from outside: for metrics and health. */
export interface KeeperStatus {
  readonly block: AgreedBlock | null;
  readonly view: ChainView | null;
  /** The oldest epoch that something is left to do for. */
  readonly from: number | null;
  /** Alarms that stand. */
  readonly alarms: readonly { readonly epoch: number | null; readonly step: StepName | null; readonly code: string }[];
  readonly rounds: number;
  readonly isTroubled: boolean;
}

/** So many epochs are worked on at once: close and cut them while an earlier one waits for its window. */
const AT_ONCE = 16;
/** An alarm that stands is told again after that long, in milliseconds. */
const REPEAT = 3_600_000;

/** Steps that read much: what they fail by is not tried again at every look. */
const HEAVY: ReadonlySet<StepName> = new Set(['ingest', 'score', 'settle', 'publish']);

interface Work {
  readonly journal: EpochJournal;
  readonly done: Set<StepName>;
  waits: string;
  /** How often in a row a heavy step failed, and when it is tried again, by the clock. */
  failures: number;
  notBefore: number;
  /** What it failed by. */
  failure: ProtocolError | null;
}

interface Alarm {
  readonly epoch: number | null;
  readonly step: StepName | null;
  readonly code: string;
  readonly told: number;
  readonly error: ProtocolError | null;
}

/**
 * Does whatever is due for every epoch, one round after the other. All that has to outlive the process stands in the journals, in the
 * files that they name, and on the chain: a keeper that is ended anywhere goes on where it was.
 */
export class Keeper {
  readonly #options: KeeperOptions;
  readonly #work = new Map<number, Work>();
  readonly #over = new Set<number>();
  readonly #alarms = new Map<string, Alarm>();
  #block: AgreedBlock | null = null;
  #view: ChainView | null = null;
  #from: number | null = null;
  #rounds = 0;
  #trouble = '';

  constructor(options: KeeperOptions) {
    this.#options = options;
  }

  get status(): KeeperStatus {
    return {
      ...{ block: this.#block, view: this.#view, from: this.#from, rounds: this.#rounds },
      alarms: [...this.#alarms.values()].map(({ epoch, step, code }) => ({ epoch, step, code })),
      isTroubled: this.#trouble !== '',
    };
  }

  /**
   * Does what is due at the newest block that counts. What one epoch fails by stops that epoch and no other.
   *
   * @throws {InvariantError} a fault of our own, and whatever the system says of disk and files: nothing is safe to go on with
   */
  async round(): Promise<Round> {
    const errors: ProtocolError[] = [];
    let progress = 0;
    try {
      const view = await this.#look();
      if (view !== null) progress = await this.#advance(view, errors);
    } catch (error) {
      errors.push(this.#told(error, null, null));
    }
    this.#rounds++;
    const troubles = errors.filter((error) => error instanceof RetryableError);
    this.#tellTrouble(troubles.length > 0);
    return { progress, error: errors[0] ?? this.#standing(), isTroubled: troubles.length > 0 };
  }

  /** What went wrong in an earlier round and was not tried again since, or never will be; null: nothing. */
  #standing(): ProtocolError | null {
    for (const { error } of this.#alarms.values()) if (error !== null) return error;
    for (const { failure, notBefore } of this.#work.values()) if (this.#clock() < notBefore) return failure;
    return null;
  }

  /** The chain at the newest block that counts; null where there is nothing to go by yet. */
  async #look(): Promise<ChainView | null> {
    const { endpoints, config, actor } = this.#options;
    const block = await finalBlock(endpoints, config.finality);
    const before = this.#block;
    // An endpoint that fell behind shows what was: nothing is decided by that.
    if (before !== null && block.number < before.number) {
      throw new RetryableError({
        code: 'ENDPOINTS_BEHIND',
        shortMessage: `the endpoints are at block ${block.number}, where they had block ${before.number} before`,
        details: { next: 'see which of them fell behind' },
      });
    }
    if (before !== null && block.number > before.number && !(await isStillThere(endpoints, before))) this.#forget();
    else this.#clear(null, null);
    if (this.#view === null && !(await isDeployed(endpoints, block))) {
      this.#tellUndeployed();
      return null;
    }
    const view = await readView(endpoints, block);
    [this.#block, this.#view] = [block, view];
    await actor.sender?.follow(block);
    return view;
  }

  /** Before the deployment itself is final there is nothing to go by. */
  #tellUndeployed(): void {
    if (this.#rounds > 0) return;
    const reason = 'the deployment stands in blocks that are not final yet';
    this.#options.say({ event: 'waiting', epoch: 0, step: 'close', reason, facts: {} });
  }

  /** A block that counted is gone: what was concluded from it is looked at anew. Nobody can undo what was sent meanwhile. */
  #forget(): void {
    this.#work.clear();
    this.#over.clear();
    this.#from = null;
    const reason = `block ${this.#block?.number ?? 0} was final and is gone: more than the confirmations asked for was replaced`;
    const next = 'ask for more confirmations, or for "finalized", in lode.config.json';
    this.#alarm(null, null, { code: 'FINAL_BLOCK_GONE', reason, next });
  }

  async #advance(view: ChainView, errors: ProtocolError[]): Promise<number> {
    const { only } = this.#options;
    if (only !== undefined) return await this.#epoch(only, view, errors);
    // The ledger of an epoch is all cuts up to it, so none is left out, also of those that others made final.
    this.#from ??= 0;
    let [progress, active] = [0, 0];
    for (let epoch = this.#from; epoch < view.ended && active < AT_ONCE; epoch++) {
      if (this.#over.has(epoch) || (await this.#isOver(epoch))) continue;
      active++;
      progress += await this.#epoch(epoch, view, errors);
    }
    while (this.#over.has(this.#from)) this.#over.delete(this.#from++);
    return progress;
  }

  /** Whether everything of an epoch was done by an earlier process. */
  async #isOver(epoch: number): Promise<boolean> {
    if (this.#work.has(epoch)) return false;
    const lines = await readJournal(this.#options.data, epoch);
    if (lastLine(lines, 'withdraw', 'done') === null) return false;
    this.#over.add(epoch);
    return true;
  }

  /** Takes an epoch as far as it goes; gives how many steps were done. */
  async #epoch(epoch: number, view: ChainView, errors: ProtocolError[]): Promise<number> {
    const { dryRun, say, steps } = this.#options;
    if (this.#clock() < (this.#work.get(epoch)?.notBefore ?? 0)) return 0;
    let progress = 0;
    let at: StepName | null = null;
    try {
      const work = await this.#workOn(epoch);
      for (const step of this.#stepsOf(epoch, view, work)) {
        at = step;
        const context = this.#contextOf(epoch, step, view, work.journal);
        // It reads the whole ledger, and can come to nothing before.
        const isEarly = step === 'settle' && view.nextToFinalise < epoch;
        const outcome = isEarly
          ? waiting(`epoch ${view.nextToFinalise} has to be final first`)
          : await steps[step](context);
        this.#clear(epoch, step);
        if (outcome.state === 'waiting') {
          const reason = outcome.reason ?? 'it is not due yet';
          if (work.waits !== reason) say({ event: 'waiting', epoch, step, reason, facts: outcome.facts });
          work.waits = reason;
          return progress;
        }
        if (outcome.state === 'done') {
          progress++;
          say({ event: 'done', epoch, step, facts: outcome.facts });
          work.waits = '';
          // What a dry run did not do, the next step cannot go on from.
          if (dryRun) return progress;
        }
        work.done.add(step);
        work.failures = 0;
      }
      say({ event: 'over', epoch });
      this.#leave(epoch);
      for (const step of STEPS) this.#clear(epoch, step);
      await this.#retire();
    } catch (error) {
      const told = this.#told(error, epoch, at);
      errors.push(told);
      if (at !== null && HEAVY.has(at)) this.#putOff(epoch, told);
      // What is final stays as it is: later epochs go on from there.
      if (told.code === 'ROOT_DIFFERS') this.#leave(epoch);
    }
    return progress;
  }

  #contextOf(epoch: number, step: StepName, { block }: ChainView, journal: EpochJournal): StepContext {
    const { config, data, endpoints, dryRun, say } = this.#options;
    return {
      ...{ data, config, epoch, endpoints, dryRun, journal, block },
      say: (event) => say({ ...event, event: 'step', what: event.event, epoch, step }),
    };
  }

  /** Removes what the settings do not keep, after every target gave it back whole. */
  async #retire(): Promise<void> {
    const { data, config, dryRun, say } = this.#options;
    if (dryRun || config.publish.keepEpochs === null) return;
    for (const retirement of await retireReports(data, config)) say({ event: 'retired', ...retirement });
  }

  async #workOn(epoch: number): Promise<Work> {
    const known = this.#work.get(epoch);
    if (known !== undefined) return known;
    const journal = await openJournal(this.#options.data, epoch);
    const work: Work = { journal, done: new Set(), waits: '', failures: 0, notBefore: 0, failure: null };
    this.#work.set(epoch, work);
    return work;
  }

  #putOff(epoch: number, failure: ProtocolError): void {
    const work = this.#work.get(epoch);
    if (work === undefined) return;
    work.failures++;
    work.failure = failure;
    const { pollSeconds } = this.#options.config.keeper;
    work.notBefore = this.#clock() + 1000 * pauseOf(pollSeconds, work.failures, Math.random());
  }

  #clock(): number {
    return (this.#options.clock ?? (() => performance.now()))();
  }

  /** What is left to do. Of an epoch that others made final before it was settled here nothing is left but to write that down. */
  #stepsOf(epoch: number, { nextToFinalise }: ChainView, { done, journal }: Work): readonly StepName[] {
    const isLate = epoch < nextToFinalise && journal.last('settle', 'done') === null;
    const names: readonly StepName[] = isLate ? ['close', 'ingest', 'finalise', 'withdraw'] : STEPS;
    return names.filter((step) => !done.has(step));
  }

  #leave(epoch: number): void {
    this.#over.add(epoch);
    this.#work.delete(epoch);
  }

  /** Tells what went wrong. What this program cannot answer for ends it. */
  #told(error: unknown, epoch: number | null, step: StepName | null): ProtocolError {
    if (!(error instanceof ProtocolError) || error instanceof InvariantError) throw error;
    const { code, shortMessage: reason, details } = error;
    const next = typeof details['next'] === 'string' ? details['next'] : null;
    if (!(error instanceof RetryableError)) this.#alarm(epoch, step, { code, reason, next }, error);
    else if (this.#trouble !== `${code} ${reason}`) {
      this.#trouble = `${code} ${reason}`;
      this.#options.say({ event: 'trouble', epoch, step, code, reason, next });
    }
    return error;
  }

  #tellTrouble(isTroubled: boolean): void {
    if (isTroubled || this.#trouble === '') return;
    this.#trouble = '';
    this.#options.say({ event: 'recovered' });
  }

  #alarm(
    epoch: number | null,
    step: StepName | null,
    { code, reason, next }: ToldError,
    error: ProtocolError | null = null,
  ): void {
    const { say } = this.#options;
    const key = alarmKey(epoch, step);
    const known = this.#alarms.get(key);
    if (known?.code === code && this.#clock() - known.told < REPEAT) return;
    this.#alarms.set(key, { epoch, step, code, told: this.#clock(), error });
    say({ event: 'alarm', epoch, step, code, reason, next });
  }

  #clear(epoch: number | null, step: StepName | null): void {
    const known = this.#alarms.get(alarmKey(epoch, step));
    if (known === undefined) return;
    this.#alarms.delete(alarmKey(epoch, step));
    this.#options.say({ event: 'alarm-over', epoch, step, code: known.code });
  }
}

function alarmKey(epoch: number | null, step: StepName | null): string {
  return `${epoch ?? ''} ${step ?? ''}`;
}
