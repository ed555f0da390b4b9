import { openAsBlob } from 'node:fs';

import { z } from 'zod';

import { sha256Hex } from '../../settlement/report/sha256.ts';
import type { Repeatable } from '../../store/ask-again.ts';
import { askAgain, isPassing, noAnswer, retryAfter } from '../../store/ask-again.ts';
import { epochFolder } from '../../store/epoch-folder.ts';
import type { Confirmation, Publication, PublishLimits, Target } from './target.ts';
import { digestOf, refused, timeFor, unavailable, unconfirmed } from './target.ts';

/**
 * Every parameter that can move a content id, as `contentIdOf` pins them; a node's own defaults differ from one version to the
 * next. What the interface has no parameter for, how large a directory may grow before it is split, only shows in a report of
 * more than some thousand shards, and is compared like everything else.
 */
const PINNED = {
  'cid-version': '1',
  hash: 'sha2-256',
  chunker: 'size-1048576',
  'raw-leaves': 'true',
  'max-file-links': '1024',
  'max-hamt-fanout': '256',
  trickle: 'false',
  inline: 'false',
  'preserve-mode': 'false',
  'preserve-mtime': 'false',
} as const;

/** One entry of what `add` answers, a line each. */
const added = z.object({ Name: z.string(), Hash: z.string() });
const pins = z.object({ Keys: z.record(z.string(), z.object({ Type: z.string() })) });
const complaint = z.object({ Message: z.string() });

/** What the node said: the text of its answer, a refusal of its own, or nothing of use. */
type Answer = Repeatable &
  (
    | { readonly kind: 'text'; readonly text: string }
    | { readonly kind: 'failed' | 'refused' | 'complaint'; readonly reason: string }
  );

/** What the node gave for a file of ours: the same bytes, something else, or no answer. */
type Served = Repeatable &
  (
    | { readonly kind: 'same' }
    | { readonly kind: 'other'; readonly found: string }
    | { readonly kind: 'failed' | 'refused'; readonly reason: string }
  );

/** A file as it has to come back. */
interface Expected {
  /** Its content id, or that of a folder and its path in it. */
  readonly at: string;
  readonly sha256: string;
  readonly bytes: number;
}

/**
 * An IPFS node, by the RPC interface of kubo. Report and inputs are added and pinned; every content id that the node computes
 * must be the one that was computed here, and every file is read back out of what the node has itself: a pin is only its word.
 */
export class IpfsTarget implements Target {
  readonly name: string;
  readonly #api: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #limits: PublishLimits;

  constructor(api: string, headers: Readonly<Record<string, string>>, limits: PublishLimits) {
    this.#api = api.replace(/\/+$/, '');
    this.name = this.#api;
    this.#headers = headers;
    this.#limits = limits;
  }

  async publish({ epoch, cid, report, inputs }: Publication, until: AbortSignal): Promise<Confirmation> {
    let [sent, kept, bytes] = [0, 0, 0];
    for (const input of inputs) {
      const what = `inputs/${input.name}`;
      const expected = [{ at: input.cid, sha256: input.sha256, bytes: input.bytes }];
      if (await this.#holds(input.cid, expected, until)) {
        kept++;
        continue;
      }
      const file = { name: input.name, content: await openAsBlob(input.from) };
      await this.#add([file], { cid: input.cid, what, wrap: false }, until);
      await this.#confirm(what, input.cid, expected, until);
      [sent, bytes] = [sent + 1, bytes + input.bytes];
    }
    const folder = epochFolder(epoch);
    // In the order of paths, since the node makes a folder of the neighbours that name it.
    const all = [...report].sort(([a], [b]) => (a < b ? -1 : 1));
    const expected = all.map(([path, content]) => ({
      at: `${cid}/${path}`,
      sha256: sha256Hex(content),
      bytes: content.length,
    }));
    if (await this.#holds(cid, expected, until)) return { sent, kept: kept + report.size, bytes };
    const files = all.map(([name, content]) => ({ name, content: new Blob([new Uint8Array(content)]) }));
    await this.#add(files, { cid, what: folder, wrap: true }, until);
    await this.#confirm(folder, cid, expected, until);
    for (const { size } of files.map(({ content }) => content)) bytes += size;
    return { sent: sent + report.size, kept, bytes };
  }

  async #add(
    files: readonly { readonly name: string; readonly content: Blob }[],
    { cid, what, wrap }: { readonly cid: string; readonly what: string; readonly wrap: boolean },
    until: AbortSignal,
  ): Promise<void> {
    const query = new URLSearchParams({ ...PINNED, pin: 'true', progress: 'false', 'wrap-with-directory': `${wrap}` });
    const form = new FormData();
    // The node takes a name's parts apart, and puts the escapes back, itself.
    for (const { name, content } of files) form.append('file', content, encodeURIComponent(name));
    const size = files.reduce((sum, { content }) => sum + content.size, 0);
    const answer = await this.#ask(`add?${query.toString()}`, form, timeFor(size, this.#limits), until);
    if (answer.kind !== 'text') throw this.#fault(what, answer);
    // A directory that is wrapped around everything has no name.
    const root = wrap ? '' : (files[0]?.name ?? '');
    const entries = readAdded(answer.text);
    if (entries === null) throw unavailable(this.name, what, 'its answer is not that of an IPFS node');
    const absent = files.find(({ name }) => !entries.has(name));
    // An error in the middle of the work comes after the headers, and only cuts the list short.
    if (absent !== undefined || !entries.has(root)) {
      throw unavailable(this.name, what, `it did not confirm ${absent?.name ?? 'the folder'}`);
    }
    const given = entries.get(root) ?? '';
    if (given !== cid) throw unconfirmed(this.name, what, `content id ${cid}`, `content id ${given}`);
  }

