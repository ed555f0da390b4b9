import { agreed } from '../../chain/agreement.ts';
import { proposeCall } from '../../chain/calls.ts';
import { moment } from '../../chain/moment.ts';
import { parseHash32 } from '../../protocol/brands.ts';
import { recordHash } from '../../protocol/epoch-record.ts';
import { RefusedError, RetryableError } from '../../protocol/errors.ts';
import { sameFinalRoot } from '../chain/final-root.ts';
import type { OwnSettlement } from '../chain/own-settlement.ts';
import { readOwnManifest, readOwnSettlement } from '../chain/own-settlement.ts';
import { samePending } from '../chain/pending.ts';
import { refusal } from '../chain/refusal.ts';
import type { Actor } from '../chain/take.ts';
import { take } from '../chain/take.ts';
import type { ChainView } from '../chain/view.ts';
import { readAccount, readNewest, readProposalView, readView } from '../chain/view.ts';
import { assertSettledReport } from '../whole-report.ts';
import { addressesOf, finished, waiting } from './outcomes.ts';
import { unpublishedTargets } from './publish.ts';
import type { Facts, StepContext, StepOutcome, StepRunner } from './step.ts';

/** What the propose step is given beside what every step is. */
export interface ProposeOptions {
  /** Proposes once more what was dropped: somebody looked why, and it was right all the same. */
  readonly again?: boolean;
}

/**
 * Proposes the settlement of an epoch, with its bond, once every publish target has confirmed the report. Where the same root waits or is
 * final already nothing is sent, whoever proposed it.
 *
 * @throws {RefusedError} `REPORT_CHANGED`, `PROPOSAL_DIFFERS`, `ROOT_DIFFERS`, `BASIS_DIFFERS`, `PROPOSAL_DROPPED`, and what {@link take} throws
 * @throws {RetryableError} {@link take}
 */
export function proposeStep(actor: Actor, { again = false }: ProposeOptions = {}): StepRunner {
  return async (context) => {
    const { data, config, endpoints, block, epoch, journal, dryRun } = context;
    const own = await readOwnSettlement(data, epoch);
    if (own === null) return waiting(`epoch ${epoch} is not settled yet`);
    const settled = journal.last('settle', 'done');
    if (settled === null) return waiting(`epoch ${epoch} is not settled yet`);
    assertSettledReport(epoch, settled.facts['cid'], own.cid);
    const inputs = { settlement: own.hash };
    const view = await readView(endpoints, block);
    if (view.nextToFinalise > epoch) {
      const facts = await sameFinalRoot(endpoints, block, epoch, own);
      return await settledBefore(context, own, facts);
    }
    if (view.nextToFinalise < epoch) return waiting(`epoch ${view.nextToFinalise} has to be final first`);
    if (view.nextToClose <= epoch) return waiting(`epoch ${epoch} has to be closed first`);
    if (view.pending !== null) {
      const { proposalId, operator, until } = view.pending;
      await samePending(endpoints, block, { own, head: view.pending });
      return await settledBefore(context, own, { proposalId: Number(proposalId), operator, until });
    }
    const missing = await unpublishedTargets(data, epoch, config, journal);
    if (missing.length > 0) return waiting(`not every place has confirmed the report: ${missing.join(', ')}`);
    if (journal.last('publish', 'done') === null) return waiting(`the report of epoch ${epoch} is not published yet`);
    if (!again) await refuseDropped(context);
    const newest = await readNewest(endpoints);
    if (newest.nextToFinalise > epoch) return waiting(`epoch ${epoch} is final in a block that is not final yet`);
    const [pending] = newest.pending;
    if (pending !== undefined) {
      const whose = pending.settlementHash === own.hash ? 'it' : 'another settlement';
      return waiting(`${whose} was proposed in a block that is not final yet`, {
        proposalId: Number(pending.proposalId),
      });
    }
    await checkBasis(context, own);
    await checkAccount(context, actor, view);
    if (!dryRun) await journal.begin('propose', inputs, { root: own.settlement.root, cid: own.cid });
    const call = proposeCall(addressesOf(context), own.record, own.settlement, own.basis);
    return await take(context, actor, { key: `propose ${epoch}`, ...call }, await factsOf(context, own));
  };
}

