import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const LODE = fileURLToPath(new URL('../../../bin/lode.mjs', import.meta.url));
const PEER = fileURLToPath(new URL('peer.ts', import.meta.url));

/** `lode ingest serve` in a process of its own, which can be killed and started again. */
export interface ServerProcess {
  /** Where it listens, or listened last. */
  readonly url: () => string;
  readonly start: () => Promise<{ readonly url: string; readonly cut: number }>;
  /** Processor time that the running process has used, in milliseconds; null where the system does not say. */
  readonly processorTime: () => Promise<number | null>;
  /** Ends it in the middle of whatever it does, as a lost machine would: SIGKILL. */
  readonly kill: () => Promise<void>;
}

/**
 * The endpoint of a data folder; it is not started yet.
 *
 * @param limit the size that no file of the process may exceed, in KiB, as a shell sets it: a disk that takes no more
 */
export function ingestServer(data: string, limit?: number): ServerProcess {
  const args = [LODE, 'ingest', 'serve', '--data', data, '--json'];
  if (limit === undefined) return serverProcess(process.execPath, args);
  return serverProcess('bash', ['-c', `trap '' XFSZ; ulimit -f ${limit}; exec "$0" "$@"`, process.execPath, ...args]);
}

/** A server that takes the same batches, checks nothing and syncs nothing; it is not started yet. */
export function peerServer(folder: string): ServerProcess {
  return serverProcess(process.execPath, ['--import', 'tsx', PEER, folder]);
}

function serverProcess(command: string, args: readonly string[]): ServerProcess {
  let url = '';
  let child: ChildProcess | null = null;
  return {
    url: () => url,
    start: async () => {
      const started = spawn(command, args, {
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
    processorTime: async () => {
      const stat = await readFile(`/proc/${child?.pid ?? 0}/stat`, 'utf8').catch(() => null);
      if (stat === null) return null;
      // User and system time in ticks, of which every system that has this file makes 100 a second.
      const [user = 0, system = 0] = stat.slice(stat.lastIndexOf(')')).split(' ').slice(12, 14).map(Number);
      return (user + system) * 10;
    },
    kill: async () => {
      if (child === null || child.exitCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}
