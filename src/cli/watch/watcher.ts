import type { AgreedBlock, Endpoint } from '../../chain/agreement.ts';
import { agreed, agreedBlock, assertStillThere, blockAt, EndpointsDisagreeError } from '../../chain/agreement.ts';
import { watchedEvents } from '../../chain/watched-events.ts';
import type { ProposalHead, WatchedProposal } from '../../chain/watched-proposal.ts';
import { proposalHead, readWatchedProposal } from '../../chain/watched-proposal.ts';
import type { LeafDemand } from '../../chain/disputed-proposal.ts';
import { readDemands } from '../../chain/disputed-proposal.ts';
import { RetryableError } from '../../protocol/errors.ts';
import type { LedgerDifferences } from '../../settlement/faults/ledger-differences.ts';
import { answerPreimages } from '../../settlement/prover/leaf-answer.ts';
import type { VetoPlace } from './alarm.ts';
import { declarationReason, isVetoGround, proposalFacts, readyVeto, reasonOf } from './alarm.ts';
import type { Judge, Judged } from './judge.ts';
import type { Case, Prosecution } from './prosecution.ts';
import type { ProposalMemory, WatchState } from './state.ts';
import type { Verdict } from './verdict.ts';
import { ALARM_TIMES, alarmLevel, isAlarmDue, verdictOf } from './verdict.ts';
import type { ToldEvent, WatchEvent } from './watch-event.ts';

export interface WatcherOptions {
  readonly endpoints: readonly Endpoint[];
  readonly confirmations: number;
  readonly judge: Judge;
  readonly state: WatchState;
  /** The address book's file, for the commands that are made ready. */
  readonly book: string;
  /** Makes what acts; null: nothing is sent. */
  readonly prosecution: ((say: (event: WatchEvent) => void) => Prosecution) | null;
  readonly tell: (event: ToldEvent) => void;
}

/** What a round came to: fine, something is wrong with a proposal, or nobody can say. */
export type RoundOutcome = 'quiet' | 'alarm' | 'unsure';

/** After a reorg events are told again from this many blocks before the place where it was seen. */
const REWIND = 64;
/** Looking into a proposal that ended the process so often is not begun again. */
const MOST_BEGUN = 2;

/** Looks at the chain again and again; everything that has to outlive the process stands in its state. */
export class Watcher {
  readonly #options: WatcherOptions;
  readonly #prosecution: Prosecution | null;
  #block: AgreedBlock | null = null;
  #trouble = '';
  #proposal: WatchedProposal | null = null;
  #judged: Judged | null = null;

  constructor(options: WatcherOptions) {
    this.#options = options;
    this.#prosecution = options.prosecution?.((event) => this.say(event)) ?? null;
  }

