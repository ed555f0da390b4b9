import type { Address } from '../../../src/protocol/brands.ts';
import type { AccountRow, Contribution, Usage } from '../../../src/settlement/ledger/rows.ts';
import { judgeRows } from './judge-rows.ts';
import type { JudgedRow } from './judge-rows.ts';
import { ineligibleBecause } from './plain-eligibility.ts';
import type { IneligibleReason } from './plain-eligibility.ts';
import { scoreTask } from './score-task.ts';
import type { PlainTaskSteps } from './score-task.ts';
import { rulesOf } from './policy-file.ts';
import type { PolicyFile } from './policy-file.ts';

/** What is scored: a policy as it is written, and the rows of a ledger. */
export interface PlainScoring {
  readonly policy: PolicyFile;
  readonly ledger: {
    readonly contributions: readonly Contribution[];
    readonly usage: readonly Usage[];
    readonly accounts: readonly AccountRow[];
  };
  readonly tasks: readonly { readonly id: number; readonly name: string }[];
  readonly taskMap: ReadonlyMap<string, string>;
  readonly clock: { readonly start: number; readonly length: number };
}

/** One epoch as the engine gives it, and beside it how each score came about. */
export interface PlainEpoch {
  readonly epoch: number;
  readonly scores: readonly { readonly account: Address; readonly task: number; readonly score: bigint }[];
  readonly uses: readonly { readonly account: Address; readonly uses: bigint }[];
  readonly ineligible: readonly { readonly account: Address; readonly reason: IneligibleReason }[];
}

/** A scorer of epochs by hand; `steps` shows the way to one score, eligible or not. */
export interface PlainScorer {
  readonly epoch: (epoch: number) => PlainEpoch;
  readonly steps: (account: Address, task: string, epoch: number) => PlainTaskSteps;
}

/**
 * Scores by hand what the engine scores by SQL: one account, task and day after the other, in whole numbers, from the
 * policy as it is written. It exists to check the engine, so it shares nothing with it but the rows of the ledger.
 */
export function plainScorer(scoring: PlainScoring): PlainScorer {
  const { ledger, tasks, clock } = scoring;
  const judged = judgeRows(scoring);
  const history = new History(judged);
  const accounts = [...new Set([...ledger.contributions, ...ledger.usage].map(({ account }) => account))].sort();

  const usesIn = (epoch: number, account: Address): readonly Usage[] => {
    const start = clock.start + epoch * clock.length;
    const isHere = ({ time }: Usage) => time >= start && time < start + clock.length;
    return ledger.usage.filter((use) => use.account === account && isHere(use));
  };

  const steps = (account: Address, task: string, epoch: number) =>
    scoreTask({ scoring, history, account, task, epoch, uses: usesIn(epoch, account) });

  const epochOf = (epoch: number): PlainEpoch => {
    const scores: { account: Address; task: number; score: bigint }[] = [];
    const uses: { account: Address; uses: bigint }[] = [];
    const ineligible: { account: Address; reason: IneligibleReason }[] = [];
    for (const account of accounts) {
      const mine = tasks
        .map(({ id, name }) => ({ account, task: id, score: steps(account, name, epoch).score }))
        .filter(({ score }) => score > 0n)
        .sort((a, b) => a.task - b.task);
      const count = usesIn(epoch, account).length;
      if (count > 0) uses.push({ account, uses: BigInt(count) });
      if (mine.length === 0) continue;
      const reason = ineligibleBecause(rulesOf(scoring.policy, epoch).eligibility, scoring, account, epoch);
      if (reason === null) scores.push(...mine);
      else ineligible.push({ account, reason });
    }
    return { epoch, scores, uses, ineligible };
  };
  return { epoch: epochOf, steps };
}

/** What the rows say about the past: who was active when. A row is activity when its quality leaves it something, whatever becomes of that. */
export class History {
  readonly rows: readonly JudgedRow[];
  /** The first epoch in which a day was active; a day may lie in two. */
  readonly #days = new Map<string, number>();
  readonly #epochs = new Set<string>();

  constructor(rows: readonly JudgedRow[]) {
    this.rows = rows;
    for (const { row, day, epoch, isWorth } of rows) {
      if (!isWorth) continue;
      const key = `${row.account} ${day}`;
      this.#days.set(key, Math.min(epoch, this.#days.get(key) ?? epoch));
      this.#epochs.add(`${row.account} ${epoch}`);
    }
  }

  /** Consecutive active days that end with this one, by what was done up to the end of the epoch. */
  streak(account: Address, day: number, epoch: number): bigint {
    let days = 0n;
    for (let at = day; (this.#days.get(`${account} ${at}`) ?? Infinity) <= epoch; at--) days += 1n;
    return days;
  }

  /** How many of the `epochs` epochs before this one were active. */
  activeEpochs(account: Address, before: number, epochs: bigint): bigint {
    let active = 0n;
    for (let at = before - 1; at >= 0 && BigInt(before - at) <= epochs; at--) {
      if (this.#epochs.has(`${account} ${at}`)) active += 1n;
    }
    return active;
  }

  /** Rows of a task in the `window` epochs before this one that earned something after their quality. */
  earningRows(task: string, before: number, window: bigint): readonly JudgedRow[] {
    const isInWindow = (epoch: number) => epoch < before && BigInt(before - epoch) <= window;
    return this.rows.filter((each) => each.task === task && each.isWorth && isInWindow(each.epoch));
  }
}
