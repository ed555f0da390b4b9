import type { ExitCode } from './exit-codes.ts';

/** What a command may touch of the terminal. Results go to `out`, everything else to `err`. */
export interface Io {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Whether `err` is a terminal, where a line may be written over. */
  readonly isTerminal: boolean;
  readonly columns: number;
  /** The folder that relative paths of the command line start from. */
  readonly cwd: string;
}

/** What every command is given: the terminal, and a place for the exit code of a result that is not an error. */
export interface CommandContext {
  readonly io: Io;
  readonly setExitCode: (code: ExitCode) => void;
}

/**
 * The terminal of this process. A reader that went away (`lode explain … | head`) is no error: the rest is swallowed and
 * the exit code stays that of the work done.
 */
export function processIo(): Io {
  return {
    out: writerOf(process.stdout),
    err: writerOf(process.stderr),
    isTerminal: process.stderr.isTTY && process.env['TERM'] !== 'dumb',
    columns: process.stderr.columns || 80,
    cwd: process.cwd(),
  };
}

/** Waits until everything written has left this process, so that ending it cuts nothing off. */
export async function flushed(): Promise<void> {
  const flush = (stream: NodeJS.WriteStream): Promise<void> =>
    new Promise((resolve) => {
      if (!stream.writable) resolve();
      else stream.write('', () => resolve());
    });
  await Promise.all([flush(process.stdout), flush(process.stderr)]);
}

function writerOf(stream: NodeJS.WriteStream): (text: string) => void {
  let isOpen = true;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    isOpen = false;
  });
  return (text) => {
    if (isOpen) stream.write(text);
  };
}
