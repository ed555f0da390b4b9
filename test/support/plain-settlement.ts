import type { Address } from '../../src/protocol/brands.ts';
import { MAX_UINT96, MAX_UINT128 } from '../../src/protocol/words.ts';
import { buildTree, rootOf } from '../../src/protocol/positional-merkle.ts';
import { auditHash, leafHash } from '../../src/protocol/settlement-leaf.ts';
import { taskGrantDown } from '../../src/protocol/settlement-math.ts';
import type { Curve } from '../../src/protocol/vesting-curve.ts';
import { accelerate, curveHash, EMPTY_CURVE, join, roll } from '../../src/protocol/vesting-curve.ts';
import { bytesToHex } from '../../src/protocol/words.ts';
import { accelerationOf } from '../../src/settlement/acceleration.ts';
import { fundsFrom } from '../../src/settlement/epoch-outcome.ts';
import type { EpochInput } from '../../src/settlement/settle-epoch.ts';

/** What a settlement comes to, worked out account by account. */
export interface PlainSettlement {
  readonly root: string;
  readonly participants: readonly number[];
  readonly scoreTotals: readonly bigint[];
  readonly granted: bigint;
  readonly accelerated: readonly bigint[];
  readonly distinct: number;
  readonly accounts: readonly { readonly account: Address; readonly curve: Curve }[];
  readonly grants: ReadonlyMap<Address, readonly bigint[]>;
}

/**
 * The rules of a settlement with an object for each account, a hash at a time and nothing kept from one to the next: slow, plain, and
 * what the columns are held against.
 */
export function settlePlainly({ parent, record, scores, uses, unlockPerUse }: EpochInput): PlainSettlement {
  const scoreOf = (account: Address, task: number): bigint =>
    scores.find((one) => one.account === account && one.task === task)?.score ?? 0n;
  const known = new Map([...parent.accounts].map(({ account, curve }) => [account, curve]));
  const scored = new Set(scores.map(({ account }) => account));
  const all = [...new Set([...known.keys(), ...scored])].sort();
  const rows = all.map((account) => ({ account, scores: record.tasks.map((task) => scoreOf(account, task)) }));
  const reaches = (score: bigint, i: number): boolean => score > 0n && score >= record.minScores[i]!;
  const participants = record.tasks.map((_, i) => rows.filter((row) => reaches(row.scores[i]!, i)).length);
  const scoreTotals = record.tasks.map((_, i) => rows.reduce((sum, row) => sum + row.scores[i]!, 0n));
  if (rows.some((row) => row.scores.some((score) => score > MAX_UINT96))) throw new RangeError('a score is too large');
  const { taskBudgets } = fundsFrom(record, parent.reserve, participants, scoreTotals);

  const ends = roll(parent.totalCurve, record.end).cohorts.map(({ end }) => end);
  const run = { scores: record.tasks.map(() => 0n), participants: record.tasks.map(() => 0), granted: 0n };
  const accelerated = ends.map(() => 0n);
  const grantsOf = new Map<Address, readonly bigint[]>();
  const leaves: Uint8Array[] = [];
  const accounts = rows.map(({ account, scores: own }) => {
    const rolled = roll(known.get(account) ?? EMPTY_CURVE, record.end);
    const used = uses.findLast((one) => one.account === account)?.uses ?? 0n;
    const amount = accelerationOf(rolled, used, unlockPerUse, record.accelerationBound);
    const sped = accelerate(rolled, amount, ends);
    const grants = own.map((score, i) => taskGrantDown(taskBudgets[i]!, score, scoreTotals[i]!, record.accountCap));
    const grant = grants.reduce((sum, one) => sum + one, 0n);
    const curve = join(sped.curve, grant, { end: record.cohortEnd, duration: record.duration });
    own.forEach((score, i) => {
      run.scores[i]! += score;
      if (reaches(score, i)) run.participants[i]!++;
    });
    sped.taken.forEach((taken, j) => (accelerated[j]! += taken));
    run.granted += grant;
    const audit = auditHash({
      scores: own,
      accelerated: sped.taken,
      runScores: [...run.scores],
      runParticipants: [...run.participants],
      runGranted: run.granted,
      runAccelerated: [...accelerated],
    });
    leaves.push(leafHash(account, curveHash(curve), audit));
    if (scored.has(account)) grantsOf.set(account, grants);
    if (curve.unlocked > MAX_UINT128) throw new RangeError('an amount is too large');
    return { account, curve };
  });
  return {
    root: bytesToHex(rootOf(buildTree(new Uint8Array(Buffer.concat(leaves))))),
    participants,
    scoreTotals,
    granted: run.granted,
    accelerated,
    distinct: rows.filter((row) => row.scores.some(reaches)).length,
    accounts,
    grants: grantsOf,
  };
}
