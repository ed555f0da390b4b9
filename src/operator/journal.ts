import { constants, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';

import { z } from 'zod';

import { RefusedError } from '../protocol/errors.ts';
import { ifThere } from '../store/if-there.ts';
import { makeFolder } from '../store/make-folder.ts';
import { syncFolders } from '../store/report-folder.ts';
import { journalPath } from './data-folder.ts';
import type { EpochJournal, JournalLine } from './steps/step.ts';
import { STEPS } from './steps/step.ts';

const hashes = z.record(z.string(), z.string());

const lineSchema = z.strictObject({
  step: z.enum(STEPS),
  state: z.enum(['begun', 'done']),
  at: z.string(),
  inputs: hashes,
  outputs: hashes,
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
});

const encoder = new TextEncoder();

/**
 * Opens the journal of an epoch for this process, which holds the lock of its data folder. What an ended process left of a line is
 * taken away: nobody was told that it was written.
 *
 * @throws {RefusedError} `JOURNAL_INVALID`
 */
export async function openJournal(data: string, epoch: number): Promise<EpochJournal> {
  const path = journalPath(data, epoch);
  const { lines, size } = await read(path);
  return new FileJournal(path, lines, size);
}

/**
 * What was begun and done for an epoch so far, without a lock; nothing where nothing was.
 *
 * @throws {RefusedError} `JOURNAL_INVALID`
 */
export async function readJournal(data: string, epoch: number): Promise<readonly JournalLine[]> {
  return (await read(journalPath(data, epoch))).lines;
}

/** The newest line of a step, or of a step in that state; null: none. */
export function lastLine(
  lines: readonly JournalLine[],
  step: JournalLine['step'],
  state?: JournalLine['state'],
): JournalLine | null {
  return lines.findLast((line) => line.step === step && (state === undefined || line.state === state)) ?? null;
}

class FileJournal implements EpochJournal {
  readonly #path: string;
  readonly #lines: JournalLine[];
  /** The bytes of whole lines; a line that could not be written whole may stand behind. */
  #size: number;
  #isSynced = false;

  constructor(path: string, lines: readonly JournalLine[], size: number) {
    this.#path = path;
    this.#lines = [...lines];
    this.#size = size;
  }

  readonly last: EpochJournal['last'] = (step, state) => lastLine(this.#lines, step, state);

  readonly begin: EpochJournal['begin'] = async (step, inputs, facts = {}) => {
    await this.#add({ step, state: 'begun', at: now(), inputs, outputs: {}, facts });
  };

  readonly finish: EpochJournal['finish'] = async (step, { inputs, outputs, facts }) => {
    await this.#add({ step, state: 'done', at: now(), inputs, outputs, facts });
  };

  /** A line that says what the newest one says is not written again: what is tried over and over must not fill the disk. */
  async #add(line: JournalLine): Promise<void> {
    const newest = this.#lines.at(-1);
    if (newest !== undefined && sameDeed(newest, line)) return;
    const bytes = encoder.encode(`${JSON.stringify(line)}\n`);
    const folder = dirname(this.#path);
    await makeFolder(folder);
    const file = await open(this.#path, constants.O_RDWR | constants.O_CREAT);
    try {
      // At its own place: what a failed attempt left there is overwritten, not continued.
      await file.truncate(this.#size);
      for (let written = 0; written < bytes.length;) {
        const { bytesWritten } = await file.write(bytes, written, bytes.length - written, this.#size + written);
        written += bytesWritten;
      }
      await file.sync();
    } finally {
      await file.close();
    }
    if (!this.#isSynced) await syncFolders(folder, dirname(folder), dirname(dirname(folder)));
    this.#isSynced = true;
    this.#size += bytes.length;
    this.#lines.push(line);
  }
}

function sameDeed(a: JournalLine, b: JournalLine): boolean {
  if (a.step !== b.step || a.state !== b.state || !sameHashes(a.inputs, b.inputs)) return false;
  return a.state === 'begun' || (sameHashes(a.outputs, b.outputs) && sameHashes(a.facts, b.facts));
}

/** Whether two tables say the same, in whatever order. */
export function sameHashes(
  a: Readonly<Record<string, string | number | null>>,
  b: Readonly<Record<string, string | number | null>>,
): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => Object.hasOwn(b, name) && a[name] === b[name]);
}

async function read(path: string): Promise<{ readonly lines: readonly JournalLine[]; readonly size: number }> {
  const bytes = (await ifThere(readFile(path))) ?? new Uint8Array();
  // A line counts from the moment that its line break is there: before, nobody was told that it was written.
  const size = bytes.lastIndexOf(10) + 1;
  const text = new TextDecoder().decode(bytes.subarray(0, size));
  const lines = text.split('\n').slice(0, -1);
  return { lines: lines.map((line, at) => parseLine(line, path, at + 1)), size };
}

function parseLine(text: string, path: string, line: number): JournalLine {
  try {
    return lineSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new RefusedError({
      code: 'JOURNAL_INVALID',
      shortMessage: `${path}:${line} is no line of a journal`,
      details: { path, line, next: 'see who else wrote there; put the file back from a copy' },
      cause,
    });
  }
}

function now(): string {
  return new Date().toISOString();
}
