import { importer } from 'ipfs-unixfs-importer';
import { fixedSize } from 'ipfs-unixfs-importer/chunker';
import { balanced } from 'ipfs-unixfs-importer/layout';
import { base32 } from 'multiformats/bases/base32';
import { CID } from 'multiformats/cid';
import { create } from 'multiformats/hashes/digest';

import type { ReportFile } from './report-file.ts';

/** What a content id says: the text that gateways understand, and the 32 bytes that a settlement declares. */
export interface ContentId {
  /** CIDv1, dag-pb, sha2-256, base32: `bafybei…`. */
  readonly cid: string;
  /** The sha2-256 digest inside it; the rest of the CID is fixed, so the digest is enough on chain. */
  readonly digest: Uint8Array;
}

const DAG_PB = 0x70;
const SHA2_256 = 0x12;

/**
 * Computes the content id of a report folder without any network: the root of its UnixFS directory with pinned parameters
 * (chunks of 1 MiB, raw leaves, 1,024 children, directories split into a HAMT of 8 bits above 256 KiB of block). `kubo`
 * gives the same id with `ipfs add -r --cid-version=1 --chunker=size-1048576 --max-file-links=1024`.
 *
 * The order of `files` does not matter; one after the other is asked for, and none is kept.
 */
export async function contentIdOf(files: Iterable<ReportFile> | AsyncIterable<ReportFile>): Promise<ContentId> {
  async function* source(): AsyncGenerator<Source> {
    for await (const [path, content] of files) yield { path, content };
  }
  return rootOf(source(), pinned());
}

interface Source {
  readonly path?: string;
  readonly content: Uint8Array | AsyncIterable<Uint8Array>;
}

/**
 * Computes the content id of one file by itself, with the same parameters and no directory around it: a raw block up to 1 MiB
 * (`bafkrei…`), the root of a balanced tree above (`bafybei…`). The content may come in pieces of any size.
 */
export async function fileContentIdOf(content: Uint8Array | AsyncIterable<Uint8Array>): Promise<ContentId> {
  return rootOf([{ content }], { ...pinned(), wrapWithDirectory: false });
}

async function rootOf(
  source: Iterable<Source> | AsyncIterable<Source>,
  options: Parameters<typeof importer>[2],
): Promise<ContentId> {
  const forget = { put: (cid: CID): Promise<CID> => Promise.resolve(cid) };
  let root: CID | null = null;
  for await (const entry of importer(source, forget, options)) root = entry.cid;
  if (root === null) throw new TypeError('the importer gave no root');
  return { cid: root.toString(base32), digest: root.multihash.digest };
}

/** The content id that a declared digest stands for. */
export function contentIdFrom(digest: Uint8Array): ContentId {
  return { cid: CID.createV1(DAG_PB, create(SHA2_256, digest)).toString(base32), digest };
}

/** Every option that can move the id is written out: a change of a default in the library must not change ours. */
const pinned = () =>
  ({
    cidVersion: 1,
    rawLeaves: true,
    reduceSingleLeafToSelf: true,
    wrapWithDirectory: true,
    shardSplitThresholdBytes: 262_144,
    shardSplitStrategy: 'block-bytes',
    shardFanoutBits: 8,
    fieldOrder: 'links-first',
    chunker: fixedSize({ chunkSize: 1_048_576 }),
    layout: balanced({ maxChildrenPerNode: 1_024 }),
  }) as const;