  /** Looks once. Endpoints that do not answer or do not agree are an outcome, told when it begins and when it ends. */
  async round(): Promise<RoundOutcome> {
    const troubles: RetryableError[] = [];
    const outcome = await despite(troubles, async () => await this.#look(troubles), 'quiet' as const);
    this.#tellTrouble(troubles[0] ?? null);
    return outcome === 'quiet' && troubles.length > 0 ? 'unsure' : outcome;
  }

  say(event: WatchEvent): void {
    this.#options.tell({ block: this.#block?.number ?? null, time: this.#block?.time ?? null, ...event });
  }

  #tellTrouble(error: RetryableError | null): void {
    const words = error === null ? '' : `${error.code} ${error.shortMessage}`;
    if (words === this.#trouble) return;
    this.#trouble = words;
    if (error === null) {
      this.say({ event: 'recovered', alarm: false });
    } else if (error instanceof EndpointsDisagreeError) {
      this.say({ event: 'disagree', alarm: true, what: error.what, answers: error.answers });
    } else {
      this.say({ event: 'unavailable', alarm: true, code: error.code, reason: error.shortMessage });
    }
  }

  /** What waits is judged and answered first, whatever else fails: only that has a deadline. */
  async #look(troubles: RetryableError[]): Promise<RoundOutcome> {
    const { endpoints, confirmations, state } = this.#options;
    const prosecution = this.#prosecution;
    const block = await agreedBlock(endpoints, confirmations);
    this.#block = block;
    const followed = await despite(troubles, async () => await this.#follow(block), null);
    await despite(troubles, async () => await prosecution?.follow(block), undefined);
    const pending = await this.#pending(block);
    const isWrong = pending !== null && (await this.#attend(pending, block));
    await despite(troubles, async () => await prosecution?.collect(block), undefined);
    // Endpoints that are behind for a while do not make it look at the same events again.
    if (followed !== null && block.number >= (state.memory.cursor?.number ?? 0)) {
      state.memory.cursor = { number: block.number, hash: block.hash };
    }
    await state.save();
    return isWrong || followed?.isMissed === true ? 'alarm' : 'quiet';
  }

  /** Tells what happened since the last look, and whether something became final that should not have. */
  async #follow(block: AgreedBlock): Promise<{ readonly isMissed: boolean }> {
    const { endpoints, state } = this.#options;
    const { memory } = state;
    if (memory.cursor === null) return { isMissed: false };
    let from = memory.cursor.number + 1;
    if (memory.cursor.number > block.number) return { isMissed: false };
    const was = await blockAt(endpoints, memory.cursor.number);
    if (was.hash !== memory.cursor.hash) {
      this.say({ event: 'reorg', alarm: false, block: was.number, was: memory.cursor.hash, is: was.hash });
      from = Math.max(0, was.number - REWIND);
      this.#forget();
    }
    const events = await agreed(endpoints, 'what happened', (connection) =>
      watchedEvents(connection, from, block.number),
    );
    let isMissed = false;
    for (const { name, transaction, values } of events) {
      const verdict = (memory.proposals[values['proposalId'] ?? '']?.verdict ?? null) as Verdict | null; // written by us
      const isLate = name === 'EpochFinalised' && verdict !== 'equal';
      this.say({ event: 'chain', alarm: isLate, name, transaction, values, verdict });
      isMissed ||= isLate;
    }
    return { isMissed };
  }

  /** The proposal that waits; read anew when it is another one, or its window has moved. */
  async #pending(block: AgreedBlock): Promise<Pending | null> {
    const { endpoints } = this.#options;
    const head = await agreed(endpoints, 'the proposal that waits', (connection) =>
      proposalHead(connection, block.number),
    );
    if (head === null) {
      this.#forget();
      return null;
    }
    const known = this.#proposal;
    const isKnown =
      known?.proposalId === head.proposalId &&
      known.settlementHash === head.settlementHash &&
      known.until === head.until;
    if (!isKnown) {
      const read = await agreed(endpoints, 'the proposal that waits', (connection) =>
        readWatchedProposal(connection, block.number),
      );
      await assertStillThere(endpoints, block);
      if (known?.settlementHash !== read?.settlementHash) this.#judged = null;
      this.#proposal = read;
    }
    return this.#proposal === null ? null : { proposal: this.#proposal, head };
  }

