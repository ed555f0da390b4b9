import type { FileServer, Trouble } from './file-server.ts';
import { pathOf, startFileServer } from './file-server.ts';

export type { Trouble };

/** A web server on the loopback address that gives files by their path; every path that was asked for is noted. */
export type ReportServer = FileServer;

export async function startReportServer(): Promise<ReportServer> {
  return await startFileServer(pathOf, (files, request, response) => {
    const bytes = files.get(pathOf(request));
    if (bytes === undefined) response.writeHead(404).end('not found');
    else response.writeHead(200, { 'content-type': 'application/json' }).end(bytes);
  });
}

/** Puts the files of a report below a path. */
export function publishAt(server: ReportServer, below: string, files: ReadonlyMap<string, Uint8Array>): void {
  for (const [path, bytes] of files) server.files.set(`${below}/${path}`, bytes);
}
