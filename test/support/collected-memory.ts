import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a process holds once its garbage is collected, in bytes. */
export interface CollectedMemory {
  /** Objects that something still refers to. */
  readonly heap: number;
  /** Resident memory, with what the process has outside of its heap. */
  readonly resident: number;
}

/** With this in its environment a process of Node can be asked for its memory, by a debugger's port that nothing else has. */
export const INSPECTED = { NODE_OPTIONS: '--inspect=127.0.0.1:0' };

/**
 * Has a process that was started as `INSPECTED` collect its garbage, and measures what is left. Until then a heap has whatever V8 has not
 * found worth collecting, which says nothing about what is kept.
 *
 * @param said What the process has written to stderr, where it says how it is to be reached.
 */
export async function collectedMemory(pid: number, said: string): Promise<CollectedMemory> {
  const url = /ws:\/\/127\.0\.0\.1:\d+\/[\w-]+/.exec(said)?.[0];
  if (url === undefined) throw new Error(`the process does not say how it is inspected: ${said.slice(0, 500)}`);
  const socket = new WebSocket(url);
  await once(socket, 'open');
  let id = 0;
  const ask = async (method: string): Promise<unknown> => {
    const own = ++id;
    return await new Promise((resolve, reject) => {
      const hear = ({ data }: MessageEvent): void => {
        const answer = JSON.parse(String(data)) as { readonly id?: number; readonly result?: unknown };
        if (answer.id !== own) return;
        socket.removeEventListener('message', hear);
        resolve(answer.result);
      };
      socket.addEventListener('message', hear);
      socket.addEventListener('close', () => {
        reject(new Error(`the process went away before it answered ${method}`));
      });
      socket.send(JSON.stringify({ id: own, method }));
    });
  };
  try {
    // What a finaliser lets go of is garbage of the next time only.
    await ask('HeapProfiler.collectGarbage');
    await sleep(50);
    await ask('HeapProfiler.collectGarbage');
    const { usedSize } = (await ask('Runtime.getHeapUsage')) as { readonly usedSize: number };
    return { heap: usedSize, resident: await residentMemory(pid) };
  } finally {
    socket.close();
  }
}

/** Bytes of a process that lie in the machine's memory. */
export async function residentMemory(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return 1024 * Number(/VmRSS:\s*(\d+)/.exec(status)?.[1] ?? 0);
}
