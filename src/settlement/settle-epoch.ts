import type { EpochRecord, Settlement } from '../protocol/epoch-record.ts';
import type { Address } from '../protocol/brands.ts';
import { parseHash32 } from '../protocol/brands.ts';
import { keccak256Twice } from '../protocol/keccak.ts';
import type { PositionalTree } from '../protocol/positional-merkle.ts';
import { buildTree, rootOf } from '../protocol/positional-merkle.ts';
import { LEAF_PREIMAGE } from '../protocol/settlement-leaf.ts';
import { accelerate, EMPTY_CURVE, join, roll } from '../protocol/vesting-curve.ts';
import { bytesToHex, WORD } from '../protocol/words.ts';
import { accelerationOf } from './acceleration.ts';
import { AuditWriter } from './audit-writer.ts';
import type { EpochOutcome } from './epoch-outcome.ts';
import { epochFunds, epochOutcome } from './epoch-outcome.ts';
import type { AccountUses, ScoreRow, TaskScore } from './epoch-scores.ts';
import { scoreRows } from './epoch-scores.ts';
import { nextTotals } from './next-totals.ts';
import type { AccountState, State } from './state.ts';
import { accountState } from './state.ts';

/** Everything that decides an epoch: the state before it, its record, and what the ledger says happened in it. */
export interface EpochInput {
  readonly parent: State;
  readonly record: EpochRecord;
  readonly scores: readonly TaskScore[];
  readonly uses: readonly AccountUses[];
  /** What one use unlocks of what an account still has in cohorts (wad). */
  readonly unlockPerUse: bigint;
}

/** One account that did something in the epoch: it scored, or its contributions were used while it had something locked. */
export interface ActiveRow {
  readonly index: number;
  readonly account: Address;
  /** Aligned to the tasks of the record. */
  readonly scores: readonly bigint[];
  /** What it earned per task, after the cap. */
  readonly grants: readonly bigint[];
  /** Per task, whether the cap took something. */
  readonly capped: readonly boolean[];
  readonly grant: bigint;
  readonly uses: bigint;
  /** Aligned to the unfinished cohorts of the parent's total curve. */
  readonly accelerated: readonly bigint[];
}

/** A settled epoch: what is declared on chain, what follows from it, the tree and the state after. */
export interface EpochSettlement {
  readonly record: EpochRecord;
  readonly parent: State;
  /** What is declared; `reportCid` follows from the report and is not part of it. */
  readonly settlement: Omit<Settlement, 'reportCid'>;
  readonly outcome: EpochOutcome;
  readonly rows: readonly ActiveRow[];
  readonly tree: PositionalTree;
  /** Audit hashes in the order of leaves, equal neighbours once; leaf i has `audits[auditOf[i]]`. */
  readonly audits: readonly Uint8Array[];
  readonly auditOf: Uint32Array;
  /** Accounts that count as participant of at least one task. */
  readonly participants: number;
  /** The state after the epoch. */
  readonly next: State;
}

/**
 * Settles one epoch: from scores, uses and the state before to grants, the new state, its tree and the declaration.
 *
 * Depends on nothing else, neither on the order of `scores` and `uses`. An account that did nothing costs two hashes.
 *
 * @throws InputError `SCORE_INVALID` for scores that cannot be; see {@link scoreRows}
 */
