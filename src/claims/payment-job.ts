import type { Call } from '../chain/calls.ts';
import { claimCall, claimManyCall } from '../chain/calls.ts';
import type { Connection } from '../chain/connect.ts';
import type { Claim } from '../chain/convert.ts';
import { inPieces } from '../chain/in-pieces.ts';
import type { RevertError } from '../chain/revert-error.ts';
import { tryPayment } from '../chain/try-payment.ts';
import type { Address } from '../protocol/brands.ts';

/** A payment that is wanted. */
export interface Job {
  /** The line of a file that it stands in; null where there is none. */
  readonly line: number | null;
  readonly account: Address | null;
  readonly kind: 'rewards' | 'units';
  /** Who would be paid, where that is known. */
  readonly to: Address | null;
  /** What is to be sent, or what became of it already. */
  readonly wanted:
    | { readonly call: Call }
    /** Anyone may send it, and it can go along with others. */
    | { readonly claim: Claim }
    | Pick<Outcome, 'state' | 'code' | 'reason' | 'transaction'>;
}

/**
 * What became of a payment. `payable`: it would pay; `paid`; `nothing`: all was paid before, or too little is there; `refused`: the
 * chain does not take it; `unsent`: something came between.
 */
export interface Outcome extends Pick<Job, 'line' | 'account' | 'kind' | 'to'> {
  readonly state: 'payable' | 'paid' | 'nothing' | 'refused' | 'unsent';
  /** In wei: what was paid, or would be; null where nothing is. */
  readonly amount: bigint | null;
  readonly code: string | null;
  readonly reason: string | null;
  readonly transaction: string | null;
}

/** A transaction that makes one payment, or several. */
export interface PlannedPayment {
  readonly call: Call;
  /** More gas than that it must not use. */
  readonly mostGas?: bigint;
  /** Places in the list of jobs. */
  readonly jobs: readonly number[];
}

/** So many claims go into one transaction: some 3.5 million gas when all are paid for the first time, half of what small chains take. */
const TOGETHER = 40;
/** So many are tried out at the same time. */
const AT_ONCE = 20;

/**
 * So much gas something may use that was signed by somebody else, and that a sponsor pays for: several times what a claim of 26 cohorts
 * takes. The account can be a contract that is asked whether it has signed, and its author must not choose how much the sponsor pays.
 */
export const MOST_GAS = 1_000_000n;

/** Everything to be paid was paid before. */
const PAID_BEFORE = new Set(['VestingVault_NothingToClaim', 'UnitPool_NothingToClaim']);

/**
 * Tries out every payment in the newest block, without sending anything.
 *
 * @param from who would send it; null: the account itself
 * @param atLeast in wei; what would pay less counts as nothing
 */
export async function tryJobs(
  { provider, addresses }: Pick<Connection, 'provider' | 'addresses'>,
  from: Address | null,
  jobs: readonly Job[],
  atLeast: bigint,
): Promise<Outcome[]> {
  return await inPieces(jobs, AT_ONCE, async ({ wanted, ...facts }): Promise<Outcome> => {
    const open = { ...facts, amount: null, code: null, reason: null, transaction: null };
    if ('state' in wanted) return { ...open, ...wanted };
    const call = 'claim' in wanted ? claimCall(addresses, wanted.claim) : wanted.call;
    const trial = await tryPayment(provider, from ?? facts.account, call);
    if ('refusal' in trial) return { ...open, ...refusedBy(trial.refusal) };
    if (trial.pays >= atLeast && trial.pays > 0n) return { ...open, state: 'payable', amount: trial.pays };
    return { ...open, state: 'nothing', amount: trial.pays, reason: 'less than is worth sending' };
  });
}

/** What a payment came to that the chain refuses. */
export function refusedBy({ code, shortMessage }: RevertError): Pick<Outcome, 'state' | 'code' | 'reason'> {
  if (isPaidBefore(code)) return { state: 'nothing', code, reason: 'all of it was paid before' };
  return { state: 'refused', code, reason: shortMessage };
}

/** Whether a refusal says that everything was paid before. */
export function isPaidBefore(code: string): boolean {
  return PAID_BEFORE.has(code);
}

/** The transactions that make the payments that are possible: claims that anyone may send together, the others one by one. */
export function planJobs(
  { addresses }: Pick<Connection, 'addresses'>,
  jobs: readonly Job[],
  outcomes: readonly Outcome[],
): PlannedPayment[] {
  const together: { claim: Claim; at: number }[] = [];
  const alone: PlannedPayment[] = [];
  for (const [at, { wanted, line }] of jobs.entries()) {
    if (outcomes[at]?.state !== 'payable' || 'state' in wanted) continue;
    if ('claim' in wanted) together.push({ claim: wanted.claim, at });
    else alone.push({ call: wanted.call, jobs: [at], ...(line === null ? {} : { mostGas: MOST_GAS }) });
  }
  const batches: PlannedPayment[] = [];
  for (let from = 0; from < together.length; from += TOGETHER) {
    const some = together.slice(from, from + TOGETHER);
    const [first] = some;
    if (first === undefined) continue;
    const claims = some.map(({ claim }) => claim);
    const call = some.length === 1 ? claimCall(addresses, first.claim) : claimManyCall(addresses, claims);
    batches.push({ call, jobs: some.map(({ at }) => at) });
  }
  return [...batches, ...alone];
}
