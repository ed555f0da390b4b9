import type { AgreedBlock, Endpoint } from '../../chain/agreement.ts';
import { agreed } from '../../chain/agreement.ts';
import type { Addresses } from '../../chain/address-book.ts';
import {
  answerCall,
  demandCall,
  disproveCall,
  disproveUnansweredCall,
  reclaimDepositCall,
  withdrawBondCall,
} from '../../chain/disproof.ts';
import type { LeafDemand } from '../../chain/disputed-proposal.ts';
import type { WatchedProposal } from '../../chain/watched-proposal.ts';
import type { Address } from '../../protocol/brands.ts';
import { RetryableError } from '../../protocol/errors.ts';
import { leafAnswer } from '../../settlement/prover/leaf-answer.ts';
import type { Verdict } from '../../settlement/prover/prove.ts';
import { prove } from '../../settlement/prover/prove.ts';
import { marketFees } from './fees.ts';
import type { Judged } from './judge.ts';
import type { Sender } from './sender.ts';
import type { WatchState } from './state.ts';
import { alarmLevel, verdictOf } from './verdict.ts';
import type { WatchEvent } from './watch-event.ts';

export interface ProsecutionOptions {
  readonly endpoints: readonly Endpoint[];
  readonly addresses: Addresses;
  readonly account: Address;
  readonly sender: Sender;
  readonly state: WatchState;
  readonly say: (event: WatchEvent) => void;
  /** How many leaves of one proposal are demanded at most: each costs a deposit, which an answer takes. */
  readonly mostDemands: number;
}

/** A proposal, what was found out about it, and what was demanded of it, as of a block. */
export interface Case {
  readonly proposal: WatchedProposal;
  readonly judged: Judged;
  readonly demands: readonly LeafDemand[];
  readonly block: AgreedBlock;
}

/** The contract's `DemandState.Open`. */
const OPEN = 1n;
/** How long another demander is left to collect what is his, in seconds. */
const GRACE = 900;
/** The gas of a dear proof or two, and of what collects the reward. */
const GAS_WANTED = 4_000_000n;

/** Disproves what can be proven, demands what is withheld, shows what is demanded of what is right, and collects what that brings. */
export class Prosecution {
  readonly #options: ProsecutionOptions;
  #hasCheckedFunds = false;
  /** What was found to be done about a judgement, so that it is searched for once. */
  readonly #verdicts = new WeakMap<Judged, Verdict>();

  constructor(options: ProsecutionOptions) {
    this.#options = options;
  }

  /** Sends what a judgement calls for: one transaction, or none. What it fails for is told, and never ends the watch. */
  async prosecute(given: Case): Promise<void> {
    await this.#guarded(given, () => this.#prosecute(given));
  }

  /** Shows what is demanded of a settlement that is what the ledger gives: whoever has the report may, and is paid for it. */
  async defend(given: Case): Promise<void> {
    await this.#guarded(given, () => this.#defend(given));
  }

