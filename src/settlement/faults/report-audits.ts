import type { Audit } from '../../protocol/settlement-leaf.ts';
import { auditPreimage } from '../../protocol/settlement-leaf.ts';
import type { LooseManifest, LooseReport } from '../report/loose-report.ts';

/** What an account did in the epoch, as its audit has it. */
interface Figures {
  readonly scores: readonly bigint[];
  readonly accelerated: readonly bigint[];
  /** 0 or 1 for each task. */
  readonly participants: readonly number[];
  readonly grant: bigint;
}

/** The sums up to a leaf. */
type Sums = Pick<Audit, 'runScores' | 'runParticipants' | 'runGranted' | 'runAccelerated'>;

/**
 * The audit of each active leaf, and that of the idle ones behind it: summed from the first account on, and where that does not
 * come to what is declared, because an account is missing or cannot be read, from the last one back. One account that
 * cannot be read is what is between the two.
 */
export function* reportAudits(
  { record, settlement }: LooseManifest,
  accounts: LooseReport['accounts'] = [],
): Generator<Uint8Array> {
  const { minScores } = record;
  const { scoreTotals, participants, granted, accelerated } = settlement;
  const rows = accounts.map((row) => (row === undefined ? undefined : figuresOf(row, minScores, accelerated.length)));
  const total: Sums = {
    runScores: scoreTotals,
    runParticipants: participants,
    runGranted: granted,
    runAccelerated: accelerated,
  };
  let sums = minus(total, total);
  yield idle(sums);
  let first = 0;
  for (; first < rows.length; first++) {
    const row = rows[first];
    if (row === undefined) break;
    sums = plus(sums, row);
    yield active(sums, row);
    yield idle(sums);
  }
  if (first === rows.length && isZero(minus(total, sums))) return;
  let after = total;
  for (let at = rows.length - 1; at >= 0; at--) {
    yield idle(after);
    const row = rows[at];
    if (row === undefined) {
      if (at === first) yield* between(sums, after);
      return;
    }
    yield active(after, row);
    after = minus(after, {
      runScores: row.scores,
      runParticipants: row.participants,
      runGranted: row.grant,
      runAccelerated: row.accelerated,
    });
    if (!isPositive(after)) return;
  }
}

function figuresOf(
  { scores, accelerated, grant }: NonNullable<NonNullable<LooseReport['accounts']>[number]>,
  minScores: readonly bigint[],
  cohorts: number,
): Figures | undefined {
  if (scores.length !== minScores.length || accelerated.length !== cohorts) return undefined;
  return {
    scores,
    accelerated,
    grant,
    participants: scores.map((score, i) => (score >= (minScores[i] ?? 1n) ? 1 : 0)),
  };
}

function* between(before: Sums, after: Sums): Generator<Uint8Array> {
  const own = minus(after, before);
  if (!isPositive(own)) return;
  const { runScores, runParticipants, runGranted, runAccelerated } = own;
  yield active(after, {
    scores: runScores,
    participants: runParticipants,
    grant: runGranted,
    accelerated: runAccelerated,
  });
}

function plus(sums: Sums, row: Figures): Sums {
  return {
    runScores: sums.runScores.map((sum, i) => sum + (row.scores[i] ?? 0n)),
    runParticipants: sums.runParticipants.map((sum, i) => sum + (row.participants[i] ?? 0)),
    runGranted: sums.runGranted + row.grant,
    runAccelerated: sums.runAccelerated.map((sum, j) => sum + (row.accelerated[j] ?? 0n)),
  };
}

function minus(sums: Sums, other: Sums): Sums {
  return {
    runScores: sums.runScores.map((sum, i) => sum - (other.runScores[i] ?? 0n)),
    runParticipants: sums.runParticipants.map((sum, i) => sum - (other.runParticipants[i] ?? 0)),
    runGranted: sums.runGranted - other.runGranted,
    runAccelerated: sums.runAccelerated.map((sum, j) => sum - (other.runAccelerated[j] ?? 0n)),
  };
}

function allOf({ runScores, runParticipants, runGranted, runAccelerated }: Sums): (bigint | number)[] {
  return [...runScores, ...runParticipants, runGranted, ...runAccelerated];
}

function isZero(sums: Sums): boolean {
  return allOf(sums).every((sum) => BigInt(sum) === 0n);
}

function isPositive(sums: Sums): boolean {
  return allOf(sums).every((sum) => sum >= 0);
}

function active(sums: Sums, { scores, accelerated }: Figures): Uint8Array {
  return auditPreimage({ ...sums, scores, accelerated });
}

function idle(sums: Sums): Uint8Array {
  const scores = sums.runScores.map(() => 0n);
  return auditPreimage({ ...sums, scores, accelerated: sums.runAccelerated.map(() => 0n) });
}