  /** Whether the node holds all of it for good: it is pinned, and each file comes back as it is. */
  async #holds(cid: string, files: readonly Expected[], until: AbortSignal): Promise<boolean> {
    return (await this.#isPinned(cid, until)) && (await this.#wrong(files, until)) === null;
  }

  /** After it was added: whatever does not come back is told. */
  async #confirm(what: string, cid: string, files: readonly Expected[], until: AbortSignal): Promise<void> {
    if (!(await this.#isPinned(cid, until))) {
      throw unconfirmed(this.name, what, `a pin of ${cid}`, 'no pin, so that the node may drop it');
    }
    const wrong = await this.#wrong(files, until);
    if (wrong !== null) throw unconfirmed(this.name, wrong.at, `sha-256 ${wrong.sha256}`, wrong.found);
  }

  /** The first file that the node does not give back as it is, from what it has itself; null when it gives all of them. */
  async #wrong(
    files: readonly Expected[],
    until: AbortSignal,
  ): Promise<(Expected & { readonly found: string }) | null> {
    for (const file of files) {
      const served = await askAgain(() => this.#read(file, until), this.#limits, until);
      if (served === null) throw unavailable(this.name, file.at, 'the time is over');
      if (served.kind === 'other') return { ...file, found: served.found };
      if (served.kind !== 'same') throw this.#fault(file.at, served);
    }
    return null;
  }

  /** Asks for one file; the node does not look for it elsewhere, since others need not keep it. */
  async #read({ at, sha256, bytes }: Expected, until: AbortSignal): Promise<Served> {
    const query = new URLSearchParams({ arg: at, offline: 'true' });
    try {
      const response = await this.#post(`cat?${query.toString()}`, null, timeFor(bytes, this.#limits), until);
      if (!response.ok) {
        const { kind, ...rest } = await told(response);
        return kind === 'complaint' ? { kind: 'other', found: rest.reason } : { ...rest, kind };
      }
      const digest = await digestOf((response.body ?? []) as AsyncIterable<Uint8Array>, bytes);
      if (digest?.sha256 === sha256) return { kind: 'same' };
      const found = digest === null ? `more than ${bytes} bytes` : `sha-256 ${digest.sha256}, ${digest.bytes} bytes`;
      return { kind: 'other', found };
    } catch (error) {
      return { kind: 'failed', reason: noAnswer(error), again: true };
    }
  }

  /** Whether the node says that it holds all of it for good. */
  async #isPinned(cid: string, until: AbortSignal): Promise<boolean> {
    const query = new URLSearchParams({ arg: cid, type: 'recursive' });
    const answer = await this.#ask(`pin/ls?${query.toString()}`, null, this.#limits.answerWithin, until);
    // The one complaint that this question can have, in whatever words.
    if (answer.kind === 'complaint') return false;
    if (answer.kind !== 'text') throw this.#fault(cid, answer);
    const found = pins.safeParse(jsonOf(answer.text));
    if (!found.success) throw unavailable(this.name, cid, 'its answer is not that of an IPFS node');
    return Object.hasOwn(found.data.Keys, cid);
  }

  async #ask(call: string, body: FormData | null, within: number, until: AbortSignal): Promise<Answer> {
    const answer = await askAgain(() => this.#once(call, body, within, until), this.#limits, until);
    return answer ?? { kind: 'failed', reason: 'the time is over' };
  }

  async #once(call: string, body: FormData | null, within: number, until: AbortSignal): Promise<Answer> {
    try {
      const response = await this.#post(call, body, within, until);
      return response.ok ? { kind: 'text', text: await response.text() } : await told(response);
    } catch (error) {
      return { kind: 'failed', reason: noAnswer(error), again: true };
    }
  }

  async #post(call: string, body: FormData | null, within: number, until: AbortSignal): Promise<Response> {
    return await fetch(`${this.#api}/api/v0/${call}`, {
      ...{ method: 'POST', body, headers: this.#headers, redirect: 'manual' },
      signal: AbortSignal.any([until, AbortSignal.timeout(within)]),
    });
  }

  #fault(what: string, answer: { readonly kind: string; readonly reason: string }): Error {
    if (answer.kind !== 'refused') return unavailable(this.name, what, answer.reason);
    return refused(this.name, what, answer.reason, "name the address of the node's RPC interface, not of its gateway");
  }
}

/** An answer without what was asked for. */
async function told(response: Response): Promise<Exclude<Answer, { readonly kind: 'text' }> & Repeatable> {
  const { status, headers } = response;
  const said = complaint.safeParse(jsonOf(await response.text()));
  // The node answers 500 for whatever it cannot do, and says why.
  if (status === 500 && said.success) return { kind: 'complaint', reason: said.data.Message };
  if (!isPassing(status)) return { kind: 'refused', reason: `status ${status}` };
  const wait = retryAfter(headers);
  return { kind: 'failed', reason: `status ${status}`, again: true, ...(wait === undefined ? {} : { wait }) };
}

/** Names and content ids; null when it is something else. */
function readAdded(text: string): Map<string, string> | null {
  const entries = new Map<string, string>();
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    const entry = added.safeParse(jsonOf(line));
    if (!entry.success) return null;
    entries.set(entry.data.Name, entry.data.Hash);
  }
  return entries;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
