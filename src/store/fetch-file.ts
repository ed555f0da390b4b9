import type { AskLimits, Repeatable } from './ask-again.ts';
import { askAgain, isPassing, noAnswer, retryAfter } from './ask-again.ts';

/** How far a file from the web is waited for. Times in milliseconds. */
export interface FetchLimits extends AskLimits {
  /** A larger answer is none. */
  readonly maxBytes: number;
  /** One answer may take this long. */
  readonly answerWithin: number;
}

/** A file from the web, that it is not there, or why nobody knows. */
export type Fetched =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'absent'; readonly reason: string }
  | { readonly kind: 'failed'; readonly reason: string };

/** One answer, and whether another attempt can give a better one. */
type Answer = Fetched & Repeatable;

/**
 * Asks for a file until it comes, it is said not to be there, or the attempts or the time are over. Answers of a server in
 * trouble (429, 5xx, pages of HTML, nothing at all, cut short) are asked again, with waits that grow and vary. Never throws.
 *
 * `whole` says whether bytes are a whole file; without it any are.
 */
export async function fetchFile(
  url: string,
  limits: FetchLimits,
  until: AbortSignal,
  whole: (bytes: Uint8Array) => boolean = () => true,
): Promise<Fetched> {
  const last = await askAgain(() => ask(url, limits, until, whole), limits, until);
  if (last === null) return { kind: 'failed', reason: 'the time is over' };
  return last.kind === 'bytes' ? last : { kind: last.kind, reason: last.reason };
}

async function ask(
  url: string,
  { maxBytes, answerWithin }: FetchLimits,
  until: AbortSignal,
  whole: (bytes: Uint8Array) => boolean,
): Promise<Answer> {
  try {
    const signal = AbortSignal.any([until, AbortSignal.timeout(answerWithin)]);
    const response = await fetch(url, { signal, headers: { accept: 'application/json, */*;q=0.5' } });
    const refused = refusal(response);
    if (refused !== null) {
      await response.body?.cancel();
      return refused;
    }
    const bytes = await readUpTo(response, maxBytes);
    if (bytes === null) return { kind: 'failed', reason: `more than ${maxBytes} bytes` };
    if (bytes.length === 0) return { kind: 'failed', reason: 'an empty answer', again: true };
    if (!whole(bytes)) return { kind: 'failed', reason: 'cut short, or no JSON', again: true };
    return { kind: 'bytes', bytes };
  } catch (error) {
    return { kind: 'failed', reason: noAnswer(error), again: true };
  }
}

/** What a status or a type of content says before anything is read; null: read it. */
function refusal({ status, ok, headers }: Response): Answer | null {
  if (status === 404 || status === 410) return { kind: 'absent', reason: `status ${status}` };
  if (isPassing(status)) {
    const wait = retryAfter(headers);
    return { kind: 'failed', reason: `status ${status}`, again: true, ...(wait === undefined ? {} : { wait }) };
  }
  if (!ok) return { kind: 'failed', reason: `status ${status}` };
  const type = headers.get('content-type') ?? '';
  return /^text\/html/i.test(type) ? { kind: 'failed', reason: 'a page of HTML', again: true } : null;
}

/** The body, or null when it is larger than the limit; what is too large is not read to its end. */
async function readUpTo(response: Response, limit: number): Promise<Uint8Array | null> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  if (response.body === null) return new Uint8Array();
  // By its reader: not every browser lets a body be looped over.
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    length += read.value.length;
    if (length > limit) {
      await reader.cancel();
      return null;
    }
    pieces.push(read.value);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
