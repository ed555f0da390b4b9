import { keccak256 } from '../../protocol/keccak.ts';
import { parentOf } from '../../protocol/positional-merkle.ts';
import type { Audit } from '../../protocol/settlement-leaf.ts';
import { auditPreimage } from '../../protocol/settlement-leaf.ts';
import { curveHash, curvePreimage } from '../../protocol/vesting-curve.ts';
import { hexToBytes, WORD } from '../../protocol/words.ts';
import type { ReportFiles } from '../report/build-report.ts';
import { shardPathsIn } from '../report/load-state.ts';
import type { AccountsFile, Manifest } from '../report/report-schema.ts';
import { accountsSchema, manifestSchema, parseReportFile, shardSchema } from '../report/report-schema.ts';

/**
 * Everything that a published report reveals of its tree: nodes, leaves, curves and audits, as bytes. Nothing is checked;
 * what does not belong to the root is never asked for.
 *
 * @throws InputError `REPORT_INVALID` for files that are no report
 */
export function* reportPreimages(files: ReportFiles): Generator<Uint8Array> {
  const manifest = parseReportFile(manifestSchema, 'manifest.json', files.get('manifest.json'));
  const accounts = parseReportFile(accountsSchema, 'accounts.json', files.get('accounts.json'));
  const leaves: Uint8Array[] = [];
  for (const path of shardPathsIn(manifest)) {
    const shard = parseReportFile(shardSchema, path, files.get(path));
    for (const [account, unlocked, cohorts, k] of shard.leaves) {
      const curve = { unlocked, cohorts };
      const audit = shard.audits[k];
      if (audit === undefined) continue;
      const bytes = new Uint8Array(3 * WORD);
      bytes.set(hexToBytes(account), 12);
      bytes.set(curveHash(curve), WORD);
      bytes.set(hexToBytes(audit), 2 * WORD);
      const digest = keccak256(bytes);
      yield curvePreimage(curve);
      yield bytes;
      yield digest;
      leaves.push(keccak256(digest));
    }
  }
  yield* audits(manifest, accounts);
  yield* nodes(leaves);
}

/** The audit of each active leaf, and that of the idle ones behind it. */
function* audits({ record, settlement }: Manifest, { accounts }: AccountsFile): Generator<Uint8Array> {
  const noScores = record.tasks.map(() => 0n);
  const noneAccelerated = settlement.accelerated.map(() => 0n);
  let sums: Audit = {
    scores: noScores,
    accelerated: noneAccelerated,
    runScores: noScores,
    runParticipants: record.tasks.map(() => 0),
    runGranted: 0n,
    runAccelerated: noneAccelerated,
  };
  yield auditPreimage(sums);
  for (const { scores, accelerated, grant } of accounts) {
    const fits = scores.length === noScores.length && accelerated.length === noneAccelerated.length;
    if (!fits) continue;
    sums = {
      scores: noScores,
      accelerated: noneAccelerated,
      runScores: sums.runScores.map((sum, i) => sum + (scores[i] ?? 0n)),
      runParticipants: sums.runParticipants.map((sum, i) => sum + (reaches(scores[i], record.minScores[i]) ? 1 : 0)),
      runGranted: sums.runGranted + grant,
      runAccelerated: sums.runAccelerated.map((sum, j) => sum + (accelerated[j] ?? 0n)),
    };
    yield auditPreimage({ ...sums, scores, accelerated });
    yield auditPreimage(sums);
  }
}

function reaches(score = 0n, minimum = 1n): boolean {
  return score >= minimum;
}

/** The 64 bytes of every node above the leaves that is not padding. */
function* nodes(leaves: readonly Uint8Array[]): Generator<Uint8Array> {
  const zero = new Uint8Array(WORD);
  for (let level = leaves; level.length > 1;) {
    const above: Uint8Array[] = [];
    for (let i = 0; i < level.length; i += 2) {
      const pair = new Uint8Array(2 * WORD);
      pair.set(level[i] ?? zero);
      pair.set(level[i + 1] ?? zero, WORD);
      yield pair;
      above.push(parentOf(pair.subarray(0, WORD), pair.subarray(WORD)));
    }
    level = above;
  }
}
