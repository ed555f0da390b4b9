import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';

import { serveOnLoopback } from './loopback.ts';

/** Answers a request in its own way, or says that it does not by false. */
export type Trouble = (request: IncomingMessage, response: ServerResponse) => boolean;

/** A web server on the loopback address that has files by their path. */
export interface FileServer {
  readonly url: string;
  /** What stands where, by path without a leading slash; may be changed at any time. */
  readonly files: Map<string, Uint8Array>;
  /** Every request in the order of its coming. */
  readonly asked: string[];
  /** Comes before everything else. */
  trouble: Trouble;
  readonly close: () => Promise<void>;
}

/** The path of a request, without a leading slash. */
export function pathOf({ url = '' }: IncomingMessage): string {
  return url.slice(1);
}

/** Starts such a server; `nameOf` says how a request is noted, and `serve` how it is answered. */
export async function startFileServer(
  nameOf: (request: IncomingMessage) => string,
  serve: (files: Map<string, Uint8Array>, ...given: Parameters<RequestListener>) => void,
): Promise<FileServer> {
  const files = new Map<string, Uint8Array>();
  const asked: string[] = [];
  const server = await serveOnLoopback((request, response) => {
    asked.push(nameOf(request));
    if (!own.trouble(request, response)) serve(files, request, response);
  });
  const own: FileServer = { ...server, files, asked, trouble: () => false };
  return own;
}
