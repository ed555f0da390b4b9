import { openAsBlob } from 'node:fs';

import { sha256Hex } from '../../settlement/report/sha256.ts';
import { askAgain, isPassing, noAnswer, type Repeatable, retryAfter } from '../../store/ask-again.ts';
import { epochFolder } from '../../store/epoch-folder.ts';
import { getOwn } from './get-own.ts';
import type { Confirmation, Publication, PublishLimits, Target } from './target.ts';
import { differs, digestOf, inputPathAt, MANIFEST, refused, timeFor, unavailable, unconfirmed } from './target.ts';

/** One file on its way. */
interface Outgoing {
  /** Below the target's address. */
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly open: () => Promise<Blob>;
}

/** Files that are on their way at the same time. */
const AT_ONCE = 8;

/** A server has no more to say on a file that it took, in bytes. */
const LONGEST_ANSWER = 1_000_000;

/** What a web server said of a file of ours. */
type Answer = Repeatable &
  (
    | { readonly kind: 'same' | 'taken' }
    | { readonly kind: 'absent' | 'failed' | 'refused'; readonly reason: string }
    | { readonly kind: 'other'; readonly found: string }
  );

/**
 * Any web server that takes files by PUT and gives them by GET: WebDAV, an object store, a small server of one's own. What is
 * there already is not sent again, what is something else is not written over, and the manifest goes last, so that nobody
 * finds half a report.
 */
export class HttpPutTarget implements Target {
  readonly name: string;
  readonly #url: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #limits: PublishLimits;

  /** `url` without a name and password in it; `headers` go with every request, such as an authorization. */
  constructor(url: string, headers: Readonly<Record<string, string>>, limits: PublishLimits) {
    this.#url = url.replace(/\/+$/, '');
    this.name = this.#url;
    this.#headers = headers;
    this.#limits = limits;
  }

