import { claimMany } from '../../chain/epoch-steps.ts';
import { totalOf } from '../../protocol/vesting-curve.ts';
import type { ReportFiles } from '../../settlement/report/report-file.ts';
import type { State } from '../../settlement/state.ts';
import type { Progress } from '../output/progress.ts';
import { grouped, tokens } from '../../protocol/tokens.ts';
import type { CheckList } from './check.ts';
import { claimsFrom } from './claims.ts';
import type { DemoEpoch, DemoResult } from './result.ts';
import { sendAndWait, type Stage } from './stage.ts';

const CLAIMS_AT_ONCE = 60;

/** Checks the sums of the whole demo, on the chain and in what was written down along the way. */
export async function checkSums(
  stage: Stage,
  epochs: readonly DemoEpoch[],
  checks: CheckList,
): Promise<DemoResult['totals']> {
  const { token, curve, reserve, vault } = stage.connection.contracts;
  const { reserve: reserveAddress, vault: vaultAddress } = stage.connection.addresses;
  const sum = (pick: (epoch: DemoEpoch) => bigint): bigint => epochs.reduce((total, epoch) => total + pick(epoch), 0n);
  const last = epochs.at(-1);
  const genesis = await token.GENESIS();
  const totals = {
    supply: await token.totalSupply(),
    genesis,
    emitted: await curve.emittedBy(last?.end ?? 0),
    budget: sum((epoch) => epoch.budget),
    granted: sum((epoch) => epoch.granted),
    foundation: sum((epoch) => epoch.foundation),
    withheld: sum((epoch) => epoch.withheld),
    injected: sum((epoch) => epoch.injected),
    deposited: sum((epoch) => epoch.deposited),
    reserve: await reserve.reserve(),
    unlocked: await vault.unlockedTotalAt(await stage.now()),
    claimed: await vault.released(),
    accounts: last?.leafCount ?? 0,
  };
  checks.equal(
    genesis === 0n ? 'Supply is what the curve has emitted' : 'Supply is genesis + what the curve has emitted',
    totals.supply,
    genesis + totals.emitted,
  );
  let emitted = genesis;
  const exact = epochs.filter(({ supply, budget }) => supply === (emitted += budget)).length;
  checks.add('… and was so after every epoch', exact === epochs.length, `${exact} of ${epochs.length}`);
  checks.equal(
    'granted + withheld = budget + injected',
    totals.granted + totals.withheld,
    totals.budget + totals.injected,
  );
  checks.equal(
    totals.deposited === 0n
      ? 'The reserve is withheld − injected'
      : 'The reserve is withheld − injected + unsold units',
    totals.reserve,
    totals.withheld - totals.injected + totals.deposited,
  );
  checks.equal('… and holds just that', await token.balanceOf(reserveAddress), totals.reserve);
  checks.equal('The vault was granted what miners earned', await vault.totalGranted(), totals.granted);
  checks.equal(
    '… and holds what is not yet claimed',
    await token.balanceOf(vaultAddress),
    totals.granted - totals.claimed,
  );
  checks.add(
    'No more was claimed than is unlocked',
    totals.claimed <= totals.unlocked,
    `${tokens(totals.claimed)} of ${tokens(totals.unlocked)}`,
  );
  return totals;
}

/** Checks that the demo showed what it is there to show. */
export function checkShow(
  epochs: readonly DemoEpoch[],
  { hasLaw, isBusy }: { readonly hasLaw: boolean; readonly isBusy: boolean },
  checks: CheckList,
): void {
  const withholding = epochs.filter(({ withheld }) => withheld > 0n).length;
  // Without a law the only thing that ever comes out of the reserve is its own slow return.
  const injecting = epochs.filter(({ injected, payout, budget }) => (hasLaw ? injected > 0n : payout > budget)).length;
  checks.add(
    hasLaw ? 'The reserve withheld and injected' : 'What nobody earned was kept, and came back to miners',
    withholding > 0 && injecting > 0,
    `in ${withholding} and in ${injecting} epochs`,
  );
  if (!isBusy) return;
  const shares = epochs.map(({ granted, budget }) => Number((granted * 1000n) / budget)).sort((a, b) => a - b);
  const median = shares[shares.length >> 1] ?? 0;
  checks.add('A typical epoch grants at least half its budget', median >= 500, `the median is ${median / 10} %`);
}

/**
 * Lets time pass until everything is released and claims for every single account, from the published shards; then puts
 * the chain back as it was.
 */
export async function checkEverybodyIsPaid(
  stage: Stage,
  state: State,
  report: ReportFiles,
  checks: CheckList,
  progress: Progress,
): Promise<void> {
  const { provider } = stage.chain.connection;
  const { vault } = stage.connection.contracts;
  const snapshot: unknown = await provider.request({ method: 'evm_snapshot', params: [] });
  const finish = Math.max(0, ...state.totalCurve.cohorts.map(({ end, duration }) => end + duration));
  await stage.chain.travelTo(Math.max(finish, (await stage.now()) + 1));

  const accounts = [...state.accounts].map(({ account }) => account);
  for (let from = 0; from < accounts.length; from += CLAIMS_AT_ONCE) {
    const done = Math.min(accounts.length, from + CLAIMS_AT_ONCE);
    const claims = claimsFrom(report, accounts.slice(from, done));
    await stage.chain.wake();
    await claimMany(stage.connection, stage.actors.keeper, claims);
    progress.at(`${grouped(done)} of ${grouped(accounts.length)} accounts have claimed`, done, accounts.length);
  }
  let whole = 0;
  for (const { account, curve } of state.accounts) if ((await vault.claimed(account)) === totalOf(curve)) whole++;
  checks.add(
    'Every account can claim all it earned',
    whole === accounts.length,
    `${grouped(whole)} of ${grouped(accounts.length)}`,
  );
  const keeper = vault.connect(stage.actors.keeper);
  for (const [foundation, curve] of state.foundationCurves) {
    if ((await vault.foundationClaimed(foundation)) === totalOf(curve)) continue;
    await sendAndWait(() => keeper.claimFoundation(foundation));
  }
  checks.equal('… which is all that was granted', await vault.released(), state.totalGranted);
  await provider.request({ method: 'evm_revert', params: [snapshot] });
}