export function settleEpoch(input: EpochInput): EpochSettlement {
  const { parent, record } = input;
  const active = scoreRows(input.scores, record.tasks);
  const usesOf = new Map(input.uses.map(({ account, uses }) => [account as string, uses]));
  const funds = epochFunds(record, parent.reserve, active);
  const cohorts = roll(parent.totalCurve, record.end).cohorts;
  const ends = cohorts.map(({ end }) => end);
  const terms = { end: record.cohortEnd, duration: record.duration };

  const accounts: AccountState[] = [];
  const rows: ActiveRow[] = [];
  const audit = new AuditWriter(record.tasks.length, cohorts.length, record.minScores);
  const leaves = new LeafWriter(parent.accounts.length + active.length, audit);

  for (const { before, scored } of merged(parent.accounts, active)) {
    const account = before?.account ?? scored?.account;
    if (account === undefined) continue;
    const uses = usesOf.get(account) ?? 0n;
    const idle = scored === undefined && (uses === 0n || before === undefined || before.curve.cohorts.length === 0);
    if (idle && before !== undefined) {
      const after =
        before.nextFinish > record.end ? before : accountState(account, roll(before.curve, record.end), before.key);
      accounts.push(after);
      leaves.push(after, audit.idle());
      continue;
    }
    const rolled = roll(before?.curve ?? EMPTY_CURVE, record.end);
    const sped = accelerate(rolled, accelerationOf(rolled, uses, input.unlockPerUse, record.accelerationBound), ends);
    const earned = funds.grantsOf(scored?.scores);
    const curve = join(sped.curve, earned.grant, terms);
    const after = accountState(account, curve, before?.key);
    const row = { index: accounts.length, account, ...earned, uses, accelerated: sped.taken };
    accounts.push(after);
    rows.push(row);
    leaves.push(after, audit.active(row));
  }

  const tree = buildTree(leaves.bytes());
  const root = parseHash32(bytesToHex(rootOf(tree)));
  const sums = audit.sums();
  const settlement = {
    root,
    leafCount: accounts.length,
    participants: funds.participants,
    scoreTotals: funds.scoreTotals,
    granted: sums.granted,
    accelerated: sums.accelerated,
  };
  const outcome = epochOutcome(record, parent, funds, sums.granted);
  const next: State = {
    ...nextTotals(parent, record, settlement, outcome),
    epoch: record.epoch,
    accounts,
    root,
  };
  const { hashes: audits, of: auditOf } = audit.table();
  return { record, parent, settlement, outcome, rows, tree, audits, auditOf, participants: funds.distinct, next };
}

interface Pair {
  readonly before: AccountState | undefined;
  readonly scored: ScoreRow | undefined;
}

/** Both lists rise by account; a pair has at least one of the two. */
function* merged(accounts: readonly AccountState[], active: readonly ScoreRow[]): Generator<Pair> {
  let [i, j] = [0, 0];
  while (i < accounts.length || j < active.length) {
    const before = accounts[i];
    const scored = active[j];
    const takeBefore = before !== undefined && (scored === undefined || before.account <= scored.account);
    const takeScored = scored !== undefined && (before === undefined || scored.account <= before.account);
    if (takeBefore) i++;
    if (takeScored) j++;
    yield { before: takeBefore ? before : undefined, scored: takeScored ? scored : undefined };
  }
}

/** Leaves that are hashed together. */
const BATCH = 512;

/** Hashes leaves, many at a time from one reused buffer, into one packed array. */
class LeafWriter {
  readonly #audits: AuditWriter;
  /** Leaves that are not hashed yet, and which audit each of them has. */
  readonly #waiting = new Uint8Array(BATCH * LEAF_PREIMAGE);
  readonly #auditOf = new Uint32Array(BATCH);
  #waitingCount = 0;
  readonly #leaves: Uint8Array;
  #count = 0;

  constructor(capacity: number, audits: AuditWriter) {
    this.#audits = audits;
    this.#leaves = new Uint8Array(capacity * WORD);
  }

  push(account: AccountState, audit: number): void {
    const at = this.#waitingCount * LEAF_PREIMAGE;
    this.#waiting.set(account.key, at + 12);
    this.#waiting.set(account.curveHash, at + WORD);
    this.#auditOf[this.#waitingCount] = audit;
    this.#waitingCount++;
    if (this.#waitingCount === BATCH) this.#hash();
  }

  /** All leaf hashes. */
  bytes(): Uint8Array {
    this.#hash();
    return this.#leaves.subarray(0, this.#count * WORD);
  }

  #hash(): void {
    const waiting = this.#waitingCount;
    this.#auditOf.subarray(0, waiting).forEach((audit, leaf) => {
      this.#waiting.set(this.#audits.hashOf(audit), leaf * LEAF_PREIMAGE + 2 * WORD);
    });
    const hashes = this.#leaves.subarray(this.#count * WORD, (this.#count + waiting) * WORD);
    keccak256Twice(this.#waiting.subarray(0, waiting * LEAF_PREIMAGE), LEAF_PREIMAGE, hashes);
    this.#count += waiting;
    this.#waitingCount = 0;
  }
}
