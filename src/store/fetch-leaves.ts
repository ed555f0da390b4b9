import { z } from 'zod';

import type { Address } from '../protocol/brands.ts';
import { ProtocolError } from '../protocol/errors.ts';
import { hexToBytes } from '../protocol/words.ts';
import type { FinalTree } from '../settlement/final-tree.ts';
import { showsAbsence } from '../settlement/final-tree.ts';
import type { ClaimProof } from '../settlement/proof.ts';
import { proofFrom } from '../settlement/proof.ts';
import { contentIdFrom } from '../settlement/report/content-id.ts';
import { prefixOf, shardPath } from '../settlement/report/prefix.ts';
import { digests } from '../settlement/report/report-fields.ts';
import type { Shard } from '../settlement/report/report-schema.ts';
import { parseReportFile, shardSchema } from '../settlement/report/report-schema.ts';
import type { CheckedShard } from '../settlement/report/shard-leaves.ts';
import { checkShard } from '../settlement/report/shard-leaves.ts';
import { epochFolder } from './epoch-folder.ts';
import type { FetchLimits } from './fetch-file.ts';
import { fetchFile } from './fetch-file.ts';
import type { PlaceAnswer } from './fetch-report.ts';
import { isJson, REPORT_LIMITS, ReportDifferentError, ReportUnavailableError } from './fetch-report.ts';
import type { ReportPlace } from './report-place.ts';
import { placeName } from './report-place.ts';

/** What the tree of an epoch has for an account; null: it has no leaf, and that was shown by its neighbours. */
export interface FoundLeaf {
  readonly proof: ClaimProof | null;
  /** Where it was found. */
  readonly from: string;
  /** The file that holds it, and how many leaves it holds; null where there is no leaf. */
  readonly shard: { readonly path: string; readonly leaves: number } | null;
}

/** A file of a report that was found to be right. */
export interface FoundFile<T> {
  readonly value: T;
  readonly from: string;
}

/** How much is taken from a place for one file, and for how long it is waited. */
export interface LeafLimits extends FetchLimits {
  /** One file with all its attempts, in milliseconds. */
  readonly within: number;
}

/**
 * The leaves of a final epoch, from wherever its report is published. Of a report only the manifest and the shards that are needed
 * are fetched. Nothing that a place says counts before it leads to the root: neither an amount, nor that there is none.
 */
export class PublishedLeaves {
  readonly #tree: FinalTree;
  readonly #cid: string;
  readonly #sources: readonly Source[];

  /** `first`: by which of its two names a report is looked for first at places that can have both. */
  constructor(
    places: readonly ReportPlace[],
    tree: FinalTree,
    limits: LeafLimits = REPORT_LIMITS,
    first: 'content id' | 'epoch' = 'content id',
  ) {
    this.#tree = tree;
    this.#cid = contentIdFrom(hexToBytes(tree.reportCid)).cid;
    this.#sources = places.flatMap((place) => {
      const both = [this.#cid, epochFolder(tree.epoch)];
      const folders = place.kind === 'gateway' ? [this.#cid] : first === 'epoch' ? both.reverse() : both;
      return folders.map((folder) => new Source(place, folder, tree, limits));
    });
  }

  /** The content id of the report. */
  get cid(): string {
    return this.#cid;
  }

