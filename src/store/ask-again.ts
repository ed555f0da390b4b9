/** How often something outside is asked. Times in milliseconds. */
export interface AskLimits {
  /** How often it is asked before it counts as unavailable. */
  readonly attempts: number;
  /** The wait before the second attempt; it doubles from one to the next, and varies by a half to both sides. */
  readonly firstWait: number;
}

/** What every answer says besides itself: whether another attempt can give a better one, and when it shall be made. */
export interface Repeatable {
  readonly again?: boolean;
  /** Milliseconds that the one who answered asked to be left alone for. */
  readonly wait?: number;
}

const LONGEST_WAIT = 30_000;

/**
 * Asks until an answer is final, or the attempts or the time are over; gives the last answer, or null when the time was over
 * before the first.
 */
export async function askAgain<T extends Repeatable>(
  ask: () => Promise<T>,
  limits: AskLimits,
  until: AbortSignal,
): Promise<T | null> {
  let last: T | null = null;
  for (let attempt = 0; attempt < limits.attempts && !until.aborted; attempt++) {
    if (attempt > 0) {
      const pause = last?.wait ?? limits.firstWait * 2 ** (attempt - 1) * (0.5 + Math.random());
      await sleep(Math.min(pause, LONGEST_WAIT), until);
    }
    last = await ask();
    if (last.again !== true) break;
  }
  return last;
}

/** Waits, at most until the time is over. Not Node's own: the page asks by this as well. */
async function sleep(length: number, until: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      until.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, length);
    until.addEventListener('abort', end);
  });
}

/** Whether a status says that the server is in trouble, or asks to be left alone: the same request may succeed later. */
export function isPassing(status: number): boolean {
  return status === 429 || status === 408 || status >= 500;
}

/** How long a server asks to be left alone, in milliseconds; undefined where it does not say so in seconds. */
export function retryAfter(headers: Headers): number | undefined {
  const seconds = /^\d{1,4}$/.exec(headers.get('retry-after') ?? '');
  return seconds === null ? undefined : Number(seconds[0]) * 1000;
}

/** What became of a request that got no answer. */
export function noAnswer(error: unknown): string {
  if (!(error instanceof Error)) return 'no answer';
  if (error.name === 'TimeoutError') return 'no answer in time';
  if (error.name === 'AbortError') return 'the time is over';
  const { cause } = error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (code === 'UND_ERR_SOCKET' || error.message === 'terminated') return 'the answer broke off';
  return code === '' ? error.message : `no connection (${code})`;
}
