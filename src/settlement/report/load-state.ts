import type { Address } from '../../protocol/brands.ts';
import { InputError } from '../../protocol/errors.ts';
import type { Curve } from '../../protocol/vesting-curve.ts';
import { hexToBytes } from '../../protocol/words.ts';
import { TableBuilder } from '../columns/table-builder.ts';
import type { State } from '../state.ts';
import type { ReportFiles } from './report-file.ts';
import { shardPath } from './prefix.ts';
import type { Manifest } from './report-schema.ts';
import { manifestSchema, parseReportFile, shardSchema } from './report-schema.ts';
import { checkShard } from './shard-leaves.ts';

/**
 * The state after an epoch, from its report: every shard is hashed and must lead to the manifest's root, and the shards
 * together must hold every leaf.
 *
 * @throws InputError `REPORT_INVALID` or `SHARD_INVALID`
 */
export function loadState(files: ReportFiles): State {
  const manifest = parseReportFile(manifestSchema, 'manifest.json', files.get('manifest.json'));
  const { next } = manifest;
  const paths = shardPathsIn(manifest);
  // What a manifest says is no reason to make room for it: a leaf takes 55 bytes of its shard at least.
  const bytes = paths.reduce((sum, path) => sum + (files.get(path)?.length ?? 0), 0);
  const most = (bytes - (bytes % 55)) / 55; // integer: a multiple of 55
  const builder = new TableBuilder({ accounts: most, cohorts: most });
  for (const path of paths) {
    const shard = parseReportFile(shardSchema, path, files.get(path));
    const { leaves, range } = checkShard(shard, next.root);
    if (range.from !== builder.length || range.leafCount !== next.leafCount || shard.epoch !== manifest.epoch) {
      throw incomplete(manifest, path);
    }
    if (path !== shardPath(shard.prefix, shard.prefixBits)) throw incomplete(manifest, path);
    for (const { account, curve } of leaves) builder.push(hexToBytes(account), 0, curve);
  }
  if (builder.length !== next.leafCount) throw incomplete(manifest, 'shards');
  return {
    epoch: manifest.epoch,
    accounts: builder.finish(),
    root: next.root,
    totalCurve: next.totalCurve,
    foundationCurves: new Map<Address, Curve>(next.foundations.map(({ account, curve }) => [account, curve])),
    reserve: next.reserve,
    pending: next.pending,
    totalGranted: next.totalGranted,
  };
}

/** The shard files that a manifest names, in the order of their leaves. */
export function shardPathsIn(manifest: Pick<Manifest, 'files'>): string[] {
  return Object.keys(manifest.files)
    .filter((path) => path.startsWith('shards/'))
    .sort();
}

function incomplete(manifest: Manifest, path: string): InputError {
  return new InputError({
    code: 'REPORT_INVALID',
    shortMessage: `${path} of epoch ${manifest.epoch}: the shards are not the leaves of the root, one after the other`,
    details: { epoch: manifest.epoch, path },
  });
}
