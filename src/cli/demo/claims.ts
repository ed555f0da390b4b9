import type { Claim } from '../../chain/convert.ts';
import { claim } from '../../chain/epoch-steps.ts';
import type { ClaimedEvent } from '../../chain/events.ts';
import type { Address } from '../../protocol/brands.ts';
import { parseHash32 } from '../../protocol/brands.ts';
import { InvariantError } from '../../protocol/errors.ts';
import { totalOf, unlockedAt } from '../../protocol/vesting-curve.ts';
import type { ReportFiles } from '../../settlement/report/report-file.ts';
import { manifestSchema, parseReportFile, shardSchema, type Shard } from '../../settlement/report/report-schema.ts';
import { claimProof, shardPathOf } from '../../settlement/proof.ts';
import type { State } from '../../settlement/state.ts';
import type { Stage } from './stage.ts';

/**
 * Makes accounts' claims from a published report, as they would themselves: each from the one shard that it is in, and
 * every shard is checked against the root.
 */
export function claimsFrom(report: ReportFiles, accounts: readonly Address[]): readonly Claim[] {
  const manifest = parseReportFile(manifestSchema, 'manifest.json', report.get('manifest.json'));
  const shards = new Map<string, Shard>();
  return accounts.map((account) => {
    const path = shardPathOf(manifest, account);
    const shard = shards.get(path) ?? parseReportFile(shardSchema, path, report.get(path));
    shards.set(path, shard);
    const { epoch, index, curve, auditHash, siblings } = claimProof(shard, account, manifest.settlement.root);
    return { epoch, account, index, curve, auditHash: parseHash32(auditHash), proof: siblings.map(parseHash32) };
  });
}

/** Accounts by what they have earned, most first; ties by address, so that the order is the same everywhere. */
export function byEarnings({ accounts }: State): readonly Address[] {
  return [...accounts]
    .map(({ account, curve }) => ({ account, earned: totalOf(curve) }))
    .sort((a, b) => (a.earned === b.earned ? (a.account < b.account ? -1 : 1) : a.earned < b.earned ? 1 : -1))
    .map(({ account }) => account);
}

/**
 * Sends one claim and compares what was paid with what its curve had unlocked at that second minus what had been claimed.
 *
 * @throws {InvariantError} `DEMO_PAID` when it is another amount
 */
export async function claimOnce(stage: Stage, step: string, entry: Claim): Promise<ClaimedEvent> {
  const { connection, actors, gas, now } = stage;
  const { vault, token } = connection.contracts;
  const before = await vault.claimed(entry.account);
  const balance = await token.balanceOf(entry.account);
  const event = await claim(connection, actors.keeper, entry);
  gas.note(step, event.receipt?.gasUsed ?? 0n);
  const due = unlockedAt(entry.curve, await now()) - before;
  const received = (await token.balanceOf(entry.account)) - balance;
  if (event.paid !== due || received !== due) {
    throw new InvariantError({
      code: 'DEMO_PAID',
      shortMessage: `a claim of ${entry.account} did not pay what was due`,
      details: { due, paid: event.paid, received },
    });
  }
  return event;
}
