import { z } from 'zod';

import { settlementHash } from '../../protocol/epoch-record.ts';
import { parseHash32 } from '../../protocol/brands.ts';
import { totalOf, unlockedAt } from '../../protocol/vesting-curve.ts';
import type { Curve } from '../../protocol/vesting-curve.ts';
import { bytesToHex } from '../../protocol/words.ts';
import { basisOf } from '../basis.ts';
import { byAccount } from '../epoch-scores.ts';
import type { Counts, LedgerKind } from '../ledger/rows.ts';
import type { EpochSettlement } from '../settle-epoch.ts';
import type { State } from '../state.ts';
import type { Json } from './canonical-json.ts';
import { ACCOUNTS_IN_ONE } from './account-files.ts';
import { canonicalBytes } from './canonical-json.ts';
import type { ContentId } from './content-id.ts';
import { address, count, sha256 } from './report-fields.ts';
import { sha256Hex } from './sha256.ts';

export const REPLAY_FORMAT = 'lode-replay-v1';
/** More epochs than any replay has: 270 years of daily ones. */
export const MAX_EPOCHS = 100_000;

/** `<sha-256>.<ending>`: an input by what it holds; the ending tells its format. */
const inputName = z.string().regex(/^[0-9a-f]{64}\.[a-z]{1,8}(\.gz)?$/, 'not a sha-256 and an ending');

/** Everything that decides a replay. */
export const requestSchema = z.strictObject({
  preset: inputName,
  variant: z.string().max(100).nullable(),
  contributions: z.array(inputName).min(1).max(1000),
  usage: z.array(inputName).max(1000),
  accounts: z.array(inputName).max(1000),
  prices: z.array(inputName).max(1000),
  /** What governance changed since the preset; see `lode-changes-v1`. */
  changes: inputName.nullable(),
  /** Task names of the ledger that count for another task than the preset says, or that it does not know. */
  map: z.record(z.string().max(100), z.string().max(100)),
  foundation: address.nullable(),
  /** Start of epoch 0, unix seconds. */
  from: count,
  epochs: z.int().min(1).max(MAX_EPOCHS),
  /** Whether a ledger is used of which more is unusable than the tool lets pass. */
  anyRejects: z.boolean(),
  /** Whether the reports say how everybody's scores came about; left out where they do not. */
  explanations: z.literal(true).exactOptional(),
});

export type ReplayRequest = z.output<typeof requestSchema>;

/** What a verifier reads from a replay document before it recomputes the rest. */
export const replayHeadSchema = z.looseObject({
  format: z.literal(REPLAY_FORMAT),
  request: requestSchema,
  requestHash: sha256,
});

/** The content ids that a replay names for its epochs. */
export const replayRowsSchema = z.looseObject({
  epochs: z.array(z.looseObject({ epoch: count, cid: z.string() })),
});

/** sha-256 of the canonical request: a request that was tampered with is named as such. */
export function requestHash(request: ReplayRequest): string {
  return sha256Hex(canonicalBytes(request));
}

/** One epoch's row of a replay. Amounts in wei. */
export interface ReplayEpoch {
  readonly epoch: number;
  readonly start: number;
  readonly end: number;
  readonly price: bigint;
  readonly budget: bigint;
  readonly payout: bigint;
  /** Foundation's part included. */
  readonly granted: bigint;
  readonly foundation: bigint;
  readonly withheld: bigint;
  readonly injected: bigint;
  /** Balance of the reserve after the epoch. */
  readonly reserve: bigint;
  /** Accounts that count as participant of at least one task. */
  readonly participants: number;
  readonly participantsByTask: Readonly<Record<string, number>>;
  readonly leafCount: number;
  readonly root: string;
  readonly cid: string;
  readonly reportCid: string;
  readonly settlementHash: string;
  /** sha-256 of the epoch's manifest. */
  readonly manifest: string;
}

/** What an account has at the end of the last epoch. */
export interface ReplayAccount {
  readonly account: string;
  readonly granted: bigint;
  readonly unlocked: bigint;
  readonly locked: bigint;
}

/** The whole document `replay.json`. */
export interface ReplayDocument {
  readonly format: typeof REPLAY_FORMAT;
  readonly request: ReplayRequest;
  readonly requestHash: string;
  readonly preset: { readonly name: string; readonly variant: string | null; readonly hash: string };
  readonly epochs: readonly ReplayEpoch[];
  /** Null where they are more than `ACCOUNTS_IN_ONE`: the shards of the last epoch have them. */
  readonly accounts: readonly ReplayAccount[] | null;
  readonly foundations: readonly ReplayAccount[];
  readonly totalBudget: bigint;
  readonly totalGranted: bigint;
  readonly reserve: bigint;
  readonly counts: Readonly<Record<LedgerKind, Counts>>;
}

/** The row of one settled epoch. `manifest` is the sha-256 of its manifest, `names` are the task names by id. */
export function replayEpoch(
  settled: EpochSettlement,
  manifest: string,
  content: ContentId,
  names: ReadonlyMap<number, string>,
): ReplayEpoch {
  const { record, outcome, settlement, parent } = settled;
  const reportCid = parseHash32(bytesToHex(content.digest));
  const byTask = record.tasks.map(
    (task, i) => [names.get(task) ?? `${task}`, settlement.participants[i] ?? 0] as const,
  );
  return {
    epoch: record.epoch,
    start: record.start,
    end: record.end,
    price: record.price,
    budget: outcome.budget,
    payout: outcome.payout,
    granted: outcome.granted,
    foundation: outcome.foundationGranted,
    withheld: outcome.withheld,
    injected: outcome.injected,
    reserve: outcome.reserveAfter,
    participants: settled.participants,
    participantsByTask: Object.fromEntries(byTask),
    leafCount: settlement.leafCount,
    root: settlement.root,
    cid: content.cid,
    reportCid,
    settlementHash: settlementHash(basisOf(record, parent), { ...settlement, reportCid }),
    manifest,
  };
}

/** What every account has at `time`, by rising account; null where they are too many for one file. */
export function replayAccounts({ accounts }: Pick<State, 'accounts'>, time: number): ReplayAccount[] | null {
  if (accounts.length > ACCOUNTS_IN_ONE) return null;
  return [...accounts].map(({ account, curve }) => accountAt(account, curve, time));
}

/** What every address that was ever the foundation has at `time`. */
export function replayFoundations(
  { foundationCurves }: Pick<State, 'foundationCurves'>,
  time: number,
): ReplayAccount[] {
  return [...foundationCurves].map(([account, curve]) => accountAt(account, curve, time)).sort(byAccount);
}

function accountAt(account: string, curve: Curve, time: number): ReplayAccount {
  const [granted, unlocked] = [totalOf(curve), unlockedAt(curve, time)];
  return { account, granted, unlocked, locked: granted - unlocked };
}

/** The bytes of `replay.json`. */
export function replayBytes(document: ReplayDocument): Uint8Array {
  const { epochs, accounts, foundations, request, preset, counts, ...rest } = document;
  const rows = (list: readonly object[]): Json => list.map((row) => ({ ...row }));
  const kinds = Object.entries(counts).map(([kind, figures]) => [kind, { ...figures }]);
  const json: Json = {
    ...rest,
    request,
    preset: { ...preset },
    epochs: rows(epochs),
    accounts: accounts === null ? null : rows(accounts),
    foundations: rows(foundations),
    counts: Object.fromEntries(kinds) as Json,
  };
  return canonicalBytes(json);
}
