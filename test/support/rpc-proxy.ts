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

/** What stands in the place of an answer; `cut`: the connection breaks off after that much of it. */
export interface RawAnswer {
  readonly status: number;
  readonly type?: string;
  readonly body: string;
  readonly cut?: true;
}

/** A node as somebody in between shows it. */
export interface RpcProxy {
  readonly url: string;
  /** Methods that were asked for, in their order. */
  readonly asked: string[];
  /** Called before a question goes on; if it throws, the question is never answered. */
  meet: (call: RpcCall) => Promise<void>;
  /** Changes a question before it goes on: a node that is behind answers for an older block. */
  turn: (call: RpcCall) => RpcCall | Promise<RpcCall>;
  /** Changes an answer; without it the proxy is honest. */
  bend: (call: RpcCall, answer: RpcAnswer) => RpcAnswer | Promise<RpcAnswer>;
  /** Has the last word, when the node has done what it was asked for; null: the answer as it is. If it throws, nobody hears of it. */
  answer: (calls: readonly RpcCall[], text: string) => RawAnswer | null | Promise<RawAnswer | null>;
  /** Answers with this status and nothing else, if it is set. */
  status: number | null;
  readonly close: () => Promise<void>;
}

/** Starts a proxy on a free port of the loopback address. */
export async function startRpcProxy(target: string): Promise<RpcProxy> {
  const server = createServer((request, response) => {
    // Pages ask first whether they may.
    for (const what of ['origin', 'headers', 'methods']) response.setHeader(`access-control-allow-${what}`, '*');
    if (request.method === 'OPTIONS') {
      response.end();
      return;
    }
    void (async () => {
      const pieces: Buffer[] = [];
      for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
      if (own.status !== null) {
        response.writeHead(own.status, { 'content-type': 'text/html' }).end('<html>busy</html>');
        return;
      }
      const asked = JSON.parse(Buffer.concat(pieces).toString()) as RpcCall | RpcCall[];
      const calls = Array.isArray(asked) ? asked : [asked];
      own.asked.push(...calls.map(({ method }) => method));
      for (const call of calls) await own.meet(call);
      const turned = await Promise.all(calls.map(async (call) => await own.turn(call)));
      const body = JSON.stringify(Array.isArray(asked) ? turned : turned[0]);
      const reply = await fetch(target, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
      const answered = (await reply.json()) as RpcAnswer | RpcAnswer[];
      const bent: RpcAnswer[] = [];
      for (const answer of Array.isArray(answered) ? answered : [answered]) {
        const call = calls.find(({ id }) => id === answer.id);
        bent.push(call === undefined ? answer : await own.bend(call, answer));
      }
      const text = JSON.stringify(Array.isArray(answered) ? bent : bent[0]);
      const last = await own.answer(calls, text);
      const { status, type, body: said, cut } = last ?? { status: 200, body: text };
      response.writeHead(status, { 'content-type': type ?? 'application/json' });
      if (cut === true) response.write(said, () => response.destroy());
      else response.end(said);
    })().catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const own: RpcProxy = {
    ...{ url: `http://127.0.0.1:${address.port}`, asked: [], status: null },
    meet: () => Promise.resolve(),
    turn: (call) => call,
    bend: (_, answer) => answer,
    answer: () => null,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return own;
}
