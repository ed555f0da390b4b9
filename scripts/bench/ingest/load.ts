import { Agent, request } from 'node:http';

import { signBatch } from '../../../src/operator/ingest/sign-batch.ts';
import { BENCH_DOMAIN, benchRecorder } from './data-folder.ts';

/** What is sent, and how fast. */
export interface LoadOptions {
  /** Where the endpoint is; asked for again after a failure, since it may come back on another port. */
  readonly url: () => string;
  readonly recorders: number;
  readonly rowsPerBatch: number;
  /** Over all recorders; null: as fast as answers come. */
  readonly rowsPerSecond: number | null;
  /** How long, in milliseconds; what was begun is finished after it. */
  readonly milliseconds: number;
  /** So many batches of each recorder at most, signed before the clock starts; if absent they are signed as they are sent. */
  readonly signedBefore?: number;
  /** The first sequence of each recorder. */
  readonly from?: number;
}

/** What became of it. */
export interface LoadResult {
  /** By recorder, the sequences that were answered for. */
  readonly taken: readonly (readonly number[])[];
  readonly rows: number;
  readonly milliseconds: number;
  /** How long answers took, in milliseconds, rising; a batch that was sent again counts from the first time. */
  readonly latencies: readonly number[];
  /** Rows that were answered for in each second. */
  readonly bySecond: readonly number[];
  /** How often a batch had to be sent again. */
  readonly again: number;
}

const PAUSE = 20;

/** The id of a row of the load. */
export function loadId(recorder: number, sequence: number, index: number): string {
  return `${recorder}-${sequence}-${index}`;
}

/** Signs and sends batches, each recorder one after the other, and sends a batch again until it is answered for. */
export async function runLoad(options: LoadOptions): Promise<LoadResult> {
  const { recorders, rowsPerBatch, rowsPerSecond, milliseconds, from = 1 } = options;
  const agent = new Agent({ keepAlive: true, maxSockets: recorders });
  const signers = Array.from({ length: recorders }, (_, number) => benchRecorder(number));
  const bodyOf = async (recorder: number, sequence: number): Promise<string> => {
    const rows = Array.from({ length: rowsPerBatch }, (_, index) => rowOf(loadId(recorder, sequence, index)));
    return JSON.stringify(
      await signBatch(signers[recorder] ?? benchRecorder(recorder), BENCH_DOMAIN, { sequence, rows }),
    );
  };
  const prepared = new Map<string, string>();
  for (let number = 0; number < recorders; number++) {
    for (let sequence = from; sequence < from + (options.signedBefore ?? 0); sequence++) {
      prepared.set(`${number} ${sequence}`, await bodyOf(number, sequence));
    }
  }
  const start = performance.now();
  const latencies: number[] = [];
  const bySecond: number[] = [];
  let again = 0;
  const gap = rowsPerSecond === null ? 0 : (rowsPerBatch * recorders * 1000) / rowsPerSecond;
  const send = async (number: number): Promise<number[]> => {
    const taken: number[] = [];
    for (let sequence = from; ; sequence++) {
      // Recorders begin one after the other within the gap, as independent ones would.
      const due = start + gap * (sequence - from + number / recorders);
      if (Math.max(due, performance.now()) - start >= milliseconds) return taken;
      if (due > performance.now()) await pause(due - performance.now());
      if (options.signedBefore !== undefined && sequence >= from + options.signedBefore) return taken;
      const body = prepared.get(`${number} ${sequence}`) ?? (await bodyOf(number, sequence));
      const began = performance.now();
      for (;;) {
        const status = await post(`${options.url()}/v1/batches`, body, agent).catch(() => 0);
        if (status === 200) break;
        if (status >= 400 && status < 429) throw new Error(`a batch was refused with ${status}`);
        again += 1;
        await pause(PAUSE);
      }
      const now = performance.now();
      latencies.push(now - began);
      const second = Math.floor((now - start) / 1000);
      bySecond[second] = (bySecond[second] ?? 0) + rowsPerBatch;
      taken.push(sequence);
    }
  };
  const taken = await Promise.all(Array.from({ length: recorders }, async (_, number) => send(number)));
  const end = performance.now();
  agent.destroy();
  return {
    taken,
    rows: taken.reduce((total, one) => total + one.length * rowsPerBatch, 0),
    milliseconds: end - start,
    latencies: latencies.sort((a, b) => a - b),
    bySecond: Array.from(bySecond, (rows: number | undefined) => rows ?? 0),
    again,
  };
}

function rowOf(id: string): string {
  return JSON.stringify({
    ...{ id, account: `0x${'1'.repeat(40)}`, time: '2026-01-01T12:00:00Z', task: 'messages', units: '3' },
    ...{ measure: 'text', language: 'en' },
  });
}

async function post(url: string, body: string, agent: Agent): Promise<number> {
  return await new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const sending = request(url, { method: 'POST', agent, headers, timeout: 10_000 }, (response) => {
      response.on('error', reject);
      response.on('end', () => resolve(response.statusCode ?? 0));
      response.resume();
    });
    sending.on('timeout', () => sending.destroy(new Error('no answer in time')));
    sending.on('error', reject);
    sending.end(body);
  });
}

async function pause(milliseconds: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
}
