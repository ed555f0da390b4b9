import { serveOnLoopback } from './loopback.ts';

/** What a scripted node says to a method: a result, an error in place of one, or a page that is no JSON at all. */
export type Saying =
  { readonly result: unknown } | { readonly error: unknown } | { readonly status: number; readonly page: string };

/** A node that says what it is told to. */
export interface ScriptedNode {
  readonly url: string;
  /** Methods that were asked for, in their order. */
  readonly asked: string[];
  readonly close: () => Promise<void>;
}

/** Starts a node on the loopback address that answers each method by `say`. */
export async function startScriptedNode(
  say: (method: string, parameters: readonly unknown[]) => Saying,
): Promise<ScriptedNode> {
  const asked: string[] = [];
  const server = await serveOnLoopback((request, response) => {
    void (async () => {
      const pieces: Buffer[] = [];
      for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
      type Question = { readonly id: number; readonly method: string; readonly params?: readonly unknown[] };
      const question = JSON.parse(Buffer.concat(pieces).toString()) as Question | Question[];
      const answers: unknown[] = [];
      for (const { id, method, params = [] } of Array.isArray(question) ? question : [question]) {
        asked.push(method);
        const saying = say(method, params);
        if ('page' in saying) {
          response.writeHead(saying.status, { 'content-type': 'text/html' }).end(saying.page);
          return;
        }
        answers.push({ jsonrpc: '2.0', id, ...saying });
      }
      const text = JSON.stringify(Array.isArray(question) ? answers : answers[0]);
      response.writeHead(200, { 'content-type': 'application/json' }).end(text);
    })().catch(() => response.destroy());
  });
  return { ...server, asked };
}
