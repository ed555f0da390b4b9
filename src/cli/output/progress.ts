import type { Io } from '../io.ts';

/** Says what is going on. Nothing of it is a result. */
export interface Progress {
  /** Where the present step stands, such as `epoch 12 of 52`; may be called often. */
  readonly at: (text: string, done: number, total: number) => void;
  /** A step is over, or something happened that the reader should see: a line that stays. */
  readonly say: (text: string) => void;
}

const QUIET_MS = 5_000;
const REDRAW_MS = 80;

/**
 * Progress on `err`: on a terminal one line that is written over, elsewhere a plain line every five seconds at most, so
 * that a log stays short.
 */
export function progressOn(io: Io, now: () => number = Date.now): Progress {
  let shown = false;
  let last = now();
  const clear = (): void => {
    if (shown) io.err('\r\u001b[2K');
    shown = false;
  };
  return {
    at: (text, done, total) => {
      const isLast = done >= total;
      if (now() - last < (io.isTerminal ? REDRAW_MS : QUIET_MS) && !(isLast && io.isTerminal)) return;
      last = now();
      if (!io.isTerminal) {
        io.err(`  ${text}\n`);
        return;
      }
      clear();
      io.err(`  ${bar(done, total)} ${text}`.slice(0, io.columns - 1));
      shown = true;
    },
    say: (text) => {
      clear();
      io.err(`${text}\n`);
      last = now();
    },
  };
}

function bar(done: number, total: number): string {
  const width = 20;
  const full = total === 0 ? width : Math.min(width, Math.floor((done * width) / total));
  return `${'█'.repeat(full)}${'░'.repeat(width - full)}`;
}
