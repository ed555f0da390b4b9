import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';

import { importer } from 'ipfs-unixfs-importer';
import { fixedSize } from 'ipfs-unixfs-importer/chunker';
import { balanced, trickle } from 'ipfs-unixfs-importer/layout';
import { base32 } from 'multiformats/bases/base32';
import { CID } from 'multiformats/cid';
import { sha256 } from 'multiformats/hashes/sha2';

import { serveOnLoopback } from './loopback.ts';

/** Answers a request in its own way, or says that it does not by false. */
type Trouble = (request: IncomingMessage, response: ServerResponse) => boolean;

/** A server of our own that speaks what of kubo's RPC interface a publisher needs, over the real UnixFS importer and a store of blocks. */
export interface KuboServer {
  readonly url: string;
  /** Every block by its content id; a block whose bytes do not have that id is never taken. */
  readonly blocks: Map<string, Uint8Array>;
  readonly pins: Set<string>;
  /** The calls that it took so far, such as `add`. */
  readonly calls: string[];
  trouble: Trouble;
  readonly close: () => Promise<void>;
}

/** What this version of the node does where a caller does not say; none of it is what a report needs. */
const OWN_DEFAULTS: Readonly<Record<string, string>> = {
  ...{ 'cid-version': '0', chunker: 'size-262144', 'raw-leaves': 'false', 'max-file-links': '174' },
  ...{ 'max-hamt-fanout': '256', trickle: 'false', pin: 'true', 'wrap-with-directory': 'false' },
};

