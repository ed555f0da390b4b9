import { join } from 'node:path';

import type { Addresses } from '../../chain/address-book.ts';
import { vetoCall } from '../../chain/calls.ts';
import { safeFile } from '../../chain/governance/safe-file.ts';
import type { WatchedProposal } from '../../chain/watched-proposal.ts';
import { hexToBytes } from '../../protocol/words.ts';
import { contentIdFrom } from '../../settlement/report/content-id.ts';
import type { LedgerDifference, LedgerDifferences } from '../../settlement/faults/ledger-differences.ts';
import { writeWhole } from '../../store/write-whole.ts';
import { jsonDocument } from '../output/json-document.ts';
import { shellLine } from '../output/shell-line.ts';
import type { Judgement, Verdict } from './verdict.ts';
import { verdictOf } from './verdict.ts';
import type { ProposalFacts, ReadyVeto } from './watch-event.ts';

/** How a proposal stands in every event. */
export function proposalFacts(
  { epoch, proposalId, operator, settlement, until }: WatchedProposal,
  now: number,
): ProposalFacts {
  const { cid } = contentIdFrom(hexToBytes(settlement.reportCid));
  const left = Math.max(0, until - now);
  return { epoch, proposalId: proposalId.toString(), operator, root: settlement.root, cid, until, left };
}

/** Why a proposal must not become final, or cannot be judged, in one sentence; it is the reason of a veto too. */
export function reasonOf(judgement: Judgement): string {
  const { report, ledger, finding } = judgement;
  const verdict = verdictOf(judgement);
  switch (verdict) {
    case 'equal':
      return 'it is what the ledger gives';
    case 'fault':
      return `its arithmetic is wrong (${finding?.kind ?? ''}), which can be proven on chain`;
    case 'hidden': {
      const what =
        report.found || report.outcome === 'unavailable'
          ? 'its report is not available'
          : 'what is published is not its report';
      const alike = ledger.kind === 'equal' ? '; its root is what the ledger gives' : '';
      return `${what}${ledger.kind === 'different' ? '; its root is not what the ledger gives' : alike}`;
    }
    case 'withheld':
      return `its report does not open leaf ${finding !== null && 'index' in finding ? finding.index : ''}`;
    case 'false-scores':
      return ledger.kind === 'different' ? falseScores(ledger) : '';
    case 'unjudged':
      return ledger.kind === 'unjudged' ? lacking(ledger) : '';
  }
}

function lacking({ code, reason, next }: Extract<Judgement['ledger'], { kind: 'unjudged' }>): string {
  const what = code === 'JUDGE_FAILED' ? 'judging it failed' : 'it cannot be held against the ledger';
  return `${what}: ${reason}${next === null ? '' : `; ${next}`}`;
}

/** More figures than this are not named one by one in a sentence. */
const NAMED = 3;

function falseScores({ differences, taskNames }: Extract<Judgement['ledger'], { kind: 'different' }>): string {
  const { figures, declaration } = differences;
  const one = ({ account, what, of, declared, recomputed }: LedgerDifference): string =>
    `${account} has ${declared} instead of ${recomputed} ${what === 'score' ? `in ${taskNames.get(of) ?? `task ${of}`}` : 'accelerated'}`;
  const named = figures.slice(0, NAMED).map(one);
  const more = figures.length > NAMED ? [`and ${figures.length - NAMED} figures more`] : [];
  if (named.length > 0) return `its scores are not what the ledger gives: ${[...named, ...more].join('; ')}`;
  return declarationReason(declaration);
}

/** The same, from what the chain has alone. */
export function declarationReason(declaration: LedgerDifferences['declaration']): string {
  const words = declaration
    .slice(0, NAMED)
    .map((each) => `${each.figure} is ${each.declared} instead of ${each.recomputed}`);
  return `it is not what the ledger gives: ${words.join('; ')}`;
}

/**
 * Whether a guardian can answer a verdict. A provable fault needs none as long as there is time for a proof: from half of the window
 * on it is one more way to stop it. What cannot be judged is no ground by itself, but whoever decides has it ready: an operator may have
 * seen to it that nobody can judge.
 */
export function isVetoGround(verdict: Verdict, level: number): boolean {
  if (verdict === 'fault') return level > 0;
  return verdict !== 'equal';
}

/** Where a veto is to be sent, and where it is written down. */
export interface VetoPlace {
  readonly addresses: Addresses;
  readonly chainId: number;
  /** The folder for the Safe's file. */
  readonly folder: string;
  /** The address book's file. */
  readonly book: string;
}

/** Makes a veto ready: the call, the command, and a file for a Safe's owners beside what the watcher remembers. */
export async function readyVeto(
  { addresses, chainId, folder, book }: VetoPlace,
  { proposalId, epoch }: WatchedProposal,
  reason: string,
  now: number,
): Promise<ReadyVeto> {
  const call = vetoCall(addresses, proposalId, reason);
  const path = join(folder, `veto-${proposalId}.json`);
  const meta = {
    chainId,
    createdAt: now,
    name: `veto proposal ${proposalId}`,
    description: `epoch ${epoch}: ${reason}`,
  };
  await writeWhole(path, new TextEncoder().encode(jsonDocument(safeFile([call], meta))));
  const words = ['npx', 'lode', 'guardian', 'veto', proposalId.toString(), '--addresses', book, '--reason', reason];
  return { to: call.to, data: call.data, reason, command: shellLine(words), safeFile: path };
}
