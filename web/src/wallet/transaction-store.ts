import type { Call } from '../../../src/chain/calls.ts';
import type { Address } from '../../../src/protocol/brands.ts';
import { ProtocolError, RefusedError } from '../../../src/protocol/errors.ts';
import type { KeptTransaction, TransactionKeep } from './kept-transactions.ts';
import type { GivenCall, TransactionState } from './send-transaction.ts';

/** A transaction of the visitor's, and where in the page it belongs. */
export interface Tracked {
  readonly id: number;
  /** The part of the page that shows it. */
  readonly slot: string;
  /** The view from which it was sent. */
  readonly path: string;
  /** What it does, as its button said. */
  readonly title: string;
  /** What is said once it counts. */
  readonly done: string | null;
  readonly account: Address;
  readonly call: Call;
  readonly state: TransactionState;
}

/** What is to be sent. */
export type Wanted = Omit<Tracked, 'id' | 'state' | 'call'> & { readonly call: GivenCall };

interface Steps {
  readonly signal: AbortSignal;
  readonly tell: (state: TransactionState) => void;
}

/**
 * Every transaction that is under way, whichever view is open: it is followed until it is over, and kept for the case that the page is
 * loaded anew meanwhile. What is over stays until somebody has seen it. The same call is not sent twice at the same time.
 */
export class TransactionStore {
  #all: readonly Tracked[] = [];
  #last = 0;
  readonly #keep: TransactionKeep;
  /** What was under way when the page was loaded. */
  readonly #kept: readonly KeptTransaction[];
  #isResumed = false;
  readonly #listeners = new Set<() => void>();
  readonly #watched = new Map<string, number>();
  readonly #running = new Map<number, AbortController>();

  constructor(keep: TransactionKeep) {
    this.#keep = keep;
    this.#kept = keep.read();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  /** All of them, the oldest first; the same list as long as nothing changes. */
  readonly all = (): readonly Tracked[] => this.#all;

  /** Whether a part of the page that is open shows it. */
  readonly isShown = ({ slot }: Pick<Tracked, 'slot'>): boolean => this.#watched.has(slot);

  /** Takes up what was under way when the page was loaded anew. */
  resume(follow: (kept: KeptTransaction & { readonly hash: string }, steps: Steps) => Promise<void>): void {
    if (this.#isResumed) return;
    this.#isResumed = true;
    for (const one of this.#kept) {
      const { hash } = one;
      if (hash === null) this.#add(one, { phase: 'failed', error: unknownFate(), hash: null });
      else {
        const id = this.#add(one, { phase: 'sent', hash, trouble: null });
        this.#run(id, async (steps) => await follow({ ...one, hash }, steps));
      }
    }
    this.#changed();
  }

  /** Sends something, and follows it; nothing while the same call is under way, or another one in the same part of the page. */
  start(wanted: Wanted, send: (steps: Steps) => Promise<void>): void {
    if (this.#all.some((other) => isUnderWay(other) && (other.slot === wanted.slot || isSame(other, wanted)))) return;
    this.#all = this.#all.filter(({ slot }) => slot !== wanted.slot);
    const id = this.#add(wanted, { phase: 'estimating' });
    this.#run(id, send);
  }

  /** A part of the page shows its transactions until the function that this gives is called; what it has shown to its end is forgotten then. */
  watch(slot: string): () => void {
    this.#watched.set(slot, (this.#watched.get(slot) ?? 0) + 1);
    this.#changed();
    return () => {
      const left = (this.#watched.get(slot) ?? 1) - 1;
      if (left > 0) this.#watched.set(slot, left);
      else {
        this.#watched.delete(slot);
        this.#all = this.#all.filter((one) => one.slot !== slot || isUnderWay(one));
      }
      this.#changed();
    };
  }

  /** Forgets one; what was sent stays sent. */
  forget(id: number): void {
    this.#running.get(id)?.abort();
    this.#all = this.#all.filter((one) => one.id !== id);
    this.#changed();
  }

  #add({ slot, path, title, done, account, call }: Wanted, state: TransactionState): number {
    const id = ++this.#last;
    const { to, data, value } = call;
    this.#all = [...this.#all, { id, slot, path, title, done, account, call: { to, data, value }, state }];
    return id;
  }

  #run(id: number, task: (steps: Steps) => Promise<void>): void {
    const controller = new AbortController();
    this.#running.set(id, controller);
    const { signal } = controller;
    const tell = (state: TransactionState): void => {
      if (signal.aborted) return;
      this.#all = this.#all.map((one) => (one.id === id ? { ...one, state } : one));
      this.#changed();
    };
    this.#changed();
    void task({ signal, tell }).finally(() => this.#running.delete(id));
  }

  #changed(): void {
    // A new list each time: what is shown depends on who watches, too.
    this.#all = [...this.#all];
    this.#save();
    for (const listener of this.#listeners) listener();
  }

  #save(): void {
    if (!this.#isResumed) return;
    this.#keep.write(
      this.#all.flatMap(({ state, id: _, ...one }): KeptTransaction[] => {
        if (state.phase === 'signing') return [{ ...one, hash: null }];
        return state.phase === 'sent' ? [{ ...one, hash: state.hash }] : [];
      }),
    );
  }
}

/** Whether something is under way: nothing is known yet of how it ends. */
export function isUnderWay({ state: { phase } }: Pick<Tracked, 'state'>): boolean {
  return phase === 'estimating' || phase === 'signing' || phase === 'sent';
}

/** Whether two are the same call of the same account. */
export function isSame(one: Pick<Tracked, 'account' | 'call'>, other: Pick<Tracked, 'account' | 'call'>): boolean {
  const [a, b] = [one.call, other.call];
  return one.account === other.account && a.to === b.to && a.data === b.data && a.value === b.value;
}

/** Codes of failures after which a transaction may be on its way all the same, though nobody has its hash. */
const FATE_UNKNOWN = new Set(['TRANSACTION_UNKNOWN', 'WALLET_FAILED']);

/** Whether it is sure that nothing was sent. */
export function isUnsent(state: TransactionState): boolean {
  if (state.phase !== 'failed' || state.hash !== null) return false;
  return !(state.error instanceof ProtocolError && FATE_UNKNOWN.has(state.error.code));
}

function unknownFate(): RefusedError {
  return new RefusedError({
    code: 'TRANSACTION_UNKNOWN',
    shortMessage:
      'the page was loaded anew while the wallet was asked to sign, so it does not know whether this was sent',
    details: { next: 'look into the wallet before you send it again' },
  });
}
