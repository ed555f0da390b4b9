import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

import { listContracts, parseAddressBook } from '../../chain/address-book.ts';
import { MissingError, ProtocolError, RefusedError } from '../../protocol/errors.ts';
import { lockFolder } from '../../store/folder-lock.ts';
import { readText } from '../../store/read-text.ts';
import { readConfig } from '../config.ts';
import { configPath, ingestPath } from '../data-folder.ts';
import { createEndpoint } from './endpoint.ts';
import { ingestMetrics } from './metrics.ts';
import { SegmentLog } from './segment-log.ts';

/** What a running endpoint tells, for a person or a log. */
export type IngestEvent =
  | {
      readonly event: 'listening';
      readonly url: string;
      readonly recorders: number;
      /** The segment that is written to. */
      readonly segment: number;
      /** How many bytes of a record that nobody was told of were cut off. */
      readonly cut: number;
    }
  | { readonly event: 'failed'; readonly code: string; readonly message: string };

/** An endpoint that takes batches. */
export interface RunningIngest {
  readonly url: string;
  /** Takes nothing more, finishes what was begun, and lets go of the folder. */
  readonly close: () => Promise<void>;
}

/**
 * Opens the ingest folder of a data folder and takes batches until it is closed. Every batch is durable before it is answered
 * for, so the process may be ended in any way.
 *
 * @param now the time of the machine, in milliseconds since 1970
 * @throws {MissingError} `CONFIG_MISSING`, `INGEST_MISSING`
 * @throws {RefusedError} `INGEST_BUSY`, `PORT_TAKEN`, `SEGMENT_DAMAGED`, `SEGMENT_MISSING`, `INGEST_OTHER_DEPLOYMENT`
 */
export async function serveIngest({
  data,
  now,
  say,
}: {
  readonly data: string;
  readonly now: () => number;
  readonly say: (event: IngestEvent) => void;
}): Promise<RunningIngest> {
  const { addresses, ingest } = await readConfig(data);
  if (ingest === null) {
    const path = configPath(data);
    throw new MissingError({
      code: 'INGEST_MISSING',
      shortMessage: `${path} describes no ingest endpoint`,
      details: { path, next: 'add `ingest` with the addresses of the recorders (docs/ingest.md)' },
    });
  }
  const { chainId, contracts } = parseAddressBook(await readText(addresses));
  const folder = ingestPath(data);
  const lock = await lockFolder(folder, {
    code: 'INGEST_BUSY',
    who: 'another endpoint',
    next: 'stop it, or name another data folder with --data',
  });
  let log: SegmentLog | null = null;
  try {
    const opened = await SegmentLog.open(folder, { chainId, distributor: contracts.distributor });
    log = opened.log;
    const { cut, current } = opened;
    const metrics = ingestMetrics(() => opened.log.waiting);
    const server = createEndpoint({
      ...{ folder, opened, now, domain: { chainId, distributor: contracts.distributor } },
      recorders: new Set(ingest.recorders),
      forbidden: new Set(listContracts(contracts).map(([, address]) => address)),
      maxRows: ingest.maxBatchRows,
      ...{ maxBodyBytes: ingest.maxBodyBytes, rowsPerSecond: ingest.rowsPerSecond, maxWaiting: ingest.maxWaiting },
      ...{ answered: metrics.answered, metrics: metrics.text },
      failed: (error) => say({ event: 'failed', ...wordsOf(error) }),
    });
    const { host, port } = ingest;
    server.listen(port, host);
    await once(server, 'listening').catch((error: unknown) => {
      throw portTaken(error, host, port);
    });
    const bound = server.address() as AddressInfo; // it listens on a port
    const url = `http://${bound.family === 'IPv6' ? `[${bound.address}]` : bound.address}:${bound.port}`;
    say({ event: 'listening', url, recorders: ingest.recorders.length, segment: current.number, cut });
    const close = async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      await closed;
      await opened.log.close();
      await lock.release();
    };
    return { url, close };
  } catch (error) {
    await log?.close();
    await lock.release();
    throw error;
  }
}

function wordsOf(error: unknown): { readonly code: string; readonly message: string } {
  if (error instanceof ProtocolError) return { code: error.code, message: error.shortMessage };
  return { code: 'INTERNAL', message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}

function portTaken(error: unknown, host: string, port: number): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code !== 'EADDRINUSE' && code !== 'EACCES' && code !== 'EADDRNOTAVAIL') return error;
  return new RefusedError({
    code: 'PORT_TAKEN',
    shortMessage: `nothing can listen on ${host}:${port} (${code})`,
    details: { host, port, next: 'set another `ingest.host` or `ingest.port`, or end what listens there' },
  });
}
