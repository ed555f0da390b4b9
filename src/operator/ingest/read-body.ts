import type { IncomingMessage } from 'node:http';

import { RequestFault } from './request-fault.ts';

/** Of a body that nobody wants so much is read on, so that its sender gets to read the answer. */
const DRAINED = 1024 * 1024;

/**
 * The body of a request, up to a limit.
 *
 * @throws {RequestFault} `BODY_TOO_LARGE`, `BODY_CUT`
 */
export async function readBody(request: IncomingMessage, limit: number): Promise<Uint8Array> {
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge(limit);
  return await new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let size = 0;
    const take = (part: Buffer) => {
      size += part.length;
      if (size <= limit) {
        parts.push(part);
        return;
      }
      request.off('data', take);
      reject(tooLarge(limit));
    };
    request.on('data', take);
    request.on('end', () => resolve(Buffer.concat(parts)));
    // One that was cut off has nobody left to read the answer.
    const cut = () =>
      reject(
        new RequestFault(400, 'BODY_CUT', { message: 'the body ended too early', next: 'send the same batch again' }),
      );
    request.on('error', cut);
    request.on('close', cut);
  });
}

/** Reads and forgets what is left of a body, so that the connection can go on; one that does not end is cut off. */
export function drain(request: IncomingMessage): void {
  let size = 0;
  request.on('data', (part: Buffer) => {
    size += part.length;
    if (size > DRAINED) request.destroy();
  });
  request.on('error', () => undefined);
}

function tooLarge(limit: number): RequestFault {
  return new RequestFault(413, 'BODY_TOO_LARGE', {
    message: `the body is larger than ${limit} bytes`,
    details: { limit },
    next: 'send fewer rows in a batch, or shorter ones',
  });
}
