import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ProtocolError, RefusedError } from '../protocol/errors.ts';
import { replayHeadSchema, requestHash } from '../settlement/report/replay-document.ts';
import { parseReportFile } from '../settlement/report/report-schema.ts';
import { keepRequest, replay, type ReplayOptions } from '../store/replay.ts';
import { verify } from '../store/verify.ts';

/** The bytes of `replay.json`, and whether they stood there before. */
export interface ReplayRun {
  readonly json: Uint8Array;
  readonly isKept: boolean;
}

/**
 * Replays into a new folder. When the folder holds the very same replay already it is verified and kept, so the same
 * command can be run twice; anything else that stands there is refused.
 *
 * @throws {RefusedError} `FOLDER_EXISTS`, or `REPLAY_ALTERED` when the same replay is there but no longer as it was written
 */
export async function replayOrKeep(options: ReplayOptions): Promise<ReplayRun> {
  try {
    return { json: (await replay(options)).json, isKept: false };
  } catch (error) {
    if (!(error instanceof ProtocolError) || error.code !== 'FOLDER_EXISTS') throw error;
    const bytes = await readFile(join(options.out, 'replay.json')).catch(() => null);
    if (bytes === null || requestHashIn(bytes) !== (await requestHashOf(options))) {
      throw new RefusedError({
        code: 'FOLDER_EXISTS',
        shortMessage: `${error.shortMessage}, and what stands there is not this replay`,
        details: { out: options.out, next: 'name a new or empty folder with --out' },
      });
    }
    const { difference } = await verify(options.out, options.onProgress);
    if (difference === null) return { json: bytes, isKept: true };
    throw new RefusedError({
      code: 'REPLAY_ALTERED',
      shortMessage: `${options.out} holds this replay, but ${difference.file} is not as it was written`,
      details: { out: options.out, ...difference, next: 'look what happened to it, or name a new folder with --out' },
    });
  }
}

function requestHashIn(bytes: Uint8Array): string | null {
  try {
    return parseReportFile(replayHeadSchema, 'replay.json', bytes).requestHash;
  } catch (error) {
    if (error instanceof ProtocolError) return null;
    throw error;
  }
}

async function requestHashOf(options: ReplayOptions): Promise<string> {
  const inputs = await mkdtemp(join(tmpdir(), 'lode-inputs-'));
  try {
    return requestHash(await keepRequest(options, inputs));
  } finally {
    await rm(inputs, { recursive: true, force: true });
  }
}
