import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a client sent. */
export interface Asked {
  readonly sql: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly login: string;
  /** The rows of an INSERT; empty for any other statement. */
  readonly body: Buffer;
}

/** What it is answered: a body, an error, or the connection gone after a part of an answer. */
export type Answer =
  string | { readonly status: number; readonly body: string; readonly code?: number } | { readonly part: string };

/** A server that speaks as ClickHouse's HTTP interface does, and says what it is told to. */
export interface ScriptedServer {
  readonly url: string;
  readonly asked: readonly Asked[];
  readonly close: () => Promise<void>;
}

/** Starts one on the loopback interface; undefined from `say`: it never answers. */
export async function scriptedServer(say: (asked: Asked) => Answer | undefined): Promise<ScriptedServer> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const url = new URL(request.url ?? '/', 'http://server');
      const { query, ...settings } = Object.fromEntries(url.searchParams);
      const body = await bytesOf(request);
      const login = Buffer.from((request.headers.authorization ?? '').replace(/^Basic /, ''), 'base64').toString();
      const one = {
        sql: query ?? body.toString(),
        settings,
        login,
        body: query === undefined ? Buffer.alloc(0) : body,
      };
      asked.push(one);
      const answer = say(one);
      if (answer === undefined) return;
      if (typeof answer === 'string') response.end(answer);
      else if ('part' in answer) response.write(answer.part, () => response.destroy());
      else {
        const headers = answer.code === undefined ? {} : { 'X-ClickHouse-Exception-Code': `${answer.code}` };
        response.writeHead(answer.status, headers).end(answer.body);
      }
    })();
  });
  server.listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}
