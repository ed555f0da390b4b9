import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';

import { InputError } from '../protocol/errors.ts';
import { Fault } from '../settlement/ledger/fault.ts';

/** A piece of a file's content, or what is wrong with the rest of it; nothing follows a fault. */
export type Piece = Uint8Array | Fault;

/** The first bytes of a file, by which its format is told. */
export async function firstBytes(path: string, count: number): Promise<Uint8Array> {
  const file = await opened(path);
  try {
    const { bytesRead, buffer } = await file.read(new Uint8Array(count), 0, count, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** The content of a plain file, piece by piece; `see` is given every byte of the file in its order. */
export async function* readPlain(path: string, see: (bytes: Uint8Array) => void = nobody): AsyncGenerator<Piece> {
  const file = await opened(path);
  for await (const chunk of file.createReadStream() as AsyncIterable<Uint8Array>) {
    see(chunk);
    yield chunk;
  }
}

function nobody(): void {
  // Nobody asks for the bytes themselves.
}

/**
 * The content of a gzip file, piece by piece. If it is cut short or corrupt, what came out before is given and then the
 * fault; bytes after the end are a fault too. `see` is given the bytes of the file itself, as far as it was read.
 */
export async function* readGzip(path: string, see: (bytes: Uint8Array) => void = nobody): AsyncGenerator<Piece> {
  const file = await opened(path);
  const { size } = await file.stat();
  await file.close();
  const source = createReadStream(path);
  const gunzip = createGunzip();
  source.on('error', (error) => gunzip.destroy(error));
  source.on('data', (bytes) => see(bytes as Uint8Array)); // bytes: no encoding is set
  try {
    for await (const chunk of source.pipe(gunzip) as AsyncIterable<Uint8Array>) yield chunk;
  } catch (error) {
    yield gzipFault(error);
    return;
  } finally {
    source.destroy();
  }
  if (gunzip.bytesWritten < size) yield new Fault('file-corrupt', 'something follows the end of the gzip data');
}

function gzipFault(error: unknown): Fault {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'Z_BUF_ERROR') return new Fault('file-truncated', 'the gzip data ends in the middle');
  if (code === 'Z_DATA_ERROR') return new Fault('file-corrupt', 'the gzip data is corrupt from here on');
  throw error;
}

async function opened(path: string) {
  try {
    return await open(path, 'r');
  } catch (cause) {
    throw new InputError({ code: 'FILE_UNREADABLE', shortMessage: `cannot read ${path}`, details: { path }, cause });
  }
}
