import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

import type { Engine } from './start-engine.ts';
import { startEngine } from './start-engine.ts';

/** What a bridge is to be like. */
export interface BridgeOptions {
  /** Where chdb is installed. */
  readonly folder: string;
  /** The only user there is, `default` without a password if absent. */
  readonly user?: string;
  readonly password?: string;
  /** Settings that hold where a request says nothing else, as a server's profile has them. */
  readonly profile?: Readonly<Record<string, string>>;
  /** Looks at each statement before it is run; the engine can be killed then. */
  readonly watch?: (sql: string, engine: Engine) => void;
}

/** A real ClickHouse engine behind the HTTP interface of a ClickHouse server. */
export interface Bridge {
  readonly url: string;
  /** Sessions that are open. */
  readonly sessions: () => number;
  readonly close: () => Promise<void>;
}

/** Parameters of the interface that are no settings of a query. */
const PARAMETERS = new Set([
  ...['query', 'query_id', 'database', 'user', 'password', 'session_id', 'session_timeout', 'session_check'],
  ...['close_session', 'default_format', 'wait_end_of_query', 'buffer_size', 'enable_http_compression', 'role'],
]);

/** Statements over a few rows are not worth compiling. */
const QUICK = { compile_expressions: '0', compile_aggregate_expressions: '0', compile_sort_description: '0' };

interface Open {
  readonly engine: Engine;
  isBusy: boolean;
}

/** An answer that is an error, as the server says it. */
class Refusal extends Error {
  readonly status: number;

  constructor(status: number, code: number, words: string) {
    super(`Code: ${code}. DB::Exception: ${words}`);
    this.status = status;
  }
}

/**
 * Starts a server on the loopback interface that speaks what the official client needs of ClickHouse's HTTP interface: statements in the
 * body or in `query`, rows of an INSERT in the body, settings as parameters, sessions with temporary tables, errors with their code and
 * status. Each session has an engine process to itself while it is open; processes are used again.
 */
export async function startBridge(options: BridgeOptions): Promise<Bridge> {
  const { folder, user = 'default', password = '', profile = {}, watch } = options;
  const sessions = new Map<string, Open>();
  const idle: Engine[] = [];
  const files = await mkdtemp(join(tmpdir(), 'lode-bridge-'));
  let uploads = 0;

  const engineFor = async (id: string): Promise<Open> => {
    const known = sessions.get(id);
    if (known !== undefined) return known;
    const free = idle.pop();
    const open = { engine: free?.isAlive() === true ? free : await startEngine(folder), isBusy: false };
    await open.engine.ask({ kind: 'open', profile: { ...QUICK, ...profile } });
    sessions.set(id, open);
    return open;
  };
  const end = (id: string): void => {
    const open = sessions.get(id);
    if (open === undefined) return;
    sessions.delete(id);
    if (open.engine.isAlive()) idle.push(open.engine);
  };

  const answer = async (request: IncomingMessage, url: URL): Promise<Uint8Array> => {
    const login = Buffer.from((request.headers.authorization ?? '').replace(/^Basic /, ''), 'base64').toString();
    if (login !== `${user}:${password}`) {
      throw new Refusal(
        403,
        516,
        'Authentication failed: password is incorrect, or there is no such user. (AUTHENTICATION_FAILED)',
      );
    }
    const inUrl = url.searchParams.get('query');
    const parquet = inUrl === null ? null : join(files, `${(uploads += 1)}.parquet`);
    const sql = inUrl ?? (await textOf(request));
    if (parquet !== null) await pipeline(request, createWriteStream(parquet));
    const id = url.searchParams.get('session_id') ?? '';
    const open = await engineFor(id);
    if (open.isBusy) throw new Refusal(500, 373, `Session ${id} is locked by a concurrent client. (SESSION_IS_LOCKED)`);
    open.isBusy = true;
    try {
      watch?.(sql, open.engine);
      const settings = Object.fromEntries([...url.searchParams].filter(([name]) => !PARAMETERS.has(name)));
      return await open.engine.ask({ kind: 'run', sql, settings, parquet });
    } finally {
      open.isBusy = false;
      if (parquet !== null) await rm(parquet, { force: true });
      if (id === '' || url.searchParams.get('close_session') === '1' || !open.engine.isAlive()) end(id);
    }
  };

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://bridge');
    if (url.pathname === '/ping') return void response.end('Ok.\n');
    answer(request, url).then(
      (bytes) => void response.writeHead(200, { 'X-ClickHouse-Summary': '{}' }).end(bytes),
      (error: unknown) => refuse(response, error),
    );
  });
  server.listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sessions: () => sessions.size,
    close: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
      for (const engine of [...idle, ...[...sessions.values()].map(({ engine: one }) => one)]) engine.kill();
      await rm(files, { recursive: true });
    },
  };
}

/** An engine that has gone takes the connection with it, as a server would. */
function refuse(response: ServerResponse, error: unknown): void {
  const words = error instanceof Error ? error.message : String(error);
  const code = /^Code: (\d+)/.exec(words)?.[1];
  if (code === undefined) return void response.destroy();
  const status = error instanceof Refusal ? error.status : 500;
  response.writeHead(status, { 'X-ClickHouse-Exception-Code': code }).end(`${words} (version 26.7 (official build))\n`);
}

async function textOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString();
}
