import { z } from 'zod';

import { InputError } from '../../protocol/errors.ts';
import type { ReportFiles } from './report-file.ts';
import { amount, count32, hash32, list, score } from './report-fields.ts';
import { ACCOUNTS_FILE } from './account-files.ts';
import type { AccountsFile, Shard } from './report-schema.ts';
import {
  accountRow,
  accountsPartSchema,
  accountsSchema,
  manifestSchema,
  parseReportFile,
  readReportJson,
  shardLeaf,
  shardSchema,
} from './report-schema.ts';

/** A shard as far as it can be read; undefined stands where something else stands. */
export interface LooseShard {
  readonly first: number | undefined;
  readonly leafCount: number | undefined;
  readonly audits: readonly (Shard['audits'][number] | undefined)[];
  readonly leaves: readonly (Shard['leaves'][number] | undefined)[];
  readonly left: readonly (Shard['left'][number] | undefined)[];
  readonly right: readonly (Shard['right'][number] | undefined)[];
}

/** What a manifest says of a settlement that its audits are computed with. */
export interface LooseManifest {
  readonly record: { readonly minScores: readonly bigint[] };
  readonly settlement: {
    readonly leafCount: number;
    readonly participants: readonly number[];
    readonly scoreTotals: readonly bigint[];
    readonly granted: bigint;
    readonly accelerated: readonly bigint[];
  };
}

/** A report of any origin, read part by part: what is wrong with one takes nothing from the others. */
export interface LooseReport {
  readonly manifest: LooseManifest | undefined;
  readonly accounts: readonly (AccountsFile['accounts'][number] | undefined)[] | undefined;
  /** File by file, read when it is asked for. */
  readonly shards: Iterable<LooseShard>;
  /** What was wrong first, of what has been read so far. */
  readonly fault: InputError | undefined;
}

const looseManifest = z.object({
  record: z.object({ minScores: list(score, 16) }),
  settlement: z.object({
    leafCount: count32,
    participants: list(count32, 16),
    scoreTotals: list(amount, 16),
    granted: amount,
    accelerated: list(amount, 26),
  }),
});

/** Reads a report without asking that it is one. */
export function readLoosely(files: ReportFiles): LooseReport {
  let fault: InputError | undefined;
  const attempt = <T>(read: () => T): T | undefined => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      fault ??= error;
      return undefined;
    }
  };
  /** By the schema, else piece by piece. */
  const read = <T, L>(schema: z.ZodType<T>, path: string, pieces: (data: unknown) => L): T | L | undefined =>
    attempt(() => parseReportFile(schema, path, files.get(path))) ??
    attempt(() => pieces(readReportJson(path, files.get(path))));

  const manifest = read<LooseManifest, LooseManifest | undefined>(manifestSchema, 'manifest.json', (data) =>
    orUndefined(looseManifest, data),
  );
  const parts = [...files.keys()].filter((path) => path.startsWith('accounts/')).sort();
  const isWhole = parts.length === 0 || files.has(ACCOUNTS_FILE);
  const accounts = (isWhole ? [ACCOUNTS_FILE] : parts).map((path) =>
    read<Pick<AccountsFile, 'accounts'>, Partial<Pick<LooseReport, 'accounts'>>>(
      isWhole ? accountsSchema : accountsPartSchema,
      path,
      (data) => ({ accounts: listOf(accountRow, field(data, 'accounts')) }),
    ),
  );
  function* shards(): Generator<LooseShard> {
    for (const path of [...files.keys()].filter((name) => name.startsWith('shards/')).sort()) {
      const shard = read<LooseShard, LooseShard>(shardSchema, path, looseShard);
      if (shard !== undefined) yield shard;
    }
  }
  return {
    manifest,
    accounts: accounts.some((part) => part?.accounts !== undefined)
      ? accounts.flatMap((part) => part?.accounts ?? [])
      : undefined,
    shards: { [Symbol.iterator]: shards },
    get fault() {
      return fault;
    },
  };
}

function looseShard(data: unknown): LooseShard {
  const node = hash32.nullable();
  return {
    first: orUndefined(count32, field(data, 'first')),
    leafCount: orUndefined(count32, field(data, 'leafCount')),
    audits: listOf(hash32, field(data, 'audits')),
    leaves: listOf(shardLeaf, field(data, 'leaves')),
    left: listOf(node, field(data, 'left')),
    right: listOf(node, field(data, 'right')),
  };
}

function field(data: unknown, name: string): unknown {
  return typeof data === 'object' && data !== null && Object.hasOwn(data, name)
    ? (data as Record<string, unknown>)[name]
    : undefined;
}

function orUndefined<T>(schema: z.ZodType<T>, data: unknown): T | undefined {
  const result = schema.safeParse(data);
  return result.success ? result.data : undefined;
}

/** A list with so many entries that are none is not read on: to tell what is wrong with each takes long. */
const MAX_BAD = 1024;

function listOf<T>(schema: z.ZodType<T>, data: unknown): (T | undefined)[] {
  const list: (T | undefined)[] = [];
  let bad = 0;
  for (const entry of Array.isArray(data) ? (data as unknown[]) : []) {
    const value = orUndefined(schema, entry);
    if (value === undefined && ++bad > MAX_BAD) break;
    list.push(value);
  }
  return list;
}