/** The proposal stands as it should: by this operator, an earlier run of his, or another one. */
async function settledBefore(context: StepContext, own: OwnSettlement, facts: Facts): Promise<StepOutcome> {
  const { journal } = context;
  const done = journal.last('propose', 'done');
  const isKnown = done !== null && done.inputs['settlement'] === own.hash;
  // A proposal of another number came in its place, such as after it was dropped and proposed again.
  if (isKnown && (facts['proposalId'] === undefined || facts['proposalId'] === done.facts['proposalId'])) {
    return { state: 'skipped', facts: done.facts };
  }
  const all = { root: own.settlement.root, cid: own.cid, ...facts };
  return await finished(context, 'propose', { inputs: { settlement: own.hash }, facts: all });
}

/** What was proposed and is neither waiting nor final was dropped, and it is not for a program to try the same again. */
async function refuseDropped({ endpoints, block, epoch, journal }: StepContext): Promise<void> {
  const proposalId = journal.last('propose', 'done')?.facts['proposalId'];
  if (typeof proposalId !== 'number') return;
  const { state, epoch: of } = await readProposalView(endpoints, block, BigInt(proposalId));
  // A veto that was not upheld gives bond and office back: what was proposed was right.
  if (of !== epoch || state === 'returned' || state === 'none') return;
  throw new RefusedError({
    code: 'PROPOSAL_DROPPED',
    shortMessage: `settlement ${proposalId} of epoch ${epoch} was dropped (${state})`,
    details: {
      ...{ epoch, proposalId, state },
      next: `see why; if it was right all the same: lode epoch propose --epoch ${epoch} --again`,
    },
  });
}

/** What the chain has to have for this very settlement to be about its state. */
async function checkBasis({ endpoints, block, epoch }: StepContext, own: OwnSettlement): Promise<void> {
  const at = { blockTag: block.number };
  const chain = await agreed(endpoints, `the basis of epoch ${epoch}`, async ({ contracts: { distributor } }) => ({
    basis: parseHash32(await distributor.basisOf(epoch, at)),
    record: parseHash32(await distributor.recordHashOf(epoch, at)),
  }));
  if (chain.basis === own.basis && chain.record === recordHash(own.record)) return;
  throw new RefusedError({
    code: 'BASIS_DIFFERS',
    shortMessage: `the settlement of epoch ${epoch} was computed from another state than the chain has`,
    details: {
      ...{ epoch, chain: chain.basis, own: own.basis },
      next: `nothing was proposed: settle it anew, lode epoch settle --epoch ${epoch} --again`,
    },
  });
}

/** What the account may is said before anything is simulated, in words of its own. */
async function checkAccount({ endpoints, block }: StepContext, { account }: Actor, view: ChainView): Promise<void> {
  if (account === null) return;
  const { mayPropose, suspendedUntil } = await readAccount(endpoints, block, account);
  const what = `propose as ${account}`;
  if (!mayPropose) {
    throw refusal(what, { code: 'AccessManagedUnauthorized', reason: 'the account is no operator (any more)' });
  }
  if (suspendedUntil > block.time) {
    const reason = `the account is suspended until ${suspendedUntil >= FOREVER ? 'governance readmits it' : moment(suspendedUntil)}`;
    throw refusal(what, { code: 'EpochDistributor_OperatorSuspended', reason });
  }
  if (view.pausedUntil > block.time) {
    throw new RetryableError({
      code: 'PROPOSALS_PAUSED',
      shortMessage: `a guardian has paused proposals until ${moment(view.pausedUntil)}`,
      details: { until: view.pausedUntil, next: 'ask the guardian why; it ends by itself' },
    });
  }
}

/** The contract's way to say that a suspension does not end by itself. */
const FOREVER = 2 ** 40 - 1;

/** What is proposed, beside what was in the epoch before; null where that report is not at hand. */
async function factsOf({ data, epoch }: StepContext, own: OwnSettlement): Promise<Facts> {
  const before = epoch === 0 ? null : await readOwnManifest(data, epoch - 1);
  const { manifest, record, settlement } = own;
  return {
    ...{ root: settlement.root, cid: own.cid, bond: record.bond.toString() },
    ...{ participants: manifest.distinctParticipants, participantsBefore: before?.distinctParticipants ?? null },
    ...{ leaves: settlement.leafCount, leavesBefore: manifest.parent.leafCount },
    ...{ budget: record.budget.toString(), budgetBefore: before?.record.budget.toString() ?? null },
    ...{ payout: manifest.outcome.payout.toString(), payoutBefore: before?.outcome.payout.toString() ?? null },
    ...{ granted: manifest.outcome.granted.toString(), grantedBefore: before?.outcome.granted.toString() ?? null },
    ...{ reserve: manifest.next.reserve.toString(), reserveBefore: manifest.parent.reserve.toString() },
  };
}
