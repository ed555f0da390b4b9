import type { EpochRecord, Settlement } from '../protocol/epoch-record.ts';
import { parseHash32 } from '../protocol/brands.ts';
import { keccak256Twice } from '../protocol/keccak.ts';
import type { PositionalTree } from '../protocol/positional-merkle.ts';
import { rootOf, treeOf } from '../protocol/positional-merkle.ts';
import { LEAF_PREIMAGE } from '../protocol/settlement-leaf.ts';
import type { Curve } from '../protocol/vesting-curve.ts';
import { accelerate, EMPTY_CURVE, join, roll } from '../protocol/vesting-curve.ts';
import { bytesToHex, WORD } from '../protocol/words.ts';
import { accelerationOf } from './acceleration.ts';
import type { AuditTable } from './audit-writer.ts';
import { AuditWriter } from './audit-writer.ts';
import { compareKeys, KEY } from './columns/account-keys.ts';
import type { AccountTable } from './columns/account-table.ts';
import { ActiveRows } from './columns/active-rows.ts';
import type { Activity } from './columns/epoch-columns.ts';
import { TableBuilder } from './columns/table-builder.ts';
import type { AccountGrant, EpochFunds, EpochOutcome } from './epoch-outcome.ts';
import { epochFunds, epochOutcome } from './epoch-outcome.ts';
import type { AccountUses, TaskScore } from './epoch-scores.ts';
import { checkActivity, layActivity } from './epoch-scores.ts';
import { nextTotals } from './next-totals.ts';
import type { State } from './state.ts';

/** What decides an epoch beside its ledger: the state before it and its record. */
export interface EpochBasis {
  readonly parent: State;
  readonly record: EpochRecord;
  /** What one use unlocks of what an account still has in cohorts (wad). */
  readonly unlockPerUse: bigint;
}

/** Everything that decides an epoch, with what the ledger says happened in it. */
export interface EpochInput extends EpochBasis {
  readonly scores: readonly TaskScore[];
  readonly uses: readonly AccountUses[];
}

/** A settled epoch: what is declared on chain, what follows from it, the tree and the state after. */
export interface EpochSettlement {
  readonly record: EpochRecord;
  readonly parent: State;
  /** What is declared; `reportCid` follows from the report and is not part of it. */
  readonly settlement: Omit<Settlement, 'reportCid'>;
  readonly outcome: EpochOutcome;
  readonly rows: ActiveRows;
  readonly tree: PositionalTree;
  readonly audits: AuditTable;
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
 * @throws InputError `SCORE_INVALID` for scores that cannot be; see {@link layActivity}
 */
export function settleEpoch({ scores, uses, ...basis }: EpochInput): EpochSettlement {
  return settleActivity(basis, layActivity(scores, uses, basis.record.tasks));
}

/**
 * The same from columns whose scores are those of the record's tasks.
 *
 * @throws InputError `SCORE_INVALID` for columns that cannot be; see {@link checkActivity}
 */
export function settleActivity(basis: EpochBasis, activity: Activity): EpochSettlement {
  const { parent, record } = basis;
  checkActivity(activity, record.tasks);
  const funds = epochFunds(record, parent.reserve, activity.scores);
  const { accounts, rows, audit } = walk(basis, activity, funds);
  const audits = audit.table();
  const tree = treeOf(accounts.length, (leaves) => {
    writeLeaves(accounts, audits, leaves);
  });
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
  return { record, parent, settlement, outcome, rows, tree, audits, participants: funds.distinct, next };
}

/** Goes through the accounts before and those that did something, both by rising account, and brings every one forward. */
function walk({ parent, record, unlockPerUse }: EpochBasis, activity: Activity, funds: EpochFunds) {
  const before = parent.accounts;
  const [known, active] = [before.length, activity.uses.length];
  const cohorts = roll(parent.totalCurve, record.end).cohorts;
  const ends = cohorts.map(({ end }) => end);
  const terms = { end: record.cohortEnd, duration: record.duration };
  const builder = new TableBuilder({
    accounts: known + active,
    cohorts: before.columns.cohortAmounts.length + active,
  });
  const rows = new ActiveRows(activity, ends.length);
  const room = { leaves: known + active, distinct: 2 * active + 1 };
  const audit = new AuditWriter(record.tasks.length, ends.length, record.minScores, room);
  const nothing = ends.map(() => 0n);

  const earn = (origin: number, given: Curve, earned: AccountGrant): void => {
    const uses = activity.uses[origin] ?? 0n;
    const rolled = roll(given, record.end);
    const amount = accelerationOf(rolled, uses, unlockPerUse, record.accelerationBound);
    const sped = amount === 0n ? { curve: rolled, taken: nothing } : accelerate(rolled, amount, ends);
    const row = { ...earned, index: builder.length, accelerated: sped.taken };
    builder.push(activity.accounts, origin, join(sped.curve, earned.grant, terms));
    rows.push(origin, row);
    audit.active(row);
  };

  let at = 0;
  for (let origin = 0; origin < active; origin++) {
    const from = at;
    while (at < known && compareKeys(before.columns.keys, at, activity.accounts, origin) < 0) at++;
    rest(before, from, at, record.end, builder);
    audit.idle(at - from);
    const isKnown = at < known && compareKeys(before.columns.keys, at, activity.accounts, origin) === 0;
    const earned = funds.grantsOf(activity.scores.map((column) => column.at(origin)));
    const scored = earned.scores.some((score) => score > 0n);
    // Uses of an account that has nothing locked change nothing.
    if (scored || (isKnown && (activity.uses[origin] ?? 0n) > 0n && before.cohortsOf(at) > 0)) {
      earn(origin, isKnown ? before.curveAt(at) : EMPTY_CURVE, earned);
      if (isKnown) at++;
    }
  }
  rest(before, at, known, record.end, builder);
  audit.idle(known - at);
  return { accounts: builder.finish(), rows, audit };
}

/** Brings accounts that did nothing forward: what is finished at `time` becomes free, all else stays as it is. */
function rest(before: AccountTable, from: number, to: number, time: number, builder: TableBuilder): void {
  let start = from;
  for (let index = from; index < to; index++) {
    if (!before.finishes(index, time)) continue;
    builder.copy(before, start, index);
    builder.push(before.columns.keys, index, roll(before.curveAt(index), time));
    start = index + 1;
  }
  builder.copy(before, start, to);
}

/** Leaves that are hashed together. */
const BATCH = 512;

/** Hashes the leaves of all accounts into one packed array. */
function writeLeaves(accounts: AccountTable, audits: AuditTable, leaves: Uint8Array): void {
  const { keys, curveHashes } = accounts.columns;
  const preimages = new Uint8Array(BATCH * LEAF_PREIMAGE);
  for (let first = 0; first < accounts.length; first += BATCH) {
    const count = Math.min(BATCH, accounts.length - first);
    for (let leaf = 0; leaf < count; leaf++) {
      const [index, offset] = [first + leaf, leaf * LEAF_PREIMAGE];
      const audit = (audits.of[index] as number) * WORD; // One for each leaf.
      preimages.set(keys.subarray(index * KEY, (index + 1) * KEY), offset + WORD - KEY);
      preimages.set(curveHashes.subarray(index * WORD, (index + 1) * WORD), offset + WORD);
      preimages.set(audits.hashes.subarray(audit, audit + WORD), offset + 2 * WORD);
    }
    const hashes = leaves.subarray(first * WORD, (first + count) * WORD);
    keccak256Twice(preimages.subarray(0, count * LEAF_PREIMAGE), LEAF_PREIMAGE, hashes);
  }
}
