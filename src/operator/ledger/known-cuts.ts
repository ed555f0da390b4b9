import { stat } from 'node:fs/promises';
import { join } from 'node:path';

import { ledgerPath } from '../data-folder.ts';
import type { CutSummary } from './cut-files.ts';
import { CUT_FILE, cutHashes, readCutRows, readCutSummary } from './cut-files.ts';
import type { SeenSources } from './cut-sources.ts';
import type { CutRules } from './cut.ts';
import { KnownRows } from './known-rows.ts';

/** What was read of the cuts of a data folder, and by what each is known not to be another one since. */
interface ReadBefore {
  readonly known: KnownRows;
  readonly signatures: string[];
  seen: SeenBefore | null;
}

/** What a cut saw of the sources, and which cut by which rules that was. */
interface SeenBefore {
  readonly epoch: number;
  readonly hash: string | undefined;
  readonly rules: string;
  readonly files: SeenSources;
}

/** A keeper cuts one epoch after the other: each is read once in a process. */
const readBefore = new Map<string, ReadBefore>();

const NOTHING: SeenSources = new Map();

/**
 * Everything that the cuts of all epochs before one hold.
 *
 * @throws {RefusedError} `CUT_DAMAGED`, `CUT_MISSING`
 */
export async function readKnown(data: string, before: number): Promise<KnownRows> {
  const earlier = readBefore.get(data);
  const isGood = earlier !== undefined && earlier.signatures.length <= before && (await isUnchanged(data, earlier));
  const { known, signatures, seen } = isGood ? earlier : { known: new KnownRows(), signatures: [], seen: null };
  // What is half read counts for nothing.
  readBefore.delete(data);
  for (let epoch = signatures.length; epoch < before; epoch++) {
    const signature = await signatureOf(data, epoch);
    known.add(epoch, await readCutRows(data, epoch));
    signatures.push(signature ?? '');
  }
  readBefore.set(data, { known, signatures, seen });
  return known;
}

/**
 * What the cut before this one saw of the sources, if this process made it, by the same rules, and it stands there as it was made;
 * else nothing, and everything is read. No file has it: what is not there can neither be lost nor say what is not so.
 */
export async function seenSources(data: string, rules: CutRules): Promise<SeenSources> {
  const seen = readBefore.get(data)?.seen ?? null;
  if (seen?.epoch !== rules.epoch - 1 || seen.rules !== textOf(rules)) return NOTHING;
  const summary = await readCutSummary(data, seen.epoch);
  return summary !== null && hashOf(summary) === seen.hash ? seen.files : NOTHING;
}

/** Keeps what a cut saw of the sources, after it was written. */
export function keepSeen(data: string, { cut, rules, files }: KeptSeen): void {
  const known = readBefore.get(data);
  if (known !== undefined) known.seen = { epoch: rules.epoch, hash: hashOf(cut), rules: textOf(rules), files };
}

interface KeptSeen {
  readonly cut: CutSummary;
  readonly rules: CutRules;
  readonly files: SeenSources;
}

/** Under other rules a row that was refused may count. */
function textOf({ clock, lateRows, forbidden }: CutRules): string {
  return JSON.stringify([clock.start, clock.length, lateRows, ...[...forbidden].sort()]);
}

function hashOf(summary: CutSummary): string | undefined {
  return cutHashes(summary)[`ledger/${CUT_FILE}`];
}

async function isUnchanged(data: string, { signatures }: ReadBefore): Promise<boolean> {
  for (const [epoch, signature] of signatures.entries()) {
    if (signature === '' || (await signatureOf(data, epoch)) !== signature) return false;
  }
  return true;
}

/** By what a cut is told from another that took its place; null where there is none. */
async function signatureOf(data: string, epoch: number): Promise<string | null> {
  return await stat(join(ledgerPath(data, epoch), CUT_FILE)).then(
    ({ ino, size, mtimeMs }) => `${ino} ${size} ${mtimeMs}`,
    () => null,
  );
}
