import { createSHA256 } from 'hash-wasm';

import { RefusedError, RetryableError } from '../../protocol/errors.ts';
import type { ReportFiles } from '../../settlement/report/report-file.ts';
import type { AskLimits } from '../../store/ask-again.ts';

/** One input of an epoch as a file of the data folder, which may be larger than memory. */
export interface InputFile {
  /** `<sha256>.<ending>`: what it is called at every target. */
  readonly name: string;
  /** Where it stands here. */
  readonly from: string;
  readonly sha256: string;
  /** Its size in bytes. */
  readonly bytes: number;
  /** Its content id as a file by itself. */
  readonly cid: string;
}

/** What is published of one epoch: the report whose content id is proposed, and every new input that it was computed from. */
export interface Publication {
  readonly epoch: number;
  /** The report's content id, computed without any network. */
  readonly cid: string;
  readonly report: ReportFiles;
  readonly inputs: readonly InputFile[];
}

/** What a target held in the end: all of it, read back and compared. */
export interface Confirmation {
  /** Files that were sent now; files that stood there already with the right content are not sent again. */
  readonly sent: number;
  readonly kept: number;
  /** Bytes of the files sent. */
  readonly bytes: number;
}

/** A place that reports are published at. Publishing twice does no harm: the second time nothing is sent. */
export interface Target {
  /** As it may be shown, without a name and password in it. */
  readonly name: string;
  /**
   * Publishes and reads back. Whatever goes wrong, what other targets hold stays.
   *
   * @throws {RetryableError} `TARGET_UNAVAILABLE`, `TARGET_UNCONFIRMED` (what came back is not what was sent)
   * @throws {RefusedError} `TARGET_REFUSED`, `TARGET_DIFFERS` (something else stands there)
   */
  readonly publish: (publication: Publication, until: AbortSignal) => Promise<Confirmation>;
}

/** How long a target is waited for. Times in milliseconds. */
export interface PublishLimits extends AskLimits {
  /** One answer may take this long, and longer for large files. */
  readonly answerWithin: number;
  /** The slowest line that a large file is waited for, in bytes a second. */
  readonly bytesPerSecond: number;
}

export const PUBLISH_LIMITS: PublishLimits = {
  attempts: 5,
  firstWait: 500,
  answerWithin: 30_000,
  bytesPerSecond: 50_000,
};

/** How long a request may take that moves so many bytes, in milliseconds. */
export function timeFor(bytes: number, { answerWithin, bytesPerSecond }: PublishLimits): number {
  return answerWithin + Math.ceil((bytes / bytesPerSecond) * 1000);
}

export const MANIFEST = 'manifest.json';

/** Where an input stands below a target. */
export function inputPathAt({ name }: Pick<InputFile, 'name'>): string {
  return `inputs/${name}`;
}

/** The target did not answer, or was in trouble. */
export function unavailable(target: string, path: string, reason: string): RetryableError {
  return new RetryableError({
    code: 'TARGET_UNAVAILABLE',
    shortMessage: `${target} does not take or give ${path}: ${reason}`,
    details: { target, path, reason },
  });
}

/** What was sent did not come back as it was. */
export function unconfirmed(target: string, path: string, expected: string, found: string): RetryableError {
  return new RetryableError({
    code: 'TARGET_UNCONFIRMED',
    shortMessage: `${target} does not give ${path} back as it was sent`,
    details: {
      ...{ target, path, expected, found },
      next: 'nothing is proposed before every target confirms; run the same command again, and look at the target where that does not help',
    },
  });
}

/** The target will not have it: asking again does not help. */
export function refused(target: string, path: string, reason: string, next: string): RefusedError {
  return new RefusedError({
    code: 'TARGET_REFUSED',
    shortMessage: `${target} refuses ${path}: ${reason}`,
    details: { target, path, reason, next },
  });
}

/** Something else stands where a file of ours belongs; it is never written over. */
export function differs(target: string, path: string, expected: string, found: string): RefusedError {
  return new RefusedError({
    code: 'TARGET_DIFFERS',
    shortMessage: `${target} holds something else at ${path}`,
    details: {
      ...{ target, path, expected, found },
      next: 'nothing there was changed; see whose it is, and move it away or name another target',
    },
  });
}

/** The sha-256 and size of a stream that may be larger than memory; null once it is longer than `most` bytes. */
export async function digestOf(
  content: AsyncIterable<Uint8Array>,
  most = Number.MAX_SAFE_INTEGER,
): Promise<{ readonly sha256: string; readonly bytes: number } | null> {
  const hasher = await createSHA256();
  let bytes = 0;
  for await (const piece of content) {
    bytes += piece.length;
    if (bytes > most) return null;
    hasher.update(piece);
  }
  return { sha256: hasher.digest('hex'), bytes };
}
