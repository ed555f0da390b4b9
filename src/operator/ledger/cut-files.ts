import { join } from 'node:path';

import { z } from 'zod';

import { RefusedError } from '../../protocol/errors.ts';
import { isFault } from '../../settlement/ledger/fault.ts';
import type { Parsed } from '../../settlement/ledger/fault.ts';
import { parseAccountRow, parseContribution, parseUsage } from '../../settlement/ledger/parse-rows.ts';
import { canonicalBytes } from '../../settlement/report/canonical-json.ts';
import { sha256 } from '../../settlement/report/report-fields.ts';
import { sha256Hex } from '../../settlement/report/sha256.ts';
import { COLUMNS_OF } from '../../store/ledger-kind.ts';
import { cutDamaged } from '../../store/needed-rows.ts';
import { readRows } from '../../store/read-rows.ts';
import { listFolder, readWithin } from '../../store/report-folder.ts';
import { ledgerPath } from '../data-folder.ts';
import type { Hashes } from '../steps/step.ts';
import type { Cut } from './cut.ts';
import type { CutKind, CutRows, QuarantineCode } from './rows-of-cut.ts';
import { accountLine, contributionLine, CUT_KINDS, usageLine } from './rows-of-cut.ts';

export const CUT_FORMAT = 'lode-cut-v1';
/** What a cut says of itself: its counts, and the hash of every file. */
export const CUT_FILE = 'cut.json';
export const QUARANTINE_FILE = 'quarantine.ndjson';

const counts = z.strictObject({
  read: z.int(),
  cut: z.int(),
  moved: z.int(),
  known: z.int(),
  later: z.int(),
  late: z.int(),
  duplicates: z.int(),
  quarantined: z.int(),
});

const cutSchema = z.strictObject({
  format: z.literal(CUT_FORMAT),
  epoch: z.int(),
  counts: z.strictObject({ contributions: counts, usage: counts, accounts: counts }),
  files: z.record(z.string(), sha256),
});

/** `cut.json`. */
export type CutSummary = z.output<typeof cutSchema>;

const quarantineSchema = z.strictObject({
  kind: z.enum(CUT_KINDS),
  file: z.string(),
  line: z.int(),
  code: z.string().transform((code) => code as QuarantineCode), // written by the cut; nothing is decided by it
  reason: z.string(),
  identity: z.string(),
  fields: z.record(z.string(), z.string()).nullable(),
});

const encoder = new TextEncoder();

/**
 * The files of a cut by name. A kind of which the epoch has no row has no file, since a file without any row would be taken for one
 * that lost its rows.
 */
export function cutFiles(cut: Cut): {
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly summary: CutSummary;
} {
  const files = new Map<string, Uint8Array>();
  const add = (name: string, lines: readonly string[]) => {
    if (lines.length > 0) files.set(name, encoder.encode(`${lines.join('\n')}\n`));
  };
  add('contributions.ndjson', cut.contributions.map(contributionLine));
  add('usage.ndjson', cut.usage.map(usageLine));
  add('accounts.ndjson', cut.accounts.map(accountLine));
  add(
    QUARANTINE_FILE,
    cut.quarantine.map((row) => JSON.stringify(row)),
  );
  const hashes = Object.fromEntries([...files].map(([name, bytes]) => [name, sha256Hex(bytes)]));
  const summary = { format: CUT_FORMAT, epoch: cut.epoch, counts: cut.counts, files: hashes } as const;
  files.set(CUT_FILE, summaryBytes(summary));
  return { files, summary };
}

/** The hashes of a cut's files, by their names within the epoch's folder. */
export function cutHashes(summary: CutSummary): Hashes {
  const files = Object.entries(summary.files).map(([name, hash]): [string, string] => [`ledger/${name}`, hash]);
  return Object.fromEntries([...files, [`ledger/${CUT_FILE}`, sha256Hex(summaryBytes(summary))]]);
}

