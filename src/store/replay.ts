import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { parseAddress } from '../protocol/brands.ts';
import { InputError } from '../protocol/errors.ts';
import { issueWords } from '../settlement/issue-words.ts';
import type { ReplayDocument, ReplayRequest } from '../settlement/report/replay-document.ts';
import { requestSchema } from '../settlement/report/replay-document.ts';
import type { ReplayProgress } from './compute-replay.ts';
import { computeReplay } from './compute-replay.ts';
import { FolderWriter } from './folder-writer.ts';
import type { ScoringEngine } from './scoring-engine.ts';
import { epochFolder } from './epoch-folder.ts';
import { makeTemporary } from './make-folder.ts';
import { keepInput } from './replay-inputs.ts';
import { clearLeftovers, publishFolder, refuseExisting, syncFolders, temporaryFor } from './report-folder.ts';

/** What to replay, and where to put it. Paths of files; `from` is the start of epoch 0 in unix seconds. */
export interface ReplayOptions {
  readonly preset: string;
  readonly variant?: string | undefined;
  readonly contributions: readonly string[];
  readonly usage?: readonly string[];
  readonly accounts?: readonly string[];
  readonly prices?: readonly string[];
  /** What governance changed since the preset (`lode-changes-v1`). */
  readonly changes?: string | undefined;
  /** Ledger task name → task of the preset; beside and above the preset's own mapping. */
  readonly map?: Readonly<Record<string, string>>;
  readonly foundation?: string;
  readonly from: number;
  readonly epochs: number;
  readonly out: string;
  /** Use a ledger however much of it is unusable. */
  readonly anyRejects?: boolean;
  /** Says in the reports how everybody's scores came about. */
  readonly explanations?: boolean;
  /** What scores, the one within this process if absent; no byte depends on it. */
  readonly engine?: ScoringEngine | undefined;
  readonly onProgress?: (progress: ReplayProgress) => void;
}

/** A finished replay. */
export interface Replay {
  readonly document: ReplayDocument;
  /** The bytes of `replay.json`: what `--json` prints. */
  readonly json: Uint8Array;
  readonly folder: string;
}

/**
 * Runs a whole economy off chain and writes it to a folder: inputs by hash, a report per epoch, `replay.json`. The folder
 * appears whole or not at all; running it again on the same inputs gives the same bytes.
 *
 * @throws InputError `FOLDER_EXISTS`, `FOLDER_UNUSABLE`, `FILE_UNREADABLE`, `REPLAY_INVALID`, or what preset and ledger are refused for
 */
export async function replay(options: ReplayOptions): Promise<Replay> {
  await refuseExisting(options.out);
  const folder = temporaryFor(options.out);
  await clearLeftovers(options.out);
  await makeTemporary(folder, options.out);
  const writer = new FolderWriter(folder);
  try {
    const inputs = join(folder, 'inputs');
    const request = await keepRequest(options, inputs);
    const epochs = computeReplay(request, inputs, {
      ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
      engine: options.engine,
      take: (epoch, [path, bytes]) => writer.add(`${epochFolder(epoch)}/${path}`, bytes),
    });
    for (;;) {
      const step = await epochs.next();
      if (step.done !== true) continue;
      const { document, files } = step.value;
      for (const [path, bytes] of files) await writer.add(path, bytes);
      await writer.finish();
      await syncFolders(inputs);
      await publishFolder(folder, options.out);
      return { document, json: files.get('replay.json') ?? new Uint8Array(), folder: options.out };
    }
  } catch (error) {
    await writer.settle();
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/**
 * Copies the inputs into a folder under their hashes, and gives the request that names them.
 *
 * @throws InputError `FILE_UNREADABLE`, `REPLAY_INVALID`
 */
export async function keepRequest(
  options: Omit<ReplayOptions, 'out' | 'engine' | 'onProgress'>,
  inputs: string,
): Promise<ReplayRequest> {
  const keep = async (paths: readonly string[] = []): Promise<string[]> => {
    const names: string[] = [];
    for (const path of paths) names.push(await keepInput(path, inputs, 'csv'));
    return names;
  };
  const request = {
    preset: await keepInput(options.preset, inputs, 'jsonc'),
    variant: options.variant ?? null,
    contributions: await keep(options.contributions),
    usage: await keep(options.usage),
    accounts: await keep(options.accounts),
    prices: await keep(options.prices),
    changes: options.changes === undefined ? null : await keepInput(options.changes, inputs, 'json'),
    map: options.map ?? {},
    foundation: options.foundation === undefined ? null : parseAddress(options.foundation),
    from: options.from,
    epochs: options.epochs,
    anyRejects: options.anyRejects ?? false,
    ...(options.explanations === true ? { explanations: true } : {}),
  };
  const parsed = requestSchema.safeParse(request);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new InputError({
    code: 'REPLAY_INVALID',
    shortMessage: `${issue?.path.join('.') ?? 'request'}: ${issue === undefined ? 'invalid' : issueWords(issue)}`,
  });
}
