import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const LODE = fileURLToPath(new URL('../../../bin/lode.mjs', import.meta.url));

/** `lode ingest serve` in a process of its own, which can be killed and started again. */
export interface ServerProcess {
  /** Where it listens, or listened last. */
  readonly url: () => string;
  readonly start: () => Promise<{ readonly url: string; readonly cut: number }>;
  /** Ends it in the middle of whatever it does, as a lost machine would: SIGKILL. */
  readonly kill: () => Promise<void>;
}

/** The endpoint of a data folder; it is not started yet. */
export function ingestServer(data: string): ServerProcess {
  let url = '';
  let child: ChildProcess | null = null;
  return {
    url: () => url,
    start: async () => {
      const started = spawn(process.execPath, [LODE, 'ingest', 'serve', '--data', data, '--json'], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      child = started;
      const lines = createInterface({ input: started.stdout });
      const [line] = (await Promise.race([once(lines, 'line'), once(started, 'exit')])) as [unknown];
      if (typeof line !== 'string') throw new Error(`the endpoint ended with ${String(line)}`);
      const event = JSON.parse(line) as { event?: string; url: string; cut: number };
      if (event.event !== 'listening') throw new Error(`the endpoint did not start: ${line}`);
      url = event.url;
      return event;
    },
    kill: async () => {
      if (child === null || child.exitCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}