  #forget(): void {
    this.#proposal = null;
    this.#judged = null;
  }

  /** Judges a proposal where that is due, raises alarms that are due, and acts; true when something is wrong with it. */
  async #attend({ proposal, head }: Pending, block: AgreedBlock): Promise<boolean> {
    const prosecution = this.#prosecution;
    const memory = this.#memoryOf(proposal);
    const demands = await this.#demands(proposal, head, memory, block);
    const judged = await this.#judge(proposal, memory, demands, block);
    const verdict = verdictOf(judged);
    const facts = {
      ...proposalFacts(proposal, block.time),
      ...{ verdict, report: judged.report.found ? judged.report.from : null },
    };
    if (verdict === 'equal') {
      if (memory.verdict !== 'equal') this.say({ event: 'judged', alarm: false, ...facts });
    } else {
      const level = alarmLevel(facts.left, proposal.window);
      if (isAlarmDue(memory.alarms[verdict], level)) {
        await this.#raise(proposal, judged, facts, level, block);
        memory.alarms[verdict] = level;
      }
    }
    memory.verdict = verdict;
    await this.#options.state.save();
    const given = { proposal, judged, memory, demands, demandUntil: head.demandUntil, block };
    if (verdict === 'equal') return await this.#defend(given);
    await prosecution?.prosecute(given);
    return true;
  }

  /** An honest proposal falls by a demand that nobody answers: it is answered, or somebody has to. True when that is left to do. */
  async #defend(given: Case): Promise<boolean> {
    const { proposal, memory, demands, block } = given;
    const open = demands.filter(({ state }) => state === 'open');
    const left = (await this.#prosecution?.defend(given)) ?? open;
    if (left.length === 0) return false;
    const facts = proposalFacts(proposal, block.time);
    const level = alarmLevel(facts.left, proposal.window);
    const isNew = demands.length > (memory.alarms['leaves demanded'] ?? 0);
    if (isNew || isAlarmDue(memory.alarms['demanded'], level)) {
      const leaves = left.map(({ index }) => index);
      const deadline = Math.min(...left.map((demand) => demand.deadline));
      this.say({ event: 'demanded', alarm: true, ...facts, leaves, deadline });
      memory.alarms['demanded'] = level;
      memory.alarms['leaves demanded'] = demands.length;
      await this.#options.state.save();
    }
    return true;
  }

  /** What was demanded of a proposal; answers can show what its report does not. */
  async #demands(
    { proposalId, proposedIn }: WatchedProposal,
    { openDemands }: ProposalHead,
    { verdict }: ProposalMemory,
    block: AgreedBlock,
  ): Promise<readonly LeafDemand[]> {
    if (verdict === 'equal' && openDemands === 0) return [];
    return await agreed(this.#options.endpoints, 'the demands of leaves', (connection) =>
      readDemands(connection, proposalId, { since: proposedIn, block: block.number }),
    );
  }

  async #judge(
    proposal: WatchedProposal,
    memory: ProposalMemory,
    demands: readonly LeafDemand[],
    block: AgreedBlock,
  ): Promise<Judged> {
    const { judge, state } = this.#options;
    const inputs = await judge.inputs();
    // What is settled for good is not fetched again; what was missing may have come.
    const isSettled = memory.verdict === 'equal' || memory.verdict === 'fault' || memory.verdict === 'false-scores';
    if (this.#judged !== null && isSettled && memory.inputs === inputs) return this.#judged;
    const shown = demands.flatMap(({ index, answer }) => (answer === null ? [] : [...answerPreimages(index, answer)]));
    // Written down before: a tree that ends this process does not end the next ones.
    const opens = memory.begun < MOST_BEGUN;
    if (opens) memory.begun++;
    await state.save();
    const judged = await judge.judge(proposal, {
      ...{ shown, opens },
      differs: async ({ declaration }) => await this.#differs(proposal, memory, declaration, block),
    });
    this.#prosecution?.weigh(judged, memory);
    if (opens) memory.begun = 0;
    memory.inputs = inputs;
    this.#judged = judged;
    return judged;
  }

  /** Tells what the declaration alone shows: before it is looked into what an operator made to break whoever looks. */
  async #differs(
    proposal: WatchedProposal,
    memory: ProposalMemory,
    declaration: LedgerDifferences['declaration'],
    block: AgreedBlock,
  ): Promise<void> {
    const facts = proposalFacts(proposal, block.time);
    const level = alarmLevel(facts.left, proposal.window);
    if (!isAlarmDue(memory.alarms['differs'], level)) return;
    const reason = declarationReason(declaration);
    const veto = await readyVeto(this.#vetoPlace(), proposal, reason, block.time);
    this.say({ event: 'differs', alarm: true, ...facts, when: ALARM_TIMES[level] ?? '', reason, declaration, veto });
    memory.alarms['differs'] = level;
    await this.#options.state.save();
  }

  #memoryOf({ proposalId, settlementHash, epoch }: WatchedProposal): ProposalMemory {
    const { proposals } = this.#options.state.memory;
    const known = proposals[proposalId.toString()];
    // After a reorg another proposal can have the same number.
    if (known?.settlementHash === settlementHash) return known;
    const fresh: ProposalMemory = {
      settlementHash,
      epoch,
      verdict: null,
      inputs: '',
      alarms: {},
      begun: 0,
      disproof: null,
    };
    proposals[proposalId.toString()] = fresh;
    return fresh;
  }

  async #raise(
    proposal: WatchedProposal,
    judged: Judged,
    facts: ReturnType<typeof proposalFacts> & { readonly verdict: Verdict; readonly report: string | null },
    level: number,
    block: AgreedBlock,
  ): Promise<void> {
    const { report, ledger } = judged;
    const reason = reasonOf(judged);
    const place = this.#vetoPlace();
    this.say({
      ...{ event: 'alarm', alarm: true, ...facts },
      when: ALARM_TIMES[level] ?? '',
      reason,
      code: ledger.kind === 'unjudged' ? ledger.code : null,
      places: report.found ? [] : report.answers,
      differences: ledger.kind === 'different' ? ledger.differences : null,
      tasks: ledger.kind === 'different' ? Object.fromEntries(ledger.taskNames) : {},
      veto: isVetoGround(facts.verdict, level) ? await readyVeto(place, proposal, reason, block.time) : null,
    });
  }

  #vetoPlace(): VetoPlace {
    const { state, endpoints, book } = this.#options;
    const [first] = endpoints;
    const { addresses, addressBook } = (first ?? missing()).connection;
    return { addresses, chainId: addressBook.chainId, folder: state.folder, book };
  }
}

/** What a proposal is, and what may have changed about it since the last look. */
interface Pending {
  readonly proposal: WatchedProposal;
  readonly head: ProposalHead;
}

/** Does something although it may fail: a node that does not answer is noted, and no reason to leave out what comes next. */
async function despite<T, U>(troubles: RetryableError[], act: () => Promise<T>, otherwise: U): Promise<T | U> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof RetryableError)) throw error;
    troubles.push(error);
    return otherwise;
  }
}

function missing(): never {
  throw new TypeError('no endpoint');
}
