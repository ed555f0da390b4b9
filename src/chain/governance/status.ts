import type { Connection } from '../connect.ts';
import { callLines } from './decode.ts';
import type { Delegate, HandoverState } from './delegates.ts';
import { readDelegates, readHandover } from './delegates.ts';
import { readFacts } from './facts.ts';
import type { Office, Power } from './office.ts';
import { readOffice, readPower } from './office.ts';
import type { Operation } from './operations.ts';
import type { Proposal } from './proposals.ts';
import { onChain } from '../revert-error.ts';
import type { OpenVeto, SuspendedOperator } from '../vetoes.ts';
import { readOpenVetoes, readSuspended } from '../vetoes.ts';
import type { Address } from '../../protocol/brands.ts';
import { decodeDecision, numberOf, readDecisions, shortNumber } from './decisions.ts';

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
  readonly proposals: readonly (Proposal & InWords & OwnVote)[];
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
  const [office, facts, delegates, decisions] = await Promise.all([
    readOffice(connection),
    readFacts(connection),
    readDelegates(connection),
    readDecisions(connection),
  ]);
  const proposals: GovernanceStatus['proposals'][number][] = [];
  const operations: GovernanceStatus['operations'][number][] = [];
  for (const decision of decisions) {
    const short = shortNumber(numberOf(decision));
    const subject = decision.kind === 'proposal' ? decision.proposal : decision.operation;
    if (!all && !OPEN.has(subject.state)) continue;
    const words = (await decodeDecision(connection, decision, facts)).calls.flatMap(callLines);
    if (decision.kind === 'operation') operations.push({ ...decision.operation, short, words });
    else
      proposals.push({
        ...decision.proposal,
        short,
        words,
        ...(await readOwnVote(connection, decision.proposal, account)),
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

/** What an account has in a proposal: null where nobody is named, or where the moment of its votes lies ahead. */
export interface OwnVote {
  readonly voted: boolean | null;
  /** In wei, as it stood when the vote began. */
  readonly weight: bigint | null;
}

/** Reads whether an account has voted about a proposal, and with what it can. */
export async function readOwnVote(
  { contracts }: Connection,
  { id, quorum, voteStart }: Pick<Proposal, 'id' | 'quorum' | 'voteStart'>,
  account: Address | null,
): Promise<OwnVote> {
  if (account === null || quorum === null) return { voted: null, weight: null };
  const { governor } = contracts;
  return await onChain(async () => ({
    voted: await governor.hasVoted(id, account),
    weight: await governor.getVotes(account, voteStart),
  }));
}