export async function startKuboServer(): Promise<KuboServer> {
  const [blocks, pins, calls] = [new Map<string, Uint8Array>(), new Set<string>(), [] as string[]];
  const server = await serveOnLoopback((request, response) => {
    if (own.trouble(request, response)) return;
    const url = new URL(request.url ?? '/', 'http://node');
    const call = url.pathname.replace(/^\/api\/v0\//, '');
    calls.push(call);
    const answer: Promise<[number, string | Uint8Array]> =
      call === 'add'
        ? add(own, request, url.searchParams)
        : Promise.resolve(call === 'cat' ? cat(own, url) : listed(own, call, url));
    answer
      .then(([status, text]) => response.writeHead(request.method === 'POST' ? status : 405).end(text))
      .catch((error: unknown) => response.writeHead(500).end(complaint(String(error))));
  });
  const own: KuboServer = { ...server, blocks, pins, calls, trouble: () => false };
  return own;
}

const complaint = (message: string): string => JSON.stringify({ Message: message, Code: 0, Type: 'error' });

function listed({ pins }: KuboServer, call: string, { searchParams }: URL): [number, string] {
  if (call !== 'pin/ls') return [404, 'not found'];
  const cid = searchParams.get('arg') ?? '';
  if (!pins.has(cid)) return [500, complaint(`path '${cid}' is not pinned`)];
  return [200, JSON.stringify({ Keys: { [cid]: { Type: 'recursive', Name: '' } } })];
}

/** A file by a path below a content id, out of the blocks that are here. */
function cat({ blocks }: KuboServer, { searchParams }: URL): [number, string | Uint8Array] {
  const [root = '', ...names] = (searchParams.get('arg') ?? '').split('/');
  try {
    const at = names.reduce((cid, name) => childOf(blocks, cid, name), root);
    return [200, contentOf(blocks, at)];
  } catch (error) {
    return [500, complaint(error instanceof Error ? error.message : String(error))];
  }
}

interface Link {
  readonly cid: string;
  readonly name: string;
}

interface Node {
  readonly links: readonly Link[];
  readonly data: Uint8Array;
}

/** What was read of a block is read once, however many files stand below it. */
const nodes = new WeakMap<Uint8Array, Node>();

function nodeOf(blocks: KuboServer['blocks'], cid: string): Node {
  const block = blocks.get(cid);
  if (block === undefined) throw new Error(`block was not found locally (offline): ipld: could not find ${cid}`);
  const known = nodes.get(block);
  if (known !== undefined) return known;
  const parts = fieldsOf(block);
  const links = parts.flatMap(([field, bytes]): Link[] => {
    if (field !== 2) return [];
    const link = new Map(fieldsOf(bytes));
    return [{ cid: CID.decode(link.get(1) ?? bytes).toString(), name: Buffer.from(link.get(2) ?? []).toString() }];
  });
  const node = { links, data: parts.find(([field]) => field === 1)?.[1] ?? new Uint8Array() };
  nodes.set(block, node);
  return node;
}

/** The type of a UnixFS node that is a part of a large folder; its links have two digits before the name. */
const HAMT = 5;

function childOf(blocks: KuboServer['blocks'], cid: string, name: string): string {
  const { links, data } = nodeOf(blocks, cid);
  const isPart = data[1] === HAMT;
  const found = links.find((link) => (isPart ? link.name.slice(2) : link.name) === name);
  if (found !== undefined) return found.cid;
  for (const part of isPart ? links.filter((link) => link.name.length === 2) : []) {
    try {
      return childOf(blocks, part.cid, name);
    } catch {
      // Another part may have it.
    }
  }
  throw new Error(`no link named "${name}" under ${cid}`);
}

/** The content of a file whose leaves are raw. */
function contentOf(blocks: KuboServer['blocks'], cid: string): Uint8Array {
  const block = blocks.get(cid);
  if (CID.parse(cid).code === RAW && block !== undefined) return block;
  return Buffer.concat(nodeOf(blocks, cid).links.map((link) => contentOf(blocks, link.cid)));
}

const RAW = 0x55;

/** The fields of a message in the encoding of Protocol Buffers that hold bytes. */
function fieldsOf(message: Uint8Array): [number, Uint8Array][] {
  const fields: [number, Uint8Array][] = [];
  let at = 0;
  const varint = (): number => {
    for (let [value, factor] = [0, 1]; ; factor *= 128) {
      const byte = message[at++] ?? 0;
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  };
  while (at < message.length) {
    const tag = varint();
    const size = varint();
    if ((tag & 7) !== 2) continue;
    fields.push([tag >> 3, message.subarray(at, at + size)]);
    at += size;
  }
  return fields;
}

async function add(own: KuboServer, request: IncomingMessage, given: URLSearchParams): Promise<[number, string]> {
  const option = (name: string): string => given.get(name) ?? OWN_DEFAULTS[name] ?? '';
  const files = partsOf(await buffer(request), request.headers['content-type'] ?? '');
  const folders = files.map(({ path }) => path.split('/').slice(0, -1).join('/'));
  // The node reads the parts as they come: a folder that was left is not gone back to.
  if (folders.some((folder, i) => folder !== folders[i - 1] && folders.indexOf(folder) < i && folder !== '')) {
    return [500, complaint('the parts of a folder are not beside each other')];
  }
  const wrap = option('wrap-with-directory') === 'true';
  if (!wrap && files.length !== 1) return [400, 'only one file at a time goes without a directory'];
  const chunkSize = Number(/^size-(\d+)$/.exec(option('chunker'))?.[1]);
  const children = { maxChildrenPerNode: Number(option('max-file-links')) };
  const put = async (cid: CID, bytes: unknown): Promise<CID> => {
    const block = await collected(bytes);
    const digest = await sha256.digest(block);
    if (Buffer.compare(digest.bytes, cid.multihash.bytes) !== 0) throw new Error('a block is not what it says');
    own.blocks.set(cid.toString(), block);
    return cid;
  };
  const lines: string[] = [];
  let root: CID | null = null;
  for await (const { path = '', cid, size } of importer(
    files,
    { put },
    {
      cidVersion: option('cid-version') === '1' ? 1 : 0,
      rawLeaves: option('raw-leaves') === 'true',
      wrapWithDirectory: wrap,
      chunker: fixedSize({ chunkSize }),
      layout: option('trickle') === 'true' ? trickle(children) : balanced(children),
      shardFanoutBits: Math.log2(Number(option('max-hamt-fanout'))),
      shardSplitThresholdBytes: 262_144,
      shardSplitStrategy: 'block-bytes',
    },
  )) {
    const shown = cid.version === 1 ? cid.toString(base32) : cid.toString();
    lines.push(JSON.stringify({ Name: path, Hash: shown, Size: size.toString() }));
    root = cid;
  }
  if (root !== null && option('pin') === 'true') own.pins.add(root.toString());
  return [200, lines.map((line) => `${line}\n`).join('')];
}

/** The files of a multipart body; a name is escaped once more within the quotes, as the node reads it. */
function partsOf(body: Buffer, type: string): { readonly path: string; readonly content: Uint8Array }[] {
  const boundary = /^multipart\/form-data; boundary="?([^";]+)/.exec(type)?.[1] ?? '';
  const mark = Buffer.from(`\r\n--${boundary}`);
  const whole = Buffer.concat([Buffer.from('\r\n'), body]);
  const parts: { path: string; content: Uint8Array }[] = [];
  for (let at = whole.indexOf(mark); at !== -1;) {
    const next = whole.indexOf(mark, at + mark.length);
    if (next === -1) break;
    const head = whole.indexOf('\r\n\r\n', at);
    const name = /filename="([^"]*)"/.exec(whole.toString('utf8', at, head))?.[1];
    if (name === undefined) throw new Error('a part is no file');
    parts.push({ path: decodeURIComponent(name), content: whole.subarray(head + 4, next) });
    at = next;
  }
  return parts;
}

async function collected(bytes: unknown): Promise<Uint8Array> {
  if (bytes instanceof Uint8Array) return bytes;
  const pieces: Uint8Array[] = [];
  for await (const piece of bytes as AsyncIterable<Uint8Array>) pieces.push(piece);
  return Buffer.concat(pieces);
}
