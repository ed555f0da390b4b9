import { parentPort, workerData } from 'node:worker_threads';

import type { PathTask } from '../simulation/monte-carlo/path-batch.ts';
import { runPaths } from '../simulation/monte-carlo/path-batch.ts';

/** What a worker is started with. */
export interface PathWork {
  readonly task: PathTask;
  readonly from: number;
  readonly to: number;
}

const { task, from, to } = workerData as PathWork; // Only run-paths-apart.ts starts this file.
const batch = runPaths(task, from, to);
parentPort?.postMessage(batch, [batch.figures.buffer as ArrayBuffer, batch.summaries.buffer as ArrayBuffer]);
