import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';

import type { PathBatch, PathTask } from '../simulation/monte-carlo/path-batch.ts';
import { runPaths, splitPaths } from '../simulation/monte-carlo/path-batch.ts';
import type { PathWork } from './path-worker.ts';

/** A worker takes some tenths of a second to start: with fewer epochs than these for each there is nothing to win. */
const EPOCHS_WORTH_A_WORKER = 1_000_000;

/**
 * Runs the paths of a task on all cores, or on as many threads as asked for; with one, and with little to do, in this one. The
 * figures do not depend on it.
 */
export async function runPathsApart(task: PathTask, paths: number, threads?: number): Promise<readonly PathBatch[]> {
  const work = paths * task.plan.epochs;
  const worthwhile = (work - (work % EPOCHS_WORTH_A_WORKER)) / EPOCHS_WORTH_A_WORKER;
  const parts = splitPaths(paths, threads ?? Math.min(availableParallelism(), worthwhile));
  if (parts.length === 1) return [runPaths(task, 0, paths)];
  return await Promise.all(parts.map(async ([from, to]) => await inWorker({ task, from, to })));
}

async function inWorker(work: PathWork): Promise<PathBatch> {
  const worker = new Worker(new URL('./path-worker.ts', import.meta.url), {
    workerData: work,
    execArgv: ['--import', import.meta.resolve('tsx')],
  });
  try {
    return await new Promise((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', (code) => {
        reject(new Error(`a thread ended with ${code} before it had run its paths`));
      });
    });
  } finally {
    await worker.terminate();
  }
}