  async publish(publication: Publication, until: AbortSignal): Promise<Confirmation> {
    const files = outgoing(publication);
    const total = { sent: 0, kept: 0, bytes: 0 };
    const put = async (file: Outgoing): Promise<void> => {
      if (!(await this.#put(file, until))) total.kept++;
      else [total.sent, total.bytes] = [total.sent + 1, total.bytes + file.bytes];
    };
    await eachOf(files.slice(0, -1), put);
    await eachOf(files.slice(-1), put);
    return total;
  }

  /** Sends a file unless it is there, and reads it back; whether it was sent. */
  async #put(file: Outgoing, until: AbortSignal): Promise<boolean> {
    const there = await this.#ask(() => this.#get(file, false, until), until);
    if (there.kind === 'same') return false;
    if (there.kind === 'other') throw differs(this.name, file.path, `sha-256 ${file.sha256}`, there.found);
    if (there.kind === 'failed') throw unavailable(this.name, file.path, there.reason);
    const taken = await this.#ask(() => this.#send(file, until), until);
    if (taken.kind === 'failed') throw unavailable(this.name, file.path, taken.reason);
    if (taken.kind === 'refused') {
      const next = 'see whether the address and the headers of this target are right, and whether they may write there';
      throw refused(this.name, file.path, taken.reason, next);
    }
    const back = await this.#ask(() => this.#get(file, true, until), until);
    if (back.kind === 'same') return true;
    const found = back.kind === 'other' ? back.found : 'reason' in back ? back.reason : back.kind;
    // Somebody else was quicker, or it was not to be read before: what stands there now is not ours.
    if (taken.kind === 'other') throw differs(this.name, file.path, `sha-256 ${file.sha256}`, found);
    throw unconfirmed(this.name, file.path, `sha-256 ${file.sha256}`, found);
  }

  async #ask(ask: () => Promise<Answer>, until: AbortSignal): Promise<Answer> {
    return (await askAgain(ask, this.#limits, until)) ?? { kind: 'failed', reason: 'the time is over' };
  }

  /** What stands there. `isSent`: it must be ours by now, so that anything else is asked for again. */
  async #get({ path, sha256, bytes }: Outgoing, isSent: boolean, until: AbortSignal): Promise<Answer> {
    try {
      const response = await getOwn(`${this.#url}/${path}`, this.#headers, this.#within(bytes, until));
      const { status, ok, headers } = response;
      const isPage = /^text\/html/i.test(headers.get('content-type') ?? '');
      if (!ok || isPage) {
        await response.body?.cancel();
        if (isPassing(status)) return passing(response);
        // Object stores answer 403 for what is not there; web applications give a page for every address.
        return { kind: 'absent', reason: isPage ? 'a page of HTML' : `status ${status}`, again: isSent };
      }
      const digest = await digestOf((response.body ?? []) as AsyncIterable<Uint8Array>, bytes);
      if (digest?.sha256 === sha256) return { kind: 'same' };
      const found = digest === null ? `more than ${bytes} bytes` : `sha-256 ${digest.sha256}, ${digest.bytes} bytes`;
      // An answer that is cut short says nothing of what is there.
      return { kind: 'other', found, again: isSent || (digest !== null && digest.bytes < bytes) };
    } catch (error) {
      return { kind: 'failed', reason: noAnswer(error), again: true };
    }
  }

  async #send({ path, bytes, open }: Outgoing, until: AbortSignal): Promise<Answer> {
    const body = await open();
    try {
      const response = await fetch(`${this.#url}/${path}`, {
        ...{ method: 'PUT', body },
        redirect: 'manual',
        signal: this.#within(bytes, until),
        // A server that knows this never writes over what stands there.
        headers: { ...this.#headers, 'content-type': 'application/json', 'if-none-match': '*' },
      });
      const { status, ok, headers } = response;
      // An answer that breaks off may be one to something that was not kept.
      await digestOf((response.body ?? []) as AsyncIterable<Uint8Array>, LONGEST_ANSWER);
      if (ok) return { kind: 'taken' };
      if (status === 412) return { kind: 'other', found: 'something that stood there already' };
      if (isPassing(status)) return passing(response);
      const to = status >= 300 && status < 400 ? headers.get('location') : null;
      return { kind: 'refused', reason: to === null ? `status ${status}` : `status ${status}, it points to ${to}` };
    } catch (error) {
      return { kind: 'failed', reason: noAnswer(error), again: true };
    }
  }

  #within(bytes: number, until: AbortSignal): AbortSignal {
    return AbortSignal.any([until, AbortSignal.timeout(timeFor(bytes, this.#limits))]);
  }
}

function passing({ status, headers }: Response): Answer {
  const wait = retryAfter(headers);
  return { kind: 'failed', reason: `status ${status}`, again: true, ...(wait === undefined ? {} : { wait }) };
}

/** Inputs first, then the report, its manifest last of all. */
function outgoing({ epoch, report, inputs }: Publication): Outgoing[] {
  const own = [...report].map(([path, bytes]) => ({
    path: `${epochFolder(epoch)}/${path}`,
    sha256: sha256Hex(bytes),
    bytes: bytes.length,
    open: () => Promise.resolve(new Blob([new Uint8Array(bytes)])),
  }));
  const manifest = `${epochFolder(epoch)}/${MANIFEST}`;
  return [
    ...inputs.map(({ name, from, sha256, bytes }) => ({
      ...{ path: inputPathAt({ name }), sha256, bytes },
      open: () => openAsBlob(from),
    })),
    ...own.filter(({ path }) => path !== manifest),
    ...own.filter(({ path }) => path === manifest),
  ];
}

/** Works on some of them at a time; after a failure no other is begun, and the first failure is the one that is told. */
async function eachOf<T>(things: readonly T[], work: (thing: T) => Promise<void>): Promise<void> {
  const queue = [...things];
  let failure: { readonly error: unknown } | null = null;
  const worker = async (): Promise<void> => {
    for (let thing = queue.shift(); thing !== undefined && failure === null; thing = queue.shift()) {
      await work(thing).catch((error: unknown) => (failure ??= { error }));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  const first = failure as { readonly error: unknown } | null;
  if (first !== null) throw first.error;
}
