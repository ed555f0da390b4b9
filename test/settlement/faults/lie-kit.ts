import type { Address } from '../../../src/protocol/brands.ts';
import type { EpochSettlement } from '../../../src/settlement/settle-epoch.ts';
import type { Random } from '../../support/effort.ts';
import type { ForgedLeaf, Forgery } from '../../support/forgery.ts';
import { auditBytes, curveBytes, hashOf, refit, wordsOf } from '../../support/forgery.ts';
import { testAddress } from '../../support/history.ts';

export const WAD = 10n ** 18n;

/** What a liar has at hand: an honest settlement, and a source of random numbers. */
export interface Victim {
  readonly settled: EpochSettlement;
  readonly numbers: Random;
  /** The protocol's own contracts, where there are real ones. */
  readonly forbidden?: readonly Address[];
}

/** One way to lie: bends a forgery in one place, or says that this settlement gives no occasion. */
export interface Lie {
  readonly name: string;
  readonly bend: (forgery: Forgery, victim: Victim) => boolean;
}

type Bend = Lie['bend'];
export const lie = (name: string, bend: Bend): Lie => ({ name, bend });
export const any = <T>(list: readonly T[], numbers: Random): T | undefined =>
  list.length === 0 ? undefined : list[numbers.index(list.length)];

/** Bends one leaf, if there is one that `choose` likes. */
export const leafLie = (
  name: string,
  bend: (leaf: ForgedLeaf, victim: Victim, forgery: Forgery) => unknown,
  choose: (leaf: ForgedLeaf) => boolean = () => true,
): Lie =>
  lie(name, (forgery, victim) => {
    const leaf = any(forgery.leaves.filter(choose), victim.numbers);
    return leaf !== undefined && bend(leaf, victim, forgery) !== false;
  });

export const hasCohort = (leaf: ForgedLeaf): boolean => leaf.cohorts.length > 0;
export const scored = (leaf: ForgedLeaf): boolean => leaf.scores.some((score) => score > 0n);
export const was = ({ settled }: Victim, account: bigint): boolean =>
  [...settled.parent.accounts].some((state) => BigInt(state.account) === account);

/** The honest grant of scores, by the settlement's own declared budget figures; written anew for the tests. */
export function honestGrant({ settled }: Victim, scores: readonly bigint[], cap = settled.record.accountCap): bigint {
  const { outcome, settlement } = settled;
  return scores.reduce((sum, score, i) => {
    const [budget, total] = [outcome.taskBudgets[i]!, settlement.scoreTotals[i]!];
    if (total === 0n) return sum;
    const [share, most] = [(budget * score) / total, (budget * cap) / WAD];
    return sum + (share < most ? share : most);
  }, 0n);
}

export const refitted = (forgery: Forgery, victim: Victim): true => {
  refit(forgery, victim.settled.record.minScores, (leaf) => honestGrant(victim, leaf.scores));
  return true;
};

/** An address that the tests treat as the protocol's own. */
export const TOKEN = testAddress(424_242);

export function leafBytes(leaf: ForgedLeaf): Uint8Array {
  return Buffer.concat([wordsOf(leaf.account), hashOf(curveBytes(leaf)), hashOf(auditBytes(leaf))]);
}

export function sameCurve(a: ForgedLeaf, b: ForgedLeaf): boolean {
  return Buffer.from(curveBytes(a)).equals(curveBytes(b));
}

export function fresh({ declared }: Forgery, account: bigint): ForgedLeaf {
  const zeros = declared.participants.map(() => 0n);
  const none = declared.accelerated.map(() => 0n);
  return {
    account,
    unlocked: 0n,
    cohorts: [],
    scores: [...zeros],
    accelerated: [...none],
    runScores: [...zeros],
    runParticipants: [...zeros],
    runGranted: 0n,
    runAccelerated: [...none],
  };
}

export function insert({ leaves }: Forgery, leaf: ForgedLeaf): void {
  const at = leaves.findIndex(({ account }) => account > leaf.account);
  leaves.splice(at < 0 ? leaves.length : at, 0, leaf);
}

/** Changes the amount that a leaf holds in the cohort of this end; one that becomes 0 vanishes, one that was not there comes. */
export function move(leaf: ForgedLeaf, { end, duration }: { end: number; duration: number }, by: bigint): void {
  const cohort = leaf.cohorts.find((one) => one.end === BigInt(end));
  if (cohort !== undefined) cohort.amount += by;
  else if (by !== 0n) leaf.cohorts.push({ end: BigInt(end), duration: BigInt(duration), amount: by });
  leaf.cohorts = leaf.cohorts.filter(({ amount }) => amount !== 0n).sort((a, b) => (a.end < b.end ? -1 : 1));
}

export function cohortEnds({ settled }: Victim): number[] {
  const { parent, record } = settled;
  return parent.totalCurve.cohorts.filter(({ end, duration }) => end + duration > record.end).map(({ end }) => end);
}