function summaryBytes({ format, epoch, counts: kinds, files }: CutSummary): Uint8Array {
  const figures = Object.fromEntries(CUT_KINDS.map((kind) => [kind, { ...kinds[kind] }]));
  return canonicalBytes({ format, epoch, counts: figures, files });
}

/**
 * What an epoch's cut says of itself, after its files were held against their hashes; null where the epoch is not cut.
 *
 * @throws {RefusedError} `CUT_DAMAGED` when a file is not what was cut
 */
export async function readCutSummary(data: string, epoch: number): Promise<CutSummary | null> {
  const folder = ledgerPath(data, epoch);
  const entries = await listFolder(folder);
  if (entries.length === 0) return null;
  const summary = await readSummaryAlone(data, epoch);
  if (summary === null) throw cutDamaged(join(folder, CUT_FILE));
  for (const { path } of entries) {
    if (path !== CUT_FILE && !Object.hasOwn(summary.files, path)) throw cutDamaged(join(folder, path));
  }
  for (const [name, expected] of Object.entries(summary.files)) {
    const found = await readWithin(join(folder, name));
    if (found === undefined || sha256Hex(found) !== expected) throw cutDamaged(join(folder, name));
  }
  return summary;
}

/**
 * What an epoch's cut says of itself, for those who hold its files against their hashes when they read them; null where there is none.
 *
 * @throws {RefusedError} `CUT_DAMAGED` when it says nothing that can be understood
 */
export async function readSummaryAlone(data: string, epoch: number): Promise<CutSummary | null> {
  const path = join(ledgerPath(data, epoch), CUT_FILE);
  const bytes = await readWithin(path);
  if (bytes === undefined) return null;
  const summary = parsed(bytes);
  if (summary?.epoch !== epoch) throw cutDamaged(path);
  return summary;
}

/**
 * The rows of an epoch's cut.
 *
 * @throws {RefusedError} `CUT_DAMAGED`, `CUT_MISSING`
 */
export async function readCutRows(data: string, epoch: number): Promise<CutRows> {
  const summary = await readCutSummary(data, epoch);
  const folder = ledgerPath(data, epoch);
  if (summary === null) {
    throw new RefusedError({
      code: 'CUT_MISSING',
      shortMessage: `epoch ${epoch} is not cut`,
      details: { epoch, folder, next: `cut it first: lode epoch ingest --epoch ${epoch}` },
    });
  }
  const has = (name: string) => Object.hasOwn(summary.files, name);
  const rowsOf = async <T>(kind: CutKind, parse: (fields: ReadonlyMap<string, string>) => Parsed<T>): Promise<T[]> => {
    const name = `${kind}.ndjson`;
    if (!has(name)) return [];
    const rows = await readRows({ path: join(folder, name) }, COLUMNS_OF[kind]);
    return rows.map((raw) => {
      const row = 'fault' in raw ? raw.fault : parse(raw.fields);
      if (isFault(row)) throw cutDamaged(join(folder, name));
      return row;
    });
  };
  const nobody = new Set<string>();
  const quarantine = has(QUARANTINE_FILE) ? await readWithin(join(folder, QUARANTINE_FILE)) : undefined;
  return {
    contributions: await rowsOf('contributions', (fields) => parseContribution(fields, nobody)),
    usage: await rowsOf('usage', (fields) => parseUsage(fields, nobody)),
    accounts: await rowsOf('accounts', (fields) => parseAccountRow(fields, nobody)),
    quarantine: parseQuarantine(quarantine ?? new Uint8Array(), () => cutDamaged(join(folder, QUARANTINE_FILE))),
  };
}

/** Reads `quarantine.ndjson`; `fault` gives the error for what cannot be read. */
export function parseQuarantine(bytes: Uint8Array, fault: () => Error): CutRows['quarantine'] {
  const lines = new TextDecoder().decode(bytes).split('\n');
  return lines.slice(0, -1).map((line) => {
    try {
      return quarantineSchema.parse(JSON.parse(line));
    } catch {
      throw fault();
    }
  });
}

function parsed(bytes: Uint8Array): CutSummary | null {
  try {
    return cutSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch {
    return null;
  }
}
