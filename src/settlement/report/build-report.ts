import { recordHash } from '../../protocol/epoch-record.ts';
import { rangePathOf } from '../../protocol/positional-merkle.ts';
import { bytesToHex } from '../../protocol/words.ts';
import { basisOf } from '../basis.ts';
import type { EpochExplanations, EpochScores } from '../policy/score-steps.ts';
import type { ActiveRow, EpochSettlement } from '../settle-epoch.ts';
import type { AccountState } from '../state.ts';
import type { Json } from './canonical-json.ts';
import { canonicalBytes, canonicalJson } from './canonical-json.ts';
import { explanationFiles } from './explanation-files.ts';
import { prefixBitsFor, prefixOf, shardPath } from './prefix.ts';
import type { InputsFile } from './inputs-file.ts';
import { INPUTS_FILE, inputsBytes } from './inputs-file.ts';
import { outcomeJson, recordJson, settlementJson, totalsJson } from './report-json.ts';
import { sha256Hex } from './sha256.ts';

/** A row of the ledger, or a score, that was not used, and why. */
export interface ReportReject {
  readonly file: string;
  readonly line: number;
  readonly reason: string;
}

/** What a report says besides the settlement itself. */
export interface ReportContext {
  /** sha-256 of the parent's manifest; null for the first epoch. */
  readonly parentManifest: string | null;
  /** sha-256 of every input by its role, such as `contributions`. */
  readonly inputs: Readonly<Record<string, string>>;
  /** What one use unlocks (wad). */
  readonly unlockPerUse: bigint;
  readonly rejects: readonly ReportReject[];
  /** Who would have scored if the policy let them, by account; null or left out where the epoch's policy lets everybody. */
  readonly ineligible?: EpochScores['ineligible'] | null;
  /** From which files anybody can compute the epoch anew; null or left out where those stand beside the report. */
  readonly sources?: ReportSources | null;
  /** How everybody's scores came about; null or left out where the report does not say. */
  readonly explanations?: EpochExplanations | null;
}

/** What `inputs.json` says. */
export type ReportSources = Pick<InputsFile, 'variant' | 'map' | 'inputs'>;

/** The files of a report by path, `/` between parts. */
export type ReportFiles = ReadonlyMap<string, Uint8Array>;

/** The kinds of report file; a format once published stays loadable for ever. */
export const FORMATS = {
  manifest: 'lode-report-v1',
  accounts: 'lode-accounts-v1',
  rejects: 'lode-rejects-v1',
  ineligible: 'lode-ineligible-v1',
  shard: 'lode-shard-v1',
} as const;

/**
 * Writes a settled epoch as files: manifest, accounts, rejects, who was not eligible where the policy
 * asks, the inputs where they are published, proof shards, and where it is asked how the scores came about. The same settlement gives the same bytes
 * on every machine: everything is sorted, nothing depends on time, locale or versions.
 */
export function buildReport(settled: EpochSettlement, context: ReportContext): ReportFiles {
  const { record, parent, settlement, outcome, next } = settled;
  const bits = prefixBitsFor(settlement.leafCount);
  const files = new Map<string, Uint8Array>();
  files.set('accounts.json', canonicalBytes(accountsJson(settled)));
  files.set('rejects.json', canonicalBytes(rejectsJson(record.epoch, context.rejects)));
  if (context.ineligible)
    files.set('ineligible.json', canonicalBytes(ineligibleJson(record.epoch, context.ineligible)));
  if (context.sources) files.set(INPUTS_FILE, inputsBytes(record.epoch, context.sources));
  for (const [path, bytes] of shards(settled, bits)) files.set(path, bytes);
  if (context.explanations) {
    for (const [path, bytes] of explanationFiles(record.epoch, bits, context.explanations)) files.set(path, bytes);
  }
  const hashes = Object.fromEntries([...files].map(([path, bytes]) => [path, sha256Hex(bytes)]));
  const manifest = {
    format: FORMATS.manifest,
    epoch: record.epoch,
    record: recordJson(record),
    recordHash: recordHash(record),
    basis: basisOf(record, parent),
    parent: { ...(totalsJson(parent) as object), manifest: context.parentManifest },
    settlement: settlementJson(settlement),
    outcome: outcomeJson(outcome),
    next: totalsJson(next),
    distinctParticipants: settled.participants,
    unlockPerUse: context.unlockPerUse,
    prefixBits: bits,
    inputs: context.inputs,
    files: hashes,
  };
  // Makes every byte of the manifest tell a change, also those that nothing is computed from.
  const check = sha256Hex(canonicalBytes(manifest));
  return new Map([['manifest.json', canonicalBytes({ ...manifest, check })], ...files]);
}