  /**
   * Finds the leaf of an account, or that it has none.
   *
   * @throws {ReportUnavailableError} `REPORT_UNAVAILABLE` when no place gave anything
   * @throws {ReportDifferentError} `REPORT_DIFFERENT` when a place gave something that does not lead to the root, and none what does
   */
  async find(account: Address): Promise<FoundLeaf> {
    if (this.#tree.leafCount === 0) return { proof: null, from: 'the chain', shard: null };
    const { value, from } = await this.#first(async (source) => await source.find(account));
    return { ...value, from };
  }

  /**
   * Another file of the report, from the first place whose file `parse` takes: whether it is right is for `parse` to say, by throwing
   * a {@link ProtocolError} where it is not.
   *
   * @throws the same errors as {@link find}
   */
  async read<T>(path: string, parse: (bytes: Uint8Array) => T): Promise<FoundFile<T>> {
    return await this.#first(async (source) => await source.read(path, (bytes) => ({ value: parse(bytes) })));
  }

  async #first<T>(ask: (source: Source) => Promise<Read<T>>): Promise<FoundFile<T>> {
    const answers: PlaceAnswer[] = [];
    for (const source of this.#sources) {
      const found = await ask(source);
      if (!('outcome' in found)) return { value: found.value, from: source.name };
      answers.push({ place: source.name, ...found });
    }
    throw answers.some(({ outcome }) => outcome === 'different')
      ? new ReportDifferentError(this.#cid, answers)
      : new ReportUnavailableError(this.#cid, answers);
  }
}

type Failure = Omit<PlaceAnswer, 'place'>;
type Read<T> = { readonly value: T } | Failure;

/** What of a manifest is needed to find a shard. It is the word of whoever keeps the place: a wrong one finds nothing. */
const head = z.looseObject({
  epoch: z.int(),
  settlement: z.looseObject({ root: z.string() }),
  prefixBits: z.int().min(0).max(24),
  files: digests,
});

interface Listing {
  readonly prefixBits: number;
  /** The shards that there are, by rising number. */
  readonly prefixes: readonly number[];
}

interface ReadShard extends CheckedShard {
  readonly shard: Shard;
}

const MANIFEST = 'manifest.json';
const SHARD = /^shards\/([0-9a-f]{1,6})\.json$/;

/** One folder of one place. What was read once is kept. */
class Source {
  readonly name: string;
  readonly #place: ReportPlace;
  readonly #folder: string;
  readonly #tree: FinalTree;
  readonly #limits: LeafLimits;
  readonly #shards = new Map<string, Promise<Read<ReadShard>>>();
  #listing: Promise<Read<Listing>> | null = null;

  constructor(place: ReportPlace, folder: string, tree: FinalTree, limits: LeafLimits) {
    this.name = `${placeName(place)}/${folder}`;
    this.#place = place;
    this.#folder = folder;
    this.#tree = tree;
    this.#limits = limits;
  }

  async find(account: Address): Promise<Read<Pick<FoundLeaf, 'proof' | 'shard'>>> {
    this.#listing ??= this.#readListing();
    const listing = await this.#listing;
    if ('outcome' in listing) return listing;
    const { prefixBits, prefixes } = listing.value;
    const own = prefixOf(account, prefixBits);
    const neighbours = [prefixes.findLast((prefix) => prefix < own), prefixes.find((prefix) => prefix > own)];
    const seen: CheckedShard[] = [];
    for (const prefix of [prefixes.includes(own) ? own : undefined, ...neighbours]) {
      if (prefix === undefined) continue;
      const path = shardPath(prefix, prefixBits);
      const read = await this.#shard(path);
      if ('outcome' in read) return read;
      const { shard, ...checked } = read.value;
      if (checked.leaves.some((leaf) => leaf.account === account)) {
        const proof = proofFrom(shard, checked, account, this.#tree.root);
        return { value: { proof, shard: { path, leaves: checked.leaves.length } } };
      }
      seen.push(checked);
      if (showsAbsence(seen, account, this.#tree.leafCount)) return { value: { proof: null, shard: null } };
    }
    return different(`it shows neither a leaf of ${account} nor that there is none`);
  }

  async #shard(path: string): Promise<Read<ReadShard>> {
    const known = this.#shards.get(path) ?? this.#readShard(path);
    this.#shards.set(path, known);
    return await known;
  }

  async #readShard(path: string): Promise<Read<ReadShard>> {
    const { root, leafCount, epoch } = this.#tree;
    return await this.read(path, (bytes) => {
      const shard = parseReportFile(shardSchema, path, bytes);
      if (shard.leafCount !== leafCount || shard.epoch !== epoch) {
        return different(`${path} is of a tree of ${shard.leafCount} leaves after epoch ${shard.epoch}`);
      }
      return { value: { shard, ...checkShard(shard, root) } };
    });
  }

  async #readListing(): Promise<Read<Listing>> {
    const { epoch, root } = this.#tree;
    return await this.read(MANIFEST, (bytes) => {
      const manifest = parseReportFile(head, MANIFEST, bytes);
      if (manifest.epoch !== epoch) return different(`${MANIFEST} is of epoch ${manifest.epoch}, not ${epoch}`);
      if (manifest.settlement.root !== root) return different(`${MANIFEST} names another root than the chain`);
      const numbers = Object.keys(manifest.files).flatMap((path) => {
        const digits = SHARD.exec(path)?.[1];
        return digits === undefined ? [] : [Number.parseInt(digits, 16)];
      });
      return { value: { prefixBits: manifest.prefixBits, prefixes: numbers.sort((a, b) => a - b) } };
    });
  }

  async read<T>(path: string, parse: (bytes: Uint8Array) => Read<T>): Promise<Read<T>> {
    const bytes = await this.#bytes(path);
    if (!(bytes instanceof Uint8Array)) return bytes;
    try {
      return parse(bytes);
    } catch (error) {
      if (error instanceof ProtocolError) return different(error.shortMessage);
      throw error;
    }
  }

  async #bytes(path: string): Promise<Uint8Array | Failure> {
    const whole = `${this.#place.at}/${this.#folder}/${path}`;
    if (this.#place.kind === 'folder') {
      const bytes = await this.#place.files.read(whole, this.#limits.maxBytes);
      if (bytes === undefined) return unavailable(`${path} is not there`);
      return bytes.length === 0 ? unavailable(`${path} is empty`) : bytes;
    }
    const until = AbortSignal.timeout(this.#limits.within);
    const file = await fetchFile(whole, this.#limits, until, isJson);
    return file.kind === 'bytes' ? file.bytes : unavailable(`${path}: ${file.reason}`);
  }
}

const unavailable = (reason: string): Failure => ({ outcome: 'unavailable', reason });
const different = (reason: string): Failure => ({ outcome: 'different', reason });
