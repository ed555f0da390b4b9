import type { Claim } from '../../chain/convert.ts';
import { claimMany } from '../../chain/epoch-steps.ts';
import type { ClaimedEvent } from '../../chain/events.ts';
import type { Address } from '../../protocol/brands.ts';
import { unlockedAt } from '../../protocol/vesting-curve.ts';
import type { State } from '../../settlement/state.ts';
import { tokens } from '../../protocol/tokens.ts';
import { claimOnce, claimsFrom } from './claims.ts';
import { claimBySignature } from './contract-wallet.ts';
import type { Moment, SceneSetting } from './scene.ts';
import { short } from './scene.ts';

const BATCH = 24;

/** The claims of the demo's story, each told and compared with what was due. */
export interface ClaimSteps {
  /** The first claim; a second proof is put aside. */
  readonly firstClaim: (moment: Moment) => Promise<void>;
  /** The proof that was put aside is used. */
  readonly oldProof: (moment: Moment) => Promise<void>;
  /** The first miner claims again. */
  readonly secondClaim: (moment: Moment) => Promise<void>;
  /** Many claims in one transaction; with a spoiled one among them it is part of the story, otherwise the relayer's. */
  readonly batch: (moment: Moment, withSpoiled: boolean) => Promise<void>;
  /** A claim that a miner only signed. */
  readonly signed: (moment: Moment) => Promise<void>;
}

/** The claims of the demo's story. */
export function claimSteps({ stage, story, checks, say, book: claimedBy }: SceneSetting): ClaimSteps {
  const symbol = stage.parameters.token.symbol;
  const kept = new Map<string, Claim>();
  const book = (claimed: readonly ClaimedEvent[]): void => {
    for (const event of claimed) claimedBy.set(event.account, event.claimed);
  };

  const firstClaim = async ({ epoch, state, report }: Moment): Promise<void> => {
    const [first, second] = byClaimable(state, claimedBy, await stage.now());
    if (first === undefined || second === undefined) return;
    const [claim, aside] = claimsFrom(report, [first, second]);
    if (claim === undefined || aside === undefined) return;
    kept.set('first', claim);
    kept.set('aside', aside);
    const event = await claimOnce(stage, 'claim, the first time', claim);
    book([event]);
    const { paid } = event;
    say(
      epoch,
      `${short(first)} claims for the first time: ${tokens(paid)} ${symbol}. ${short(second)} keeps a proof for later.`,
    );
  };

  const oldProof = async ({ epoch }: Moment): Promise<void> => {
    const claim = kept.get('aside');
    if (claim === undefined) return;
    const event = await claimOnce(stage, 'claim, the first time', claim);
    book([event]);
    const { paid } = event;
    say(
      epoch,
      `${short(claim.account)} uses that proof, ${epoch - claim.epoch} epochs later: ${tokens(paid)} ${symbol}.`,
    );
    checks.add(
      'An old proof pays after newer roots',
      paid > 0n,
      `proof of epoch ${claim.epoch}, used after epoch ${epoch}`,
    );
  };

  const secondClaim = async ({ epoch, report }: Moment): Promise<void> => {
    const first = kept.get('first');
    if (first === undefined) return;
    const [claim] = claimsFrom(report, [first.account]);
    if (claim === undefined) return;
    const due = unlockedAt(claim.curve, await stage.now()) - (claimedBy.get(first.account) ?? 0n);
    if (story.plan.isOwn === true && due === 0n) {
      say(epoch, `${short(first.account)} has nothing new to claim.`);
      return;
    }
    const event = await claimOnce(stage, 'claim again', claim);
    book([event]);
    const { paid, claimed } = event;
    say(epoch, `${short(first.account)} claims again and gets the difference: ${tokens(paid)} ${symbol}.`);
    checks.add(
      'A second claim pays only the difference',
      paid > 0n && paid < claimed,
      `${tokens(paid, 18)} of ${tokens(claimed, 18)} in all`,
    );
  };

  const batch = async ({ epoch, state, report }: Moment, withSpoiled: boolean): Promise<void> => {
    const { connection, actors, gas, now } = stage;
    // Until the batch of the story, its people claim for themselves.
    const apart = new Set(withSpoiled ? [] : [...kept.values()].map(({ account }) => account));
    const accounts = byClaimable(state, claimedBy, await now()).filter((account) => !apart.has(account));
    const claims = claimsFrom(report, accounts.slice(0, BATCH));
    const [top] = claims;
    if (top === undefined) return;
    const spoiled = withSpoiled ? [{ ...top, index: top.index ^ 1 }] : [];
    const { claimed, skipped, receipt } = await claimMany(connection, actors.keeper, [...spoiled, ...claims]);
    book(claimed);
    if (claims.length === BATCH && !withSpoiled)
      gas.note(`claim for ${BATCH} accounts at once`, receipt?.gasUsed ?? 0n);
    if (!withSpoiled) return;
    const paid = claimed.reduce((sum, event) => sum + event.paid, 0n);
    say(
      epoch,
      `One transaction claims for ${claimed.length} accounts: ${tokens(paid)} ${symbol}. A spoiled proof in it is skipped.`,
    );
    const spoiledOnly = skipped.length === 1 && skipped[0]?.reason === 'VestingVault_ProofInvalid';
    checks.add(
      'A batch skips what cannot be paid and pays the rest',
      spoiledOnly && claimed.length === claims.length,
      `${claimed.length} paid, ${skipped.length} skipped`,
    );
  };

  const signed = async ({ epoch, state, report }: Moment): Promise<void> => {
    const taken = new Set([...kept.values()].map(({ account }) => account));
    const account = byClaimable(state, claimedBy, await stage.now()).find((candidate) => !taken.has(candidate));
    const [claim] = account === undefined ? [] : claimsFrom(report, [account]);
    if (account === undefined || claim === undefined) return;
    const event = await claimBySignature(stage, claim);
    book([event]);
    const { paid, to } = event;
    say(
      epoch,
      `${short(account)} only signs; somebody else sends it, and ${short(to)} is paid ${tokens(paid)} ${symbol}.`,
    );
    checks.add('A signed claim is paid where the miner wants', paid > 0n, `${tokens(paid, 18)} to ${short(to)}`);
  };

  return { firstClaim, oldProof, secondClaim, batch, signed };
}

/** Accounts by what they could claim now, most first; those with nothing are left out. Ties by address. */
function byClaimable({ accounts }: State, claimedBy: ReadonlyMap<string, bigint>, time: number): Address[] {
  return [...accounts]
    .map(({ account, curve }) => ({ account, due: unlockedAt(curve, time) - (claimedBy.get(account) ?? 0n) }))
    .filter(({ due }) => due > 0n)
    .sort((a, b) => (a.due === b.due ? (a.account < b.account ? -1 : 1) : a.due < b.due ? 1 : -1))
    .map(({ account }) => account);
}
