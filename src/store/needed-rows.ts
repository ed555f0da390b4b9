import { createHash } from 'node:crypto';

import type { EpochClock } from '../protocol/epoch-clock.ts';
import { RefusedError } from '../protocol/errors.ts';
import type { LedgerFiles, RawFile } from '../settlement/ledger/build-ledger.ts';
import { isFault } from '../settlement/ledger/fault.ts';
import { parseContribution, parseUsage } from '../settlement/ledger/parse-rows.ts';
import { idKey } from '../settlement/ledger/parse-text.ts';
import type { RawRow } from '../settlement/ledger/rows.ts';
import { planOf } from '../settlement/policy/compile-plan.ts';
import { policyAt } from '../settlement/policy/policy-at.ts';
import type { Policy } from '../settlement/policy/policy.ts';
import { COLUMNS_OF } from './ledger-kind.ts';
import type { LedgerFile } from './read-rows.ts';
import { fileName, streamRows } from './read-rows.ts';

/** How far back the scores of an epoch look. */
export interface LookBack {
  /** The first epoch whose contributions are asked after; uses ask for those that they are uses of, however old. */
  readonly fromEpoch: number;
  /** Whether badges are asked after. */
  readonly accounts: boolean;
}

/** A file of an epoch's cut. */
export interface EpochFile {
  readonly epoch: number;
  readonly file: LedgerFile;
  /** What its content has to hash to; null: whatever it is. */
  readonly sha256: string | null;
}

/** The files of a ledger that was cut by epochs. */
export interface CutLedgerFiles {
  readonly contributions: readonly EpochFile[];
  readonly usage: readonly EpochFile[];
  readonly accounts: readonly EpochFile[];
}

/** How far back a policy looks when it scores an epoch. The age of accounts is that of their first work, wherever that stands. */
export function lookBackOf(
  policy: Policy,
  { epoch, clock, tasks }: { readonly epoch: number; readonly clock: EpochClock; readonly tasks: readonly Task[] },
): LookBack {
  const taskNumbers = new Map(tasks.map(({ id, name }) => [name, id]));
  const { historyEpoch, badges } = planOf({ policy, clock, taskNumbers, fromEpoch: epoch, toEpoch: epoch + 1 });
  const { eligibility } = policyAt(policy, epoch);
  const isAgeAsked = eligibility?.age !== undefined;
  return {
    fromEpoch: isAgeAsked ? 0 : historyEpoch,
    accounts: isAgeAsked || badges.length > 0 || eligibility?.badges !== undefined,
  };
}

interface Task {
  readonly id: number;
  readonly name: string;
}

/**
 * The rows of cuts that the scores and the rejects of an epoch depend on, if no cut repeats a row of another one or has one of another
 * epoch: those of the epochs that the policy looks back to, the uses of this one, and the contributions that they are uses of.
 *
 * @throws {InputError} `FILE_UNREADABLE`
 * @throws {RefusedError} `CUT_DAMAGED`
 */
export async function readNeeded(files: CutLedgerFiles, look: LookBack, epoch: number): Promise<LedgerFiles> {
  const own = (list: readonly EpochFile[]) => list.filter((one) => one.epoch === epoch);
  const recent = files.contributions.filter((one) => one.epoch >= look.fromEpoch);
  const contributions = await readAll(recent, 'contributions');
  const usage = await readAll(own(files.usage), 'usage');
  const used = usedIds(usage);
  for (const { rows } of contributions) forget(used, rows);
  // The newest first: most uses are of what was done a short time ago.
  const older = files.contributions.filter((one) => one.epoch < look.fromEpoch).sort((a, b) => b.epoch - a.epoch);
  for (const one of older) {
    if (used.size === 0) break;
    const [read] = await readAll([one], 'contributions');
    const rows = read?.rows.filter((row) => used.has(keyOf(row) ?? '')) ?? [];
    forget(used, rows);
    if (rows.length > 0) contributions.push({ file: fileName(one.file), rows });
  }
  const accounts = await readAll(look.accounts ? files.accounts : own(files.accounts), 'accounts');
  return { contributions, usage, accounts };
}

async function readAll(files: readonly EpochFile[], kind: keyof CutLedgerFiles): Promise<RawFile[]> {
  const read: RawFile[] = [];
  for (const { file, sha256 } of files) {
    const hash = createHash('sha256');
    const rows: RawRow[] = [];
    for await (const more of streamRows(file, COLUMNS_OF[kind], (bytes) => hash.update(bytes))) {
      for (const row of more) rows.push(row);
    }
    if (sha256 !== null && hash.digest('hex') !== sha256) throw cutDamaged(file.path);
    read.push({ file: fileName(file), rows });
  }
  return read;
}

/** What stands in the place of a file of a cut is not what was cut. */
export function cutDamaged(path: string): RefusedError {
  return new RefusedError({
    code: 'CUT_DAMAGED',
    shortMessage: `${path} is not what was cut`,
    details: {
      path,
      next: 'a cut never changes: put the file back from a copy, or from a place where it is published',
    },
  });
}

const NOBODY: ReadonlySet<string> = new Set();

/** What contributions are called that something is a use of. */
function usedIds(files: readonly RawFile[]): Set<string> {
  const used = new Set<string>();
  for (const { rows } of files) {
    for (const row of rows) {
      const use = 'fault' in row ? row.fault : parseUsage(row.fields, NOBODY);
      if (!isFault(use)) used.add(idKey(use.contribution));
    }
  }
  return used;
}

/** Those of one id all stand in one cut. */
function forget(used: Set<string>, rows: readonly RawRow[]): void {
  if (used.size === 0) return;
  for (const row of rows) {
    const key = keyOf(row);
    if (key !== undefined) used.delete(key);
  }
}

function keyOf(row: RawRow): string | undefined {
  const contribution = 'fault' in row ? row.fault : parseContribution(row.fields, NOBODY);
  return isFault(contribution) ? undefined : idKey(contribution.id);
}
