import type { Call } from '../../chain/calls.ts';
import type { Connection } from '../../chain/connect.ts';
import { callLines, decodeCalls } from '../../chain/governance/decode.ts';
import type { Delegate, HandoverState } from '../../chain/governance/delegates.ts';
import { readDelegates, readHandover } from '../../chain/governance/delegates.ts';
import type { Office, Power } from '../../chain/governance/office.ts';
import { readOffice, readPower } from '../../chain/governance/office.ts';
import type { Operation } from '../../chain/governance/operations.ts';
import type { Proposal } from '../../chain/governance/proposals.ts';
import { onChain } from '../../chain/revert-error.ts';
import type { OpenVeto, SuspendedOperator } from '../../chain/vetoes.ts';
import { readOpenVetoes, readSuspended } from '../../chain/vetoes.ts';
import type { Address } from '../../protocol/brands.ts';
import { numberOf, readDecisions, shortNumber } from './decisions.ts';

/** What a decision does, in words, line by line; its calls as they are. */
interface InWords {
  /** As many digits as every command takes for it. */
  readonly short: string;
  readonly words: readonly string[];
}

export interface GovernanceStatus extends Office {
  /** Votes that somebody holds, in wei. */
  readonly delegated: bigint;
  readonly delegates: readonly Delegate[];
  readonly handover: HandoverState;
  readonly proposals: readonly (Proposal &
    InWords & { readonly voted: boolean | null; readonly weight: bigint | null })[];
  readonly operations: readonly (Operation & InWords)[];
  /** Vetoes that wait for a ruling, or for their bonds to be released. */
  readonly vetoes: readonly OpenVeto[];
  readonly suspended: readonly SuspendedOperator[];
  readonly power: Power | null;
}

const OPEN = new Set(['pending', 'active', 'succeeded', 'queued', 'waiting', 'ready']);

/** Everything about who decides and what is being decided, at the newest block. */
export async function readStatus(
  connection: Connection,
  { account, all }: { readonly account: Address | null; readonly all: boolean },
): Promise<GovernanceStatus> {
  const office = await readOffice(connection);
  const delegates = await readDelegates(connection);
  const decisions = await readDecisions(connection);
  const proposals: GovernanceStatus['proposals'][number][] = [];
  const operations: GovernanceStatus['operations'][number][] = [];
  for (const decision of decisions) {
    const short = shortNumber(numberOf(decision));
    const subject = decision.kind === 'proposal' ? decision.proposal : decision.operation;
    if (!all && !OPEN.has(subject.state)) continue;
    const words = await wordsOf(connection, subject.calls);
    if (decision.kind === 'operation') operations.push({ ...decision.operation, short, words });
    else
      proposals.push({
        ...decision.proposal,
        short,
        words,
        ...(await ownVote(connection, decision.proposal, account)),
      });
  }
  return {
    ...office,
    delegated: delegates.reduce((sum, { votes }) => sum + votes, 0n),
    delegates,
    handover: await readHandover(connection, delegates),
    proposals,
    operations,
    vetoes: await readOpenVetoes(connection, office.time),
    suspended: await readSuspended(connection, office.time),
    power: account === null ? null : await readPower(connection, account, office),
  };
}

async function ownVote({ contracts }: Connection, { id, quorum, voteStart }: Proposal, account: Address | null) {
  if (account === null || quorum === null) return { voted: null, weight: null };
  const { governor } = contracts;
  return await onChain(async () => ({
    voted: await governor.hasVoted(id, account),
    weight: await governor.getVotes(account, voteStart),
  }));
}

async function wordsOf(connection: Connection, calls: readonly Call[]): Promise<readonly string[]> {
  const decoded = await onChain(() => decodeCalls(connection, calls));
  return decoded.flatMap(callLines);
}
