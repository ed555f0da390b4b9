import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Hash32 } from '../../protocol/brands.ts';
import { parseHash32 } from '../../protocol/brands.ts';
import type { EpochRecord, Settlement } from '../../protocol/epoch-record.ts';
import { settlementHash } from '../../protocol/epoch-record.ts';
import { bytesToHex } from '../../protocol/words.ts';
import { contentIdOf } from '../../settlement/report/content-id.ts';
import type { Manifest } from '../../settlement/report/report-schema.ts';
import { manifestSchema, parseReportFile } from '../../settlement/report/report-schema.ts';
import { sha256Hex } from '../../settlement/report/sha256.ts';
import { ifThere } from '../../store/if-there.ts';
import { readReport } from '../../store/report-folder.ts';
import { reportPath } from '../data-folder.ts';
import { assertWholeReport } from '../whole-report.ts';

/** What the operator's own report says of an epoch, as it is proposed. */
export interface OwnSettlement {
  readonly epoch: number;
  readonly record: EpochRecord;
  readonly settlement: Settlement;
  readonly basis: Hash32;
  /** What the chain keeps of it: the hash of basis and settlement. */
  readonly hash: Hash32;
  /** The report's content id. */
  readonly cid: string;
  readonly manifest: Manifest;
}

const MANIFEST = 'manifest.json';
/** Reports can be large: what was read of one is kept as long as its manifest, which names all its files by hash, is the same. */
const KEPT = 8;
const known = new Map<string, OwnSettlement>();

/**
 * Reads the report of an epoch in the data folder; null while there is none.
 *
 * @throws {InputError} `REPORT_INVALID`
 * @throws {RefusedError} `REPORT_CHANGED`
 */
export async function readOwnSettlement(data: string, epoch: number): Promise<OwnSettlement | null> {
  const folder = reportPath(data, epoch);
  const bytes = await manifestBytes(folder);
  if (bytes === null) return null;
  const key = `${folder} ${sha256Hex(bytes)}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const manifest = parseReportFile(manifestSchema, MANIFEST, bytes);
  const files = await readReport(folder);
  assertWholeReport(folder, files, manifest);
  const { cid, digest } = await contentIdOf(files);
  const settlement = { ...manifest.settlement, reportCid: parseHash32(bytesToHex(digest)) };
  const { record, basis } = manifest;
  const own = { epoch, record, settlement, basis, hash: settlementHash(basis, settlement), cid, manifest };
  for (const oldest of [...known.keys()].slice(0, Math.max(0, known.size + 1 - KEPT))) known.delete(oldest);
  known.set(key, own);
  return own;
}

/** The manifest of an epoch's report in the data folder; null while there is none. */
export async function readOwnManifest(data: string, epoch: number): Promise<Manifest | null> {
  const bytes = await manifestBytes(reportPath(data, epoch));
  return bytes === null ? null : parseReportFile(manifestSchema, MANIFEST, bytes);
}

async function manifestBytes(folder: string): Promise<Uint8Array | null> {
  return await ifThere(readFile(join(folder, MANIFEST)));
}
