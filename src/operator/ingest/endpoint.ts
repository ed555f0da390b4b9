import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

import { RetryableError } from '../../protocol/errors.ts';
import { digestsIn, readBatch } from './batch.ts';
import type { BatchRules } from './batch.ts';
import { RateLimit } from './rate-limit.ts';
import { drain, readBody } from './read-body.ts';
import { RequestFault } from './request-fault.ts';
import type { Opened } from './segment-log.ts';
import { TakenBatches } from './taken.ts';

/** What an endpoint takes, and how much of it. */
export interface EndpointOptions extends BatchRules {
  /** The folder of the segments. */
  readonly folder: string;
  readonly opened: Opened;
  readonly maxBodyBytes: number;
  /** Of each recorder. */
  readonly rowsPerSecond: number;
  /** How many requests may be under way at once. */
  readonly maxWaiting: number;
  /** How long a request may take to come, in milliseconds; {@link REQUEST_TIME} if absent. */
  readonly requestTime?: number;
  /** How many batches of each recorder are held in memory, for those that come twice; 500 if absent. */
  readonly remembered?: number;
  /** The time of the machine, in milliseconds since 1970. */
  readonly now: () => number;
  /** Told of every answer to a batch: `TAKEN`, or the code of the fault. */
  readonly answered?: (code: string, rows: number) => void;
  /** What was counted, in the format of Prometheus. */
  readonly metrics?: () => Promise<string>;
  /** Told of what nobody expected. */
  readonly failed?: (error: unknown) => void;
}

/** A request has to be there after so many milliseconds, so that nobody keeps others out by sending slowly. */
export const REQUEST_TIME = 15_000;
const OLD_LOOKUPS_PER_SECOND = 2;

/** The server of the ingest endpoint; it is not listening yet. `docs/ingest.md` has its protocol. */
export function createEndpoint(options: EndpointOptions): Server {
  const endpoint = new Endpoint(options);
  const { requestTime = REQUEST_TIME } = options;
  const times = { requestTimeout: requestTime, headersTimeout: requestTime, keepAliveTimeout: REQUEST_TIME };
  const server = createServer(
    { ...times, maxHeaderSize: 8192, connectionsCheckingInterval: Math.min(requestTime / 4, 1000) },
    (request, response) => void endpoint.answer(request, response),
  );
  server.maxConnections = options.maxWaiting * 2;
  // Who does not read the answers keeps nobody out either; longer than a request may take, so that a slow disk can answer.
  server.timeout = requestTime * 2;
  server.on('clientError', refuseUnreadable);
  return server;
}

type Answer = Readonly<Record<string, unknown>>;

class Endpoint {
  readonly #options: EndpointOptions;
  readonly #taken: TakenBatches;
  readonly #digestOf: ReturnType<typeof digestsIn>;
  readonly #rates: RateLimit;
  #underWay = 0;

  constructor(options: EndpointOptions) {
    const { folder, opened, domain, now, rowsPerSecond, maxRows, remembered } = options;
    this.#options = options;
    this.#digestOf = digestsIn(domain);
    const clock = () => performance.now();
    this.#rates = new RateLimit(rowsPerSecond, Math.max(rowsPerSecond, maxRows), clock);
    const lookUps = new RateLimit(OLD_LOOKUPS_PER_SECOND, OLD_LOOKUPS_PER_SECOND, clock);
    const mayLookUp = () => lookUps.take('', 1);
    this.#taken = new TakenBatches({ folder, opened, digestOf: this.#digestOf, now, mayLookUp, remembered });
  }