function accountsJson({ record, rows }: EpochSettlement): Json {
  return {
    format: FORMATS.accounts,
    epoch: record.epoch,
    tasks: record.tasks,
    accounts: rows.map(accountJson),
  };
}

function accountJson(row: ActiveRow): Json {
  const { account, index, scores, grants, capped, grant, uses, accelerated } = row;
  return { account, index, scores, grants, capped, grant, uses, accelerated };
}

function rejectsJson(epoch: number, rejects: readonly ReportReject[]): Json {
  return { format: FORMATS.rejects, epoch, rejects: rejects.map(({ file, line, reason }) => ({ file, line, reason })) };
}

function ineligibleJson(epoch: number, ineligible: EpochScores['ineligible']): Json {
  return {
    format: FORMATS.ineligible,
    epoch,
    accounts: ineligible.map(({ account, reason }) => ({ account, reason })),
  };
}

function* shards(settled: EpochSettlement, bits: number): Generator<[string, Uint8Array]> {
  const { accounts } = settled.next;
  for (let first = 0; first < accounts.length;) {
    const prefix = prefixOf(accounts[first]?.account ?? '', bits);
    let end = first + 1;
    while (end < accounts.length && prefixOf(accounts[end]?.account ?? '', bits) === prefix) end++;
    yield [shardPath(prefix, bits), shardBytes(settled, { prefix, bits, first, end })];
    first = end;
  }
}

interface ShardRange {
  readonly prefix: number;
  readonly bits: number;
  readonly first: number;
  readonly end: number;
}

const encoder = new TextEncoder();
/** An idle account keeps its object for years, and with it the text of its row. */
const rowTexts = new WeakMap<AccountState, string>();

/** Written by hand where the generic writer would be slow; the keys stand in canonical order. */
function shardBytes(settled: EpochSettlement, { prefix, bits, first, end }: ShardRange): Uint8Array {
  const { record, settlement, tree, audits, auditOf, next } = settled;
  const firstAudit = auditOf[first] ?? 0;
  const lastAudit = auditOf[end - 1] ?? 0;
  const rows: string[] = [];
  for (let index = first; index < end; index++) {
    const account = next.accounts[index];
    if (account !== undefined) rows.push(`${rowText(account)},${(auditOf[index] ?? 0) - firstAudit}]`);
  }
  const path = rangePathOf(tree, first, end);
  const hex = (node: Uint8Array | undefined): Json => (node === undefined ? null : bytesToHex(node));
  const head = canonicalJson({
    audits: audits.slice(firstAudit, lastAudit + 1).map(bytesToHex),
    epoch: record.epoch,
    first,
    format: FORMATS.shard,
    leafCount: settlement.leafCount,
  });
  const tail = canonicalJson({
    left: path.left.map(hex),
    prefix,
    prefixBits: bits,
    right: path.right.map(hex),
    root: settlement.root,
  });
  return encoder.encode(`${head.slice(0, -1)},"leaves":[${rows.join(',')}],${tail.slice(1)}\n`);
}

/** `["<account>","<unlocked>",[[end,duration,"<amount>"],…]` without the audit and the bracket behind it. */
function rowText(account: AccountState): string {
  const known = rowTexts.get(account);
  if (known !== undefined) return known;
  const cohorts = account.curve.cohorts.map(({ end, duration, amount }) => `[${end},${duration},"${amount}"]`);
  const text = `["${account.account}","${account.curve.unlocked}",[${cohorts.join(',')}]`;
  rowTexts.set(account, text);
  return text;
}
