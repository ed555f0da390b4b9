import { id } from 'ethers';

import type { Address } from '../../protocol/brands.ts';
import { checksumAddress } from '../../protocol/brands.ts';
import type { Call } from '../calls.ts';

/** What a file for the Safe Transaction Builder says besides its transactions. */
export interface SafeFileMeta {
  readonly chainId: number;
  /** Unix seconds. */
  readonly createdAt: number;
  readonly name: string;
  readonly description: string;
  /** The Safe that is to send them, if it is known. */
  readonly safe?: Address | null;
}

/** A batch of transactions as the Safe Transaction Builder (1.x) reads and writes it. */
export interface SafeFile {
  readonly version: '1.0';
  readonly chainId: string;
  /** Unix milliseconds. */
  readonly createdAt: number;
  readonly meta: {
    readonly name: string;
    readonly description: string;
    readonly txBuilderVersion: string;
    readonly createdFromSafeAddress: string;
    readonly createdFromOwnerAddress: string;
    readonly checksum: string;
  };
  readonly transactions: readonly {
    readonly to: string;
    readonly value: string;
    readonly data: string;
    readonly contractMethod: null;
    readonly contractInputsValues: null;
  }[];
}

/** The release of the builder whose format this is. */
const BUILDER_VERSION = '1.18.0';

/**
 * The file by which a Safe sends these calls in one transaction. Everything is given as bytes: what the owners of the Safe
 * see is then exactly what was shown here. The builder compares the checksum and warns about a file that somebody changed.
 */
export function safeFile(calls: readonly Call[], meta: SafeFileMeta): SafeFile {
  const { chainId, createdAt, name, description, safe = null } = meta;
  const unsigned = {
    version: '1.0' as const,
    chainId: String(chainId),
    createdAt: createdAt * 1000,
    meta: {
      name,
      description,
      txBuilderVersion: BUILDER_VERSION,
      createdFromSafeAddress: safe === null ? '' : checksumAddress(safe),
      createdFromOwnerAddress: '',
    },
    transactions: calls.map(({ to, value, data }) => ({
      to: checksumAddress(to),
      value: String(value),
      data,
      contractMethod: null,
      contractInputsValues: null,
    })),
  };
  return { ...unsigned, meta: { ...unsigned.meta, checksum: safeChecksum(unsigned) } };
}

/** The checksum of a file of the builder, which leaves out an earlier checksum and the name. */
export function safeChecksum(file: { readonly meta: object }): string {
  const meta = Object.entries(file.meta).filter(([key]) => key !== 'checksum');
  return id(written({ ...file, meta: { ...Object.fromEntries(meta), name: null } }));
}

/** The one text that a value has for the checksum: an object is its sorted keys, and then its values in their order. */
function written(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(written).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  const keys = Object.keys(value).sort();
  const values = keys.map((key) => `${written((value as Readonly<Record<string, unknown>>)[key])},`);
  return `{${JSON.stringify(keys)}${values.join('')}}`;
}