  /** Answers a request. Never throws. */
  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#underWay += 1;
    try {
      const found = await this.#found(request);
      if (typeof found === 'string') sendText(response, found);
      else send(response, 200, found);
    } catch (error) {
      const fault = this.#faultOf(error);
      if (request.method === 'POST') this.#options.answered?.(fault.code, 0);
      sendFault(response, fault);
      if (!request.complete) drain(request);
    } finally {
      this.#underWay -= 1;
    }
  }

  async #found(request: IncomingMessage): Promise<Answer | string> {
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    if (path === '/v1/batches') {
      assertMethod(request, 'POST');
      return await this.#take(request);
    }
    const recorder = /^\/v1\/recorders\/(0x[0-9a-fA-F]{40})$/.exec(path)?.[1]?.toLowerCase();
    if (recorder === undefined && !['/v1', '/healthz', '/metrics'].includes(path)) throw unknownPath();
    assertMethod(request, 'GET');
    if (recorder !== undefined) return this.#recorder(recorder);
    if (path === '/healthz') return this.#health();
    if (path === '/metrics') return (await this.#options.metrics?.()) ?? '';
    const { domain, maxRows, maxBodyBytes, rowsPerSecond } = this.#options;
    return { format: 'lode-ingest-v1', ...domain, maxBatchRows: maxRows, maxBodyBytes, rowsPerSecond };
  }

  #health(): Answer {
    const { log } = this.#options.opened;
    if (!log.isBroken) return { status: 'ok', waiting: log.waiting };
    throw new RequestFault(503, 'STORAGE_FAILED', {
      message: 'the disk did not take the last batch',
      next: 'see to the disk; the next batch shows whether it takes it again',
    });
  }

  #recorder(recorder: string): Answer {
    if (!this.#options.recorders.has(recorder)) {
      throw new RequestFault(404, 'RECORDER_UNKNOWN', {
        message: `${recorder} is not registered here`,
        next: 'ask the operator to name the address among `ingest.recorders` of the configuration',
      });
    }
    return { recorder, last: this.#taken.lastOf(recorder) };
  }

  async #take(request: IncomingMessage): Promise<Answer> {
    const { maxWaiting, maxBodyBytes, answered } = this.#options;
    if (this.#underWay > maxWaiting) {
      throw new RequestFault(503, 'BUSY', {
        message: `more than ${maxWaiting} requests are under way`,
        next: 'send the same batch again after the time that Retry-After gives',
        retryAfter: 1,
      });
    }
    assertJson(request);
    const batch = readBatch(await readBody(request, maxBodyBytes), this.#options, this.#digestOf);
    // Whoever has seen a batch can send it again, which must not use up what its recorder may send.
    const wait = this.#taken.isNew(batch) ? this.#rates.take(batch.recorder, batch.rows.length) : 0;
    if (wait > 0) {
      throw new RequestFault(429, 'RATE_LIMITED', {
        message: `${batch.recorder} sends more than ${this.#options.rowsPerSecond} rows a second`,
        next: 'send the same batch again after the time that Retry-After gives',
        retryAfter: wait,
      });
    }
    const receipt = await this.#taken.take(batch);
    answered?.('TAKEN', receipt.rows);
    return { ...receipt };
  }

  #faultOf(error: unknown): RequestFault {
    if (error instanceof RequestFault) return error;
    this.#options.failed?.(error);
    if (error instanceof RetryableError) {
      return new RequestFault(503, error.code, {
        message: error.shortMessage,
        next: 'send the same batch again after the time that Retry-After gives',
        retryAfter: 5,
      });
    }
    return new RequestFault(500, 'INTERNAL', {
      message: 'this is a fault of the endpoint; the batch may have been taken or not',
      next: 'send the same batch again, and tell the operator if it stays so',
    });
  }
}

function assertMethod({ method }: IncomingMessage, expected: 'GET' | 'POST'): void {
  if (method === expected) return;
  throw new RequestFault(405, 'METHOD_UNKNOWN', {
    message: `${method ?? 'this'} is not what this path takes`,
    details: { allow: expected },
    next: `use ${expected}`,
  });
}

function assertJson({ headers }: IncomingMessage): void {
  const type = (headers['content-type'] ?? '').toLowerCase().replaceAll(' ', '');
  const encoding = (headers['content-encoding'] ?? 'identity').toLowerCase();
  if (/^application\/json(;charset="?utf-8"?)?$/.test(type) && encoding === 'identity') return;
  throw new RequestFault(415, 'TYPE_UNKNOWN', {
    message: 'a batch is JSON in UTF-8, not compressed',
    next: 'send it with `content-type: application/json`, and without a `content-encoding`',
  });
}

function unknownPath(): RequestFault {
  return new RequestFault(404, 'PATH_UNKNOWN', {
    message: 'there is nothing at this path',
    next: 'POST /v1/batches takes batches; GET /v1, /v1/recorders/ADDRESS, /healthz and /metrics tell about the endpoint',
  });
}

const HEADERS = {
  'content-type': 'application/json',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
};

function send(response: ServerResponse, status: number, answer: Answer, more: Readonly<Record<string, string>> = {}) {
  if (response.destroyed || response.headersSent) return;
  const text = `${JSON.stringify(answer)}\n`;
  response.writeHead(status, { ...HEADERS, ...more, 'content-length': String(Buffer.byteLength(text)) });
  response.end(text);
}

function sendText(response: ServerResponse, text: string): void {
  response.writeHead(200, { ...HEADERS, 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
  response.end(text);
}

function sendFault(response: ServerResponse, { status, code, words }: RequestFault): void {
  const { message, next, details, retryAfter } = words;
  send(
    response,
    status,
    { code, message, ...(details === undefined ? {} : { details }), next },
    {
      ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
      ...(status === 405 ? { allow: String(details?.['allow']) } : {}),
      // The rest of a body that nobody wants shall not stand before the next request.
      ...(status === 413 || status === 400 || status === 415 ? { connection: 'close' } : {}),
    },
  );
}

/** What cannot even be read as HTTP, or does not come in time. */
const UNREADABLE: Readonly<Record<string, readonly [number, string, string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'HEADERS_TOO_LARGE', 'the headers are too large'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'TOO_SLOW', 'the request did not come in time'],
};

function refuseUnreadable(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const known = UNREADABLE[error.code ?? ''];
  const [status, code, message] = known ?? [400, 'REQUEST_UNREADABLE', 'this is no request of HTTP/1.1'];
  const text = `${JSON.stringify({ code, message, next: 'send the batch as docs/ingest.md says' })}\n`;
  const head = `HTTP/1.1 ${status} ${code}\r\ncontent-type: application/json\r\nconnection: close\r\n`;
  socket.end(`${head}content-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
}
