import type { AgreedBlock, Endpoint } from '../../chain/agreement.ts';
import { agreed } from '../../chain/agreement.ts';
import type { Addresses } from '../../chain/address-book.ts';
import {
  answerBounty,
  answerCall,
  demandCall,
  disproveCall,
  disproveUnansweredCall,
  reclaimDepositCall,
  withdrawBondCall,
} from '../../chain/disproof.ts';
import type { LeafDemand } from '../../chain/disputed-proposal.ts';
import type { WatchedProposal } from '../../chain/watched-proposal.ts';
import { marketFees } from '../../operator/chain/fees.ts';
import type { NamedCall, Sender } from '../../operator/chain/sender.ts';
import type { Address } from '../../protocol/brands.ts';
import { RetryableError } from '../../protocol/errors.ts';
import { bytesToHex, hexToBytes } from '../../protocol/words.ts';
import { leafAnswer } from '../../settlement/prover/leaf-answer.ts';
import type { Disproof, Verdict } from '../../settlement/prover/prove.ts';
import { prove } from '../../settlement/prover/prove.ts';
import { wantedLeaves } from './demand-order.ts';
import type { Judged } from './judge.ts';
import type { ProposalMemory, WatchState } from './state.ts';
import { alarmLevel } from './verdict.ts';
import type { WatchEvent } from './watch-event.ts';

export interface ProsecutionOptions {
  readonly endpoints: readonly Endpoint[];
  readonly addresses: Addresses;
  readonly account: Address;
  readonly sender: Sender;
  readonly state: WatchState;
  readonly say: (event: WatchEvent) => void;
  /** How many leaves of one proposal are demanded at most: each that is answered costs a 32nd of the bond. */
  readonly mostDemands: number;
  /** What may be put down at once for demands of one proposal, in wei; null: half of its bond, which a proof brings. */
  readonly mostDeposits: bigint | null;
}

/** A proposal, what was found out about it, and what was demanded of it, as of a block. */
export interface Case {
  readonly proposal: WatchedProposal;
  readonly judged: Judged;
  readonly memory: ProposalMemory;
  readonly demands: readonly LeafDemand[];
  /** The last second in which a leaf can be demanded. */
  readonly demandUntil: number;
  readonly block: AgreedBlock;
}

/** The contract's `DemandState.Open`. */
const OPEN = 1n;
/** How long another demander is left to collect what is his, in seconds. */
const GRACE = 900;
/** The gas of a dear proof or two, and of what collects the reward. */
const GAS_WANTED = 4_000_000n;
const NOTHING: Verdict = { kind: 'sound' };
/** A fault shows between a leaf and the one before it, so a few are demanded at once; and all in the four rounds that a window has. */
const FEWEST_AT_ONCE = 3;
const ROUNDS = 4;

/** Disproves what can be proven, demands what is withheld, shows what is demanded of what is right, and collects what that brings. */
export class Prosecution {
  readonly #options: ProsecutionOptions;
  #hasCheckedFunds = false;
  /** While they are open, what was sent above their price can wait: one withdrawal is enough. */
  #hasOpenDemands = false;
  /** What was shown in this look, and is not on the chain that it looks at yet. */
  #shown = new Set<string>();
  /** What was found to be done about a judgement, so that it is searched for once. */
  readonly #verdicts = new WeakMap<Judged, Verdict>();

  constructor(options: ProsecutionOptions) {
    this.#options = options;
  }

  /** Sends what a judgement calls for: one transaction, or a few demands. What it fails for is told, and never ends the watch. */
  async prosecute(given: Case): Promise<void> {
    const { account } = this.#options;
    this.#hasOpenDemands = given.demands.some(({ demander, state }) => demander === account && state === 'open');
    await this.#guarded(given, () => this.#prosecute(given));
  }

