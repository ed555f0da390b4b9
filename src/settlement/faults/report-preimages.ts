import { keccak256 } from '../../protocol/keccak.ts';
import { depthOf } from '../../protocol/positional-merkle.ts';
import { curveHash, curvePreimage } from '../../protocol/vesting-curve.ts';
import { hexToBytes, WORD } from '../../protocol/words.ts';
import type { ReportFiles } from '../report/report-file.ts';
import type { LooseManifest, LooseShard } from '../report/loose-report.ts';
import { readLoosely } from '../report/loose-report.ts';
import { reportAudits } from './report-audits.ts';

/**
 * Everything that a published report reveals of its tree: nodes, leaves, curves and audits, as bytes. Nothing is checked;
 * what does not belong to the root is never asked for. What cannot be read takes nothing else with it: every shard is read by
 * itself, every row by itself, and neither needs what the manifest or `accounts.json` says.
 *
 * @param known what the chain knows of the settlement, where that does not have to be taken from the manifest
 * @throws InputError `REPORT_INVALID` in the end, after all that can be read, for files that are no report
 */
export function* reportPreimages(files: ReportFiles, known?: LooseManifest): Generator<Uint8Array> {
  const report = readLoosely(files);
  const manifest = known ?? report.manifest;
  let end = 0;
  for (const shard of report.shards) {
    // One that does not say where it begins begins where the one before ends.
    const first = shard.first ?? end;
    end = first + shard.leaves.length;
    yield* shardPreimages({ ...shard, first, leafCount: shard.leafCount ?? manifest?.settlement.leafCount ?? end });
  }
  if (manifest !== undefined) yield* reportAudits(manifest, report.accounts);
  if (report.fault !== undefined) throw report.fault;
}

type PlacedShard = LooseShard & { readonly first: number; readonly leafCount: number };

function* shardPreimages(shard: PlacedShard): Generator<Uint8Array> {
  const nodes: (Uint8Array | undefined)[] = [];
  for (const row of shard.leaves) {
    const audit = row === undefined ? undefined : shard.audits[row[3]];
    if (row === undefined || audit === undefined) {
      nodes.push(undefined);
      continue;
    }
    const [account, unlocked, cohorts] = row;
    const curve = { unlocked, cohorts };
    const bytes = new Uint8Array(3 * WORD);
    bytes.set(hexToBytes(account), 12);
    bytes.set(curveHash(curve), WORD);
    bytes.set(hexToBytes(audit), 2 * WORD);
    const digest = keccak256(bytes);
    yield curvePreimage(curve);
    yield bytes;
    yield digest;
    nodes.push(keccak256(digest));
  }
  yield* nodesAbove(shard, nodes);
}

/** The 64 bytes of every node above a run of leaves, as far as its two halves are known. */
function* nodesAbove(
  { first, leafCount, left, right }: PlacedShard,
  leaves: readonly (Uint8Array | undefined)[],
): Generator<Uint8Array> {
  const zero = new Uint8Array(WORD);
  const given = (node: LooseShard['left'][number]): Uint8Array | undefined => (node ? hexToBytes(node) : undefined);
  let [from, width, run] = [first, leafCount, [...leaves]];
  for (let level = 0; level < depthOf(leafCount); level++) {
    if (from % 2 === 1) {
      run = [given(left[level]), ...run];
      from -= 1;
    }
    if (run.length % 2 === 1) run.push(from + run.length < width ? given(right[level]) : zero);
    from /= 2; // integer: the number is even
    width = (width + (width % 2)) / 2; // integer: the number is even
    const above: (Uint8Array | undefined)[] = [];
    for (let i = 0; i < run.length; i += 2) {
      const [one, other] = [run[i], run[i + 1]];
      if (one === undefined || other === undefined) {
        above.push(undefined);
        continue;
      }
      const pair = new Uint8Array(2 * WORD);
      pair.set(one);
      pair.set(other, WORD);
      yield pair;
      above.push(keccak256(pair));
    }
    run = above;
  }
}
