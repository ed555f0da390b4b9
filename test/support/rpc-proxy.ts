import { once } from 'node:events';
import { createServer } from 'node:http';

/** One question to a node, and its answer. */
export interface RpcCall {
  readonly id: number;
  readonly method: string;
  readonly params: readonly unknown[];
}

export interface RpcAnswer {
  readonly id?: number;
  result?: unknown;
  readonly error?: unknown;
}

/** A node as somebody in between shows it. */
export interface RpcProxy {
  readonly url: string;
  /** Methods that were asked for, in their order. */
  readonly asked: string[];
  /** Called before a question goes on; if it throws, the question is never answered. */
  meet: (call: RpcCall) => Promise<void>;
  /** Changes an answer; without it the proxy is honest. */
  bend: (call: RpcCall, answer: RpcAnswer) => RpcAnswer;
  /** Answers with this status and nothing else, if it is set. */
  status: number | null;
  readonly close: () => Promise<void>;
}

/** Starts a proxy on a free port of the loopback address. */
export async function startRpcProxy(target: string): Promise<RpcProxy> {
  const server = createServer((request, response) => {
    void (async () => {
      const pieces: Buffer[] = [];
      for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
      if (own.status !== null) {
        response.writeHead(own.status, { 'content-type': 'text/html' }).end('<html>busy</html>');
        return;
      }
      const body = Buffer.concat(pieces).toString();
      const asked = JSON.parse(body) as RpcCall | RpcCall[];
      const calls = Array.isArray(asked) ? asked : [asked];
      own.asked.push(...calls.map(({ method }) => method));
      for (const call of calls) await own.meet(call);
      const reply = await fetch(target, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
      const answered = (await reply.json()) as RpcAnswer | RpcAnswer[];
      const bent = (Array.isArray(answered) ? answered : [answered]).map((answer) => {
        const call = calls.find(({ id }) => id === answer.id);
        return call === undefined ? answer : own.bend(call, answer);
      });
      const text = JSON.stringify(Array.isArray(answered) ? bent : bent[0]);
      response.writeHead(200, { 'content-type': 'application/json' }).end(text);
    })().catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const own: RpcProxy = {
    ...{ url: `http://127.0.0.1:${address.port}`, asked: [], status: null },
    meet: () => Promise.resolve(),
    bend: (_, answer) => answer,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return own;
}