  async #guarded(given: Case, act: () => Promise<void>): Promise<void> {
    const { sender } = this.#options;
    if (sender.isBusy) return;
    try {
      await act();
    } catch (error) {
      if (error instanceof RetryableError) throw error;
      const reason = error instanceof Error ? error.message.slice(0, 300) : 'no reason given';
      sender.refuse(`act on ${given.proposal.proposalId}`, 'PROSECUTION_FAILED', reason);
    }
  }

  async #defend({ proposal, judged, demands, block }: Case): Promise<void> {
    const { sender, addresses } = this.#options;
    const { proposalId, settlement } = proposal;
    const open = demands.filter(({ state, deadline }) => state === 'open' && block.time < deadline);
    for (const { index } of open.toSorted((one, other) => one.deadline - other.deadline)) {
      const answer = leafAnswer(settlement, judged.reveal, index);
      if (answer === undefined) continue;
      const call = answerCall(addresses, settlement, index, answer);
      await sender.send({ key: `show leaf ${index} of ${proposalId}`, ...call }, block);
      if (sender.isBusy) return;
    }
  }

  async #prosecute(given: Case): Promise<void> {
    const { sender, addresses } = this.#options;
    const { proposal, judged, block } = given;
    const { proposalId } = proposal;
    const verdict = this.#verdictOf(judged);
    if (verdict.kind === 'disproof') {
      const call = disproveCall(addresses, proposal, verdict.disproof);
      if (await sender.send({ key: `disprove ${proposalId}`, ...call }, block)) return;
    }
    const overdue = this.#overdue(given);
    if (overdue !== undefined) {
      const call = disproveUnansweredCall(addresses, proposalId, overdue.index);
      await sender.send({ key: `disprove ${proposalId} by leaf ${overdue.index}`, ...call }, block);
    } else if (verdict.kind === 'demand') {
      await this.#demand(given, verdict.index);
    }
  }

  /** Looks what became of what was sent before. */
  async follow(block: AgreedBlock): Promise<void> {
    await this.#options.sender.follow(block);
    await this.#checkFunds(block);
  }

  /** Collects what was brought in by what was sent before; where nothing more urgent is on its way. */
  async collect(block: AgreedBlock): Promise<void> {
    const { sender, addresses, endpoints, account } = this.#options;
    if (!sender.isBusy) await this.#reclaim(block);
    if (sender.isBusy) return;
    const credit = await agreed(endpoints, 'what is owed to this account', ({ contracts }) =>
      contracts.distributor.bondCreditOf(account, { blockTag: block.number }),
    );
    if (credit === 0n) return;
    const call = withdrawBondCall(addresses, account);
    await sender.send({ key: `withdraw what is owed to ${account}`, ...call, pays: credit }, block);
  }

  /** Demands a leaf that nobody demanded yet; a report that may only be late gets the first half of the window. */
  async #demand(given: Case, index: number): Promise<void> {
    const { sender, addresses, endpoints, mostDemands } = this.#options;
    const { proposal, judged, demands, block } = given;
    const { proposalId, until, window } = proposal;
    const isEarly = !judged.report.found && alarmLevel(until - block.time, window) === 0;
    const own = this.#own(given);
    // What others demand does not count: an operator could demand leaves of its own to keep this one from being demanded.
    const isMade = demands.some((demand) => demand.index === index) || own.some(({ state }) => state === 'open');
    if (isEarly || isMade || own.length >= mostDemands) return;
    const at = { blockTag: block.number };
    const { deposit, demandUntil } = await agreed(endpoints, 'what a demand costs', async ({ contracts }) => ({
      deposit: await contracts.distributor.demandDeposit(proposalId, at),
      demandUntil: (await contracts.distributor.proposalOf(proposalId, at)).demandUntil,
    }));
    if (block.time > demandUntil) return;
    const call = demandCall(addresses, proposalId, index, deposit);
    await sender.send({ key: `demand leaf ${index} of ${proposalId}`, ...call }, block);
  }

  /**
   * A demand that nobody answered in time: an own one at once; that of another, who gets the reward, when it was left lying, since
   * no other settlement can be proposed before.
   */
  #overdue({ demands, block }: Case): LeafDemand | undefined {
    const isOver = ({ state, deadline }: LeafDemand, grace: number): boolean =>
      state === 'open' && block.time >= deadline + grace;
    const { account } = this.#options;
    return (
      demands.find((demand) => demand.demander === account && isOver(demand, 0)) ??
      demands.find((demand) => isOver(demand, GRACE))
    );
  }

  /** Takes back the deposit of a demand whose proposal fell for another reason. */
  async #reclaim(block: AgreedBlock): Promise<void> {
    const { sender, addresses, endpoints, state } = this.#options;
    const at = { blockTag: block.number };
    for (const { key, state: became } of state.memory.journal) {
      const [, leaf, id] = /^demand leaf (\d+) of (\d+)$/.exec(key) ?? [];
      if (became !== 'included' || leaf === undefined || id === undefined) continue;
      const [index, proposalId] = [Number(leaf), BigInt(id)];
      const isLeft = await agreed(endpoints, 'what became of a demand', async ({ contracts: { distributor } }) => {
        if ((await distributor.pendingProposal(at)) === proposalId) return false;
        return (await distributor.demandOf(proposalId, index, at)).state === OPEN;
      });
      if (!isLeft) continue;
      const call = reclaimDepositCall(addresses, proposalId, index);
      await sender.send({ key: `reclaim the deposit of leaf ${index} of ${proposalId}`, ...call }, block);
      return;
    }
  }

  /** What can be proven. Where the judge itself failed there is nothing to go by. */
  #verdictOf(judged: Judged): Verdict {
    if (verdictOf(judged) === 'unjudged') return { kind: 'sound' };
    const verdict = this.#verdicts.get(judged) ?? prove(judged);
    this.#verdicts.set(judged, verdict);
    return verdict;
  }

  /** Tells at the first look when the account could not pay for two demands of the newest bond and the gas of proofs. */
  async #checkFunds({ number }: AgreedBlock): Promise<void> {
    if (this.#hasCheckedFunds) return;
    const { endpoints, account, say } = this.#options;
    const at = { blockTag: number };
    const { balance, bond } = await agreed(endpoints, 'what this account has', async ({ contracts, provider }) => ({
      balance: await provider.getBalance(account, number),
      bond: (await contracts.parameters.challengeAt(await contracts.distributor.nextToFinalise(at), at)).bond,
    }));
    const { price } = await marketFees(endpoints);
    const wanted = bond / 16n + price * GAS_WANTED;
    this.#hasCheckedFunds = true;
    if (balance >= wanted) return;
    say({ event: 'funds', alarm: true, account, balance: balance.toString(), wanted: wanted.toString() });
  }

  #own({ demands }: Case): LeafDemand[] {
    return demands.filter(({ demander }) => demander === this.#options.account);
  }
}
