import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import type { EngineAnswer, EngineRequest } from './engine-messages.ts';

type Asked = EngineRequest extends infer R ? (R extends { readonly id: number } ? Omit<R, 'id'> : never) : never;

/** One engine, which one session at a time has to itself. */
export interface Engine {
  /** What the engine gives; throws its own words, or that the process has gone. */
  readonly ask: (request: Asked) => Promise<Uint8Array>;
  /** Ends the process at once, in the middle of whatever it does. */
  readonly kill: () => void;
  readonly isAlive: () => boolean;
}

/** Starts the engine that is installed in a folder. */
export async function startEngine(folder: string): Promise<Engine> {
  const child = fork(fileURLToPath(new URL('engine-process.ts', import.meta.url)), [folder], {
    execArgv: ['--import', 'tsx'],
    serialization: 'advanced',
  });
  const waiting = new Map<
    number,
    { readonly done: (bytes: Uint8Array) => void; readonly failed: (error: Error) => void }
  >();
  let last = 0;
  const gone = () => {
    for (const { failed } of waiting.values()) failed(new Error('the engine process has gone'));
    waiting.clear();
  };
  child.on('exit', gone);
  const ready = new Promise<Uint8Array>((done, failed) => waiting.set(0, { done, failed }));
  child.on('message', (answer: EngineAnswer) => {
    const one = waiting.get(answer.id);
    waiting.delete(answer.id);
    if ('error' in answer) one?.failed(new Error(answer.error));
    else one?.done(answer.bytes);
  });
  await ready;
  const isAlive = () => child.exitCode === null && child.signalCode === null && child.connected;
  return {
    isAlive,
    kill: () => child.kill('SIGKILL'),
    ask: async (request) =>
      await new Promise<Uint8Array>((done, failed) => {
        if (!isAlive()) return failed(new Error('the engine process has gone'));
        last += 1;
        waiting.set(last, { done, failed });
        child.send({ ...request, id: last });
      }),
  };
}
