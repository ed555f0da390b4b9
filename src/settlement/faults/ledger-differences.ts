import type { Settlement } from '../../protocol/epoch-record.ts';
import type { Audit } from '../../protocol/settlement-leaf.ts';
import { byAccount } from '../epoch-scores.ts';
import type { EpochSettlement } from '../settle-epoch.ts';
import type { FaultContext } from './evidence.ts';
import { judge } from './judged.ts';
import type { Reveal } from './open-tree.ts';
import { openTree } from './open-tree.ts';
import { accountWord, readAudit } from './raw-leaf.ts';

/** One figure of one account that a settlement has otherwise than the ledger gives it. */
export interface LedgerDifference {
  /** In lower case. */
  readonly account: string;
  readonly what: 'score' | 'accelerated';
  /** The task of a score; for an accelerated amount, the end of its cohort. */
  readonly of: number;
  readonly declared: bigint;
  readonly recomputed: bigint;
}

/** What an account was granted, where it is not what the ledger gives. */
export interface GrantDifference {
  readonly account: string;
  readonly declared: bigint;
  readonly recomputed: bigint;
}

/** A figure of the declaration itself that differs. */
export interface DeclaredDifference {
  /** Such as `scoreTotals[1]`. */
  readonly figure: string;
  readonly declared: string;
  readonly recomputed: string;
}

/** How a settlement departs from the ledger. */
export interface LedgerDifferences {
  /** Of the declaration: what the chain has, so that no report is needed to see it. */
  readonly declaration: readonly DeclaredDifference[];
  /** Scores and accelerated amounts, which are what the ledger says; by account. */
  readonly figures: readonly LedgerDifference[];
  /** What follows from them; by account. */
  readonly grants: readonly GrantDifference[];
}

type Declared = Omit<Settlement, 'reportCid'>;

/** Whether two declarations are the same in everything but where the report is. */
export function sameDeclaration(a: Declared, b: Declared): boolean {
  return declarationDifferences(a, b).length === 0;
}

/**
 * Compares what a settlement declares with what the ledger gives, leaf by leaf as its tree has them: what the report says
 * besides is not looked at. Leaves that the report does not open are left out.
 */
export function ledgerDifferences(
  context: FaultContext,
  reveal: Reveal,
  recomputed: EpochSettlement,
): LedgerDifferences {
  const declaration = declarationDifferences(context.settlement, recomputed.settlement);
  const judged = judge(context);
  if (typeof judged === 'string') return { declaration, figures: [], grants: [] };
  const figures: LedgerDifference[] = [];
  const grants: GrantDifference[] = [];
  const rows = new Map([...recomputed.rows].map((row) => [BigInt(row.account), row]));
  const seen = new Set<bigint>();
  const { leaves } = openTree(context.settlement, reveal, 'curve and audit');
  const compare = (account: bigint, audit: Pick<Audit, 'scores' | 'accelerated'>, granted: bigint | null): void => {
    const row = rows.get(account);
    const name = `0x${account.toString(16).padStart(40, '0')}`;
    const each = (what: LedgerDifference['what'], of: number, declared: bigint, expected = 0n): void => {
      if (declared !== expected) figures.push({ account: name, what, of, declared, recomputed: expected });
    };
    context.record.tasks.forEach((task, i) => each('score', task, audit.scores[i] ?? 0n, row?.scores[i]));
    judged.cohorts.forEach(({ end }, j) => each('accelerated', end, audit.accelerated[j] ?? 0n, row?.accelerated[j]));
    const grant = row?.grant ?? 0n;
    if (granted !== null && granted !== grant) grants.push({ account: name, declared: granted, recomputed: grant });
  };
  let before: { readonly index: number; readonly granted: bigint } | undefined = { index: -1, granted: 0n };
  for (const { index, leaf, audit: bytes } of leaves) {
    const account = accountWord(leaf);
    const audit = bytes === undefined ? undefined : readAudit(bytes, judged);
    if (account !== undefined && audit !== undefined) {
      seen.add(account);
      compare(account, audit, before?.index === index - 1 ? audit.runGranted - before.granted : null);
    }
    before = audit === undefined ? undefined : { index, granted: audit.runGranted };
  }
  const isWhole = leaves.length === context.settlement.leafCount && seen.size === leaves.length;
  if (isWhole) {
    for (const account of rows.keys()) if (!seen.has(account)) compare(account, { scores: [], accelerated: [] }, 0n);
  }
  return { declaration, figures: figures.sort(byAccount), grants: grants.sort(byAccount) };
}

/** Where two declarations part, figure by figure; where the report is does not count. */
export function declarationDifferences(declared: Declared, recomputed: Declared): DeclaredDifference[] {
  const differences: DeclaredDifference[] = [];
  const each = (figure: string, a: unknown, b: unknown): void => {
    if (String(a) !== String(b)) differences.push({ figure, declared: String(a), recomputed: String(b) });
  };
  for (const figure of ['root', 'leafCount', 'granted'] as const) each(figure, declared[figure], recomputed[figure]);
  for (const figure of ['participants', 'scoreTotals', 'accelerated'] as const) {
    const [ours, theirs] = [recomputed[figure], declared[figure]];
    const length = ours.length > theirs.length ? ours.length : theirs.length;
    for (let i = 0; i < length; i++) each(`${figure}[${i}]`, theirs[i] ?? 'nothing', ours[i] ?? 'nothing');
  }
  return differences;
}
