import { setTimeout as sleep } from 'node:timers/promises';

/** How far a file from the web is waited for. Times in milliseconds. */
export interface FetchLimits {
  /** A larger answer is none. */
  readonly maxBytes: number;
  /** How often a file is asked for before it counts as unavailable. */
  readonly attempts: number;
  /** The wait before the second attempt; it doubles from one to the next, and varies by a half to both sides. */
  readonly firstWait: number;
  /** One answer may take this long. */
  readonly answerWithin: number;
}

/** A file from the web, that it is not there, or why nobody knows. */
export type Fetched =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'absent'; readonly reason: string }
  | { readonly kind: 'failed'; readonly reason: string };

/** One answer, and whether another attempt can give a better one. */
type Answer = Fetched & { readonly again?: boolean; readonly wait?: number };

const LONGEST_WAIT = 30_000;

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
  let last: Answer = { kind: 'failed', reason: 'the time is over' };
  for (let attempt = 0; attempt < limits.attempts && !until.aborted; attempt++) {
    if (attempt > 0) {
      const pause = last.wait ?? limits.firstWait * 2 ** (attempt - 1) * (0.5 + Math.random());
      await sleep(Math.min(pause, LONGEST_WAIT), undefined, { signal: until }).catch(() => undefined);
    }
    last = await ask(url, limits, until, whole);
    if (last.again !== true) break;
  }
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
    return { kind: 'failed', reason: inWords(error), again: true };
  }
}

/** What a status or a type of content says before anything is read; null: read it. */
function refusal({ status, ok, headers }: Response): Answer | null {
  if (status === 404 || status === 410) return { kind: 'absent', reason: `status ${status}` };
  if (status === 429 || status === 408 || status >= 500) {
    const seconds = /^\d{1,4}$/.exec(headers.get('retry-after') ?? '');
    return {
      ...{ kind: 'failed', reason: `status ${status}`, again: true },
      ...(seconds === null ? {} : { wait: Number(seconds[0]) * 1000 }),
    };
  }
  if (!ok) return { kind: 'failed', reason: `status ${status}` };
  const type = headers.get('content-type') ?? '';
  return /^text\/html/i.test(type) ? { kind: 'failed', reason: 'a page of HTML', again: true } : null;
}

/** The body, or null when it is larger than the limit; what is too large is not read to its end. */
async function readUpTo(response: Response, limit: number): Promise<Uint8Array | null> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  const body = response.body as AsyncIterable<Uint8Array> | null;
  if (body === null) return new Uint8Array();
  for await (const piece of body) {
    length += piece.length;
    if (length > limit) return null;
    pieces.push(piece);
  }
  return Buffer.concat(pieces, length);
}

function inWords(error: unknown): string {
  if (!(error instanceof Error)) return 'no answer';
  if (error.name === 'TimeoutError') return 'no answer in time';
  if (error.name === 'AbortError') return 'the time is over';
  const { cause } = error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (code === 'UND_ERR_SOCKET' || error.message === 'terminated') return 'the answer broke off';
  return code === '' ? error.message : `no connection (${code})`;
}
