import { InputError } from '../protocol/errors.ts';
import type { FolderEntry } from './report-folder.ts';

/** How the files of a folder are read, where there is a disk; the page has none. */
export interface FolderFiles {
  /** Everything below a folder; empty when there is no such folder. */
  readonly list: (folder: string) => Promise<readonly FolderEntry[]>;
  /** The bytes of a file; undefined when it cannot be read, or is larger than the limit. */
  readonly read: (path: string, limit: number) => Promise<Uint8Array | undefined>;
}

/** Where reports are published: a folder, a web address, or a gateway to content by its id. */
export type ReportPlace =
  | {
      readonly kind: 'folder';
      /** An absolute path. */
      readonly at: string;
      readonly files: FolderFiles;
    }
  | {
      readonly kind: 'web' | 'gateway';
      /** An address without a slash at its end. */
      readonly at: string;
    };

/**
 * Reads where on the web reports are published. An address whose path ends in `/ipfs` is a gateway; any other holds each report
 * as `<content id>/…` or as `epochs/000042/…`.
 *
 * @throws {InputError} `PLACE_INVALID`
 * @example
 * parseWebPlace('https://ipfs.io/ipfs/') // { kind: 'gateway', at: 'https://ipfs.io/ipfs' }
 */
export function parseWebPlace(given: string): ReportPlace {
  const url = URL.canParse(given) ? new URL(given) : null;
  if (url === null || !['http:', 'https:'].includes(url.protocol) || url.search !== '' || url.hash !== '') {
    throw invalidPlace(given);
  }
  const at = url.href.replace(/\/+$/, '');
  return { kind: /\/ipfs$/.test(at) ? 'gateway' : 'web', at };
}

/** A place as it may be shown: an address without a name and password in it. */
export function placeName({ kind, at }: ReportPlace): string {
  if (kind === 'folder') return at;
  const url = new URL(at);
  url.username = '';
  url.password = '';
  return url.href.replace(/\/+$/, '');
}

/** The error for what is no place. */
export function invalidPlace(given: string): InputError {
  return new InputError({
    code: 'PLACE_INVALID',
    shortMessage: `'${given}' is no place where reports can be`,
    details: { given, expected: 'a folder, an address (https://host/reports) or a gateway (https://host/ipfs)' },
  });
}
