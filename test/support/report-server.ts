import type { IncomingMessage, ServerResponse } from 'node:http';
import { serveOnLoopback } from './loopback.ts';

/** Answers a request in its own way, or says that it does not by false. */
export type Trouble = (request: IncomingMessage, response: ServerResponse) => boolean;

/** A web server on the loopback address that gives files by their path. */
export interface ReportServer {
  readonly url: string;
  /** What stands where, by path without a leading slash; may be changed at any time. */
  readonly files: Map<string, Uint8Array>;
  /** Every path that was asked for. */
  readonly asked: string[];
  /** Comes before the files. */
  trouble: Trouble;
  readonly close: () => Promise<void>;
}

export async function startReportServer(): Promise<ReportServer> {
  const files = new Map<string, Uint8Array>();
  const asked: string[] = [];
  const server = await serveOnLoopback((request, response) => {
    const path = (request.url ?? '').slice(1);
    asked.push(path);
    if (own.trouble(request, response)) return;
    const bytes = files.get(path);
    if (bytes === undefined) response.writeHead(404).end('not found');
    else response.writeHead(200, { 'content-type': 'application/json' }).end(bytes);
  });
  const own: ReportServer = { ...server, files, asked, trouble: () => false };
  return own;
}

/** Puts the files of a report below a path. */
export function publishAt(server: ReportServer, below: string, files: ReadonlyMap<string, Uint8Array>): void {
  for (const [path, bytes] of files) server.files.set(`${below}/${path}`, bytes);
}