  /**
   * Shows what is demanded of a settlement that is what the ledger gives: whoever has the report may, and is paid for it. Gives the
   * leaves that are still to be shown.
   */
  async defend(given: Case): Promise<readonly LeafDemand[]> {
    await this.#guarded(given, () => this.#defend(given));
    const { demands, proposal } = given;
    return demands.filter(
      ({ state, index }) => state === 'open' && !this.#shown.has(showing(index, proposal.proposalId)),
    );
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

  /** Sends a call; false when the chain would refuse it, or the account cannot pay. */
  async #sends(call: NamedCall, block: AgreedBlock): Promise<boolean> {
    return (await this.#options.sender.send(call, block)).state !== 'refused';
  }

  async #prosecute(given: Case): Promise<void> {
    const { sender, addresses } = this.#options;
    const { proposal, judged, memory, demandUntil, block } = given;
    const { proposalId } = proposal;
    const verdict = this.weigh(judged, memory);
    const isTooLate = block.time > demandUntil;
    const found = verdict.kind === 'demand' && isTooLate ? provenBy(verdict.instead) : memory.disproof;
    if (found !== null) {
      const call = disproveCall(addresses, proposal, { fault: found.fault, proof: hexToBytes(found.proof) });
      if (await this.#sends({ key: `disprove ${proposalId}`, ...call }, block)) return;
    }
    const overdue = this.#overdue(given);
    if (overdue !== undefined) {
      const call = disproveUnansweredCall(addresses, proposalId, overdue.index);
      await sender.send({ key: `disprove ${proposalId} by leaf ${overdue.index}`, ...call }, block);
    } else if (verdict.kind === 'demand' && !isTooLate) {
      await this.#demand(given, verdict.index);
    }
  }

  /** What can be proven; a proof that is found is remembered. Where the judge itself failed there is nothing to go by. */
  weigh(judged: Judged, memory: ProposalMemory): Verdict {
    const known = this.#verdicts.get(judged);
    if (known !== undefined) return known;
    const verdict = judged.isOpened ? this.#proven(judged) : NOTHING;
    this.#verdicts.set(judged, verdict);
    if (verdict.kind === 'disproof') memory.disproof = provenBy(verdict.disproof);
    return verdict;
  }

  async #defend({ proposal, judged, demands, block }: Case): Promise<void> {
    const { sender, addresses } = this.#options;
    const { proposalId, settlement } = proposal;
    const open = demands.filter(({ state, deadline }) => state === 'open' && block.time < deadline);
    for (const { index } of open.toSorted((one, other) => one.deadline - other.deadline)) {
      const answer = leafAnswer(settlement, judged.reveal, index);
      if (answer === undefined) continue;
      const call = answerCall(addresses, settlement, index, answer);
      if (await this.#sends({ key: showing(index, proposalId), ...call }, block))
        this.#shown.add(showing(index, proposalId));
      if (sender.isBusy) return;
    }
  }

  /** Looks what became of what was sent before. */
  async follow(block: AgreedBlock): Promise<void> {
    this.#hasOpenDemands = false;
    this.#shown = new Set();
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
    if (credit === 0n || this.#hasOpenDemands) return;
    const call = withdrawBondCall(addresses, account);
    await sender.send({ key: `withdraw what is owed to ${account}`, ...call, pays: credit }, block);
  }

  /**
   * Demands leaves that nobody demanded yet, the one that a proof needs first and then those beside it. Demands of others do not count:
   * whoever hides a leaf can open any number of them. A report that may only be late gets the first half of the window.
   */
  async #demand(given: Case, index: number): Promise<void> {
    const { sender, addresses, endpoints, mostDemands, mostDeposits } = this.#options;
    const { proposal, judged, demands, block } = given;
    const { proposalId, until, window, bond } = proposal;
    if (!judged.report.found && alarmLevel(until - block.time, window) === 0) return;
    const own = demands.filter(({ demander }) => demander === this.#options.account);
    const open = own.filter(({ state }) => state === 'open');
    const atOnce = atOnceOf(mostDemands);
    const most = Math.min(mostDemands - own.length, atOnce - open.length);
    if (most <= 0) return;
    const price = await agreed(endpoints, 'what a demand costs', async ({ contracts }) =>
      contracts.distributor.demandDeposit(proposalId, { blockTag: block.number }),
    );
    let left = (mostDeposits ?? bond / 2n) - open.reduce((sum, { deposit }) => sum + deposit, 0n);
    for (const leaf of wantedLeaves(judged, demands, { index, most })) {
      const key = `demand leaf ${leaf} of ${proposalId}`;
      if (sender.isBusy) return;
      if (left < price) {
        sender.refuse(key, 'DEPOSIT_TOO_DEAR', 'more would be put down at once than may be');
        return;
      }
      // Others may demand first and make it dearer; what is too much is credited.
      const value = left < 2n * price ? left : 2n * price;
      if (!(await this.#sends({ key, ...demandCall(addresses, proposalId, leaf, value) }, block))) return;
      left -= price;
    }
  }

  #proven(judged: Judged): Verdict {
    try {
      return prove(judged);
    } catch (error) {
      const reason = error instanceof Error ? error.message.slice(0, 300) : 'no reason given';
      this.#options.sender.refuse(
        `prove what is wrong in epoch ${judged.context.record.epoch}`,
        'PROSECUTION_FAILED',
        reason,
      );
      return NOTHING;
    }
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

  /** Takes back the deposits of demands whose proposal fell for another reason. */
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
      if (sender.isBusy) return;
    }
  }

  /** Tells at the first look when the account could not pay for the demands of a round and the gas of proofs. */
  async #checkFunds({ number }: AgreedBlock): Promise<void> {
    if (this.#hasCheckedFunds) return;
    const { endpoints, account, say, mostDemands } = this.#options;
    const at = { blockTag: number };
    const { balance, bond } = await agreed(endpoints, 'what this account has', async ({ contracts, provider }) => ({
      balance: await provider.getBalance(account, number),
      bond: (await contracts.parameters.challengeAt(await contracts.distributor.nextToFinalise(at), at)).bond,
    }));
    const { price } = await marketFees(endpoints);
    // One more than there are: the last of a round is sent with what another of twice the price would cost.
    const wanted = answerBounty(bond) * BigInt(atOnceOf(mostDemands) + 1) + price * GAS_WANTED;
    this.#hasCheckedFunds = true;
    if (balance >= wanted) return;
    say({ event: 'funds', alarm: true, account, balance: balance.toString(), wanted: wanted.toString() });
  }
}

/** The name of an answer. */
function showing(index: number, proposalId: bigint): string {
  return `show leaf ${index} of ${proposalId}`;
}

/** How many own demands of one proposal are open at once. */
function atOnceOf(mostDemands: number): number {
  return Math.min(mostDemands, Math.max(FEWEST_AT_ONCE, Math.ceil(mostDemands / ROUNDS)));
}

/** A proof as it is remembered. */
function provenBy(disproof: Pick<Disproof, 'fault' | 'proof'> | undefined): ProposalMemory['disproof'] {
  return disproof === undefined ? null : { fault: disproof.fault, proof: bytesToHex(disproof.proof) };
}
