import { openAsBlob } from 'node:fs';

import { z } from 'zod';

import type { Repeatable } from '../../store/ask-again.ts';
import { askAgain, isPassing, noAnswer, retryAfter } from '../../store/ask-again.ts';
import { epochFolder } from '../../store/epoch-folder.ts';
import type { Confirmation, Publication, PublishLimits, Target } from './target.ts';
import { refused, timeFor, unavailable, unconfirmed } from './target.ts';

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

/**
 * An IPFS node, by the RPC interface of kubo. Report and inputs are added and pinned; every content id that the node computes
 * must be the one that was computed here.
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
      if (await this.#isPinned(input.cid, until)) {
        kept++;
        continue;
      }
      const file = { name: input.name, content: await openAsBlob(input.from) };
      await this.#add([file], { cid: input.cid, what: `inputs/${input.name}`, wrap: false }, until);
      [sent, bytes] = [sent + 1, bytes + input.bytes];
    }
    const folder = epochFolder(epoch);
    if (await this.#isPinned(cid, until)) return { sent, kept: kept + report.size, bytes };
    // In the order of paths, since the node makes a folder of the neighbours that name it.
    const files = [...report.keys()].sort().map((path) => {
      const content = new Blob([new Uint8Array(report.get(path) ?? new Uint8Array())]);
      bytes += content.size;
      return { name: path, content };
    });
    await this.#add(files, { cid, what: folder, wrap: true }, until);
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
    if (!(await this.#isPinned(cid, until))) {
      throw unconfirmed(this.name, what, `a pin of ${cid}`, 'no pin, so that the node may drop it');
    }
  }

  /** Whether the node holds all of it for good: what is pinned recursively is there, block by block. */
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
      const response = await fetch(`${this.#api}/api/v0/${call}`, {
        ...{ method: 'POST', body, headers: this.#headers, redirect: 'manual' },
        signal: AbortSignal.any([until, AbortSignal.timeout(within)]),
      });
      const text = await response.text();
      const { status, ok, headers } = response;
      if (ok) return { kind: 'text', text };
      const said = complaint.safeParse(jsonOf(text));
      // The node answers 500 for whatever it cannot do, and says why.
      if (status === 500 && said.success) return { kind: 'complaint', reason: said.data.Message };
      const wait = retryAfter(headers);
      if (isPassing(status)) {
        return { kind: 'failed', reason: `status ${status}`, again: true, ...(wait === undefined ? {} : { wait }) };
      }
      return { kind: 'refused', reason: `status ${status}` };
    } catch (error) {
      return { kind: 'failed', reason: noAnswer(error), again: true };
    }
  }

  #fault(what: string, answer: Exclude<Answer, { readonly kind: 'text' }>): Error {
    if (answer.kind !== 'refused') return unavailable(this.name, what, answer.reason);
    return refused(this.name, what, answer.reason, "name the address of the node's RPC interface, not of its gateway");
  }
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
