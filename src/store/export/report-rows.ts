import { InputError } from '../../protocol/errors.ts';
import { contentIdOf } from '../../settlement/report/content-id.ts';
import type { ReportFiles } from '../../settlement/report/report-file.ts';
import { loadState } from '../../settlement/report/load-state.ts';
import type { AccountsFile, Manifest } from '../../settlement/report/report-schema.ts';
import { readAccounts } from '../../settlement/report/read-accounts.ts';
import { manifestSchema, parseReportFile } from '../../settlement/report/report-schema.ts';
import { sha256Hex } from '../../settlement/report/sha256.ts';
import type { ExportRow, TableName } from './tables.ts';

/** The rows that a report gives, by table. */
export type ReportRows = ReadonlyMap<TableName, Iterable<ExportRow>>;

/**
 * Turns a report into rows, after every file was held against the manifest's hash. With `leaves`, the tree's leaves too, which
 * must lead to the root.
 *
 * @throws {InputError} `REPORT_INVALID`, `SHARD_INVALID`
 */
export async function reportRows(files: ReportFiles, epoch: number, leaves: boolean): Promise<ReportRows> {
  const manifest = parseReportFile(manifestSchema, 'manifest.json', files.get('manifest.json'));
  if (manifest.epoch !== epoch) throw invalid(epoch, 'manifest.json', `it is that of epoch ${manifest.epoch}`);
  for (const [path, expected] of Object.entries(manifest.files)) {
    const bytes = files.get(path);
    if (bytes === undefined) throw invalid(epoch, path, 'the file is missing');
    if (sha256Hex(bytes) !== expected) throw invalid(epoch, path, 'its hash is not the one in the manifest');
  }
  const accounts = [...readAccounts(files, manifest)];
  const { cid } = await contentIdOf(files);
  return new Map<TableName, Iterable<ExportRow>>([
    ['epochs', [epochRow(manifest, cid)]],
    ['grants', grantRows(accounts)],
    ['accounts', accountRows(accounts)],
    ...(leaves ? leafRows(files, epoch) : []),
  ]);
}

function epochRow(
  { epoch, record, recordHash, parent, outcome, next, distinctParticipants }: Manifest,
  cid: string,
): ExportRow {
  const { budget, payout, miners, minersGranted, foundationGranted, granted, withheld, injected } = outcome;
  return [
    ...[epoch, record.start, record.end, record.price],
    ...[budget, payout, miners, minersGranted, foundationGranted, granted, withheld, injected],
    ...[parent.reserve, next.reserve, distinctParticipants, next.leafCount, next.totalGranted],
    ...[next.root, recordHash, cid],
  ];
}

function* grantRows(parts: readonly AccountsFile[]): Generator<ExportRow> {
  for (const { epoch, tasks, accounts } of parts) {
    for (const { account, scores, grants, capped } of accounts) {
      for (const [at, task] of tasks.entries()) {
        const score = scores[at] ?? 0n;
        if (score > 0n) yield [epoch, account, task, score, grants[at] ?? 0n, capped[at] ?? false];
      }
    }
  }
}

function* accountRows(parts: readonly AccountsFile[]): Generator<ExportRow> {
  for (const { epoch, accounts } of parts) {
    for (const { account, grant, uses, accelerated } of accounts)
      yield [epoch, account, grant, uses, sumOf(accelerated)];
  }
}

function leafRows(files: ReportFiles, epoch: number): [TableName, Iterable<ExportRow>][] {
  const { accounts } = loadState(files);
  const cohorts = function* (): Generator<ExportRow> {
    for (const [index, { account, curve }] of [...accounts].entries()) {
      for (const { end, duration, amount } of curve.cohorts) yield [epoch, index, account, end, duration, amount];
    }
  };
  return [
    [
      'leaves',
      [...accounts].map(({ account, curve: { unlocked, cohorts: own } }, index) => {
        const vesting = sumOf(own.map(({ amount }) => amount));
        return [epoch, index, account, unlocked, vesting, own.length];
      }),
    ],
    ['cohorts', cohorts()],
  ];
}

function sumOf(amounts: readonly bigint[]): bigint {
  return amounts.reduce((sum, amount) => sum + amount, 0n);
}

function invalid(epoch: number, file: string, reason: string): InputError {
  return new InputError({
    code: 'REPORT_INVALID',
    shortMessage: `the report of epoch ${epoch} cannot be used: ${file}: ${reason}`,
    details: {
      epoch,
      file,
      reason,
      next: 'see `lode verify` for what is wrong with it, or take it from another place',
    },
  });
}
