import { resolve } from 'node:path';

import { InputError } from '../protocol/errors.ts';

/** Where reports are published: a folder, a web address, or a gateway to content by its id. */
export interface ReportPlace {
  readonly kind: 'folder' | 'web' | 'gateway';
  /** An absolute path, or an address without a slash at its end. */
  readonly at: string;
}

/**
 * Reads where reports are published. An address whose path ends in `/ipfs` is a gateway; any other address and a folder hold
 * each report as `<content id>/…` or as `epochs/000042/…`.
 *
 * @throws {InputError} `PLACE_INVALID`
 * @example
 * parseReportPlace('https://ipfs.io/ipfs/', '/') // { kind: 'gateway', at: 'https://ipfs.io/ipfs' }
 */
export function parseReportPlace(given: string, cwd: string): ReportPlace {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(given)) {
    if (given.trim() === '') throw invalid(given);
    return { kind: 'folder', at: resolve(cwd, given) };
  }
  const url = URL.canParse(given) ? new URL(given) : null;
  if (url === null || !['http:', 'https:'].includes(url.protocol) || url.search !== '' || url.hash !== '') {
    throw invalid(given);
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

function invalid(given: string): InputError {
  return new InputError({
    code: 'PLACE_INVALID',
    shortMessage: `'${given}' is no place where reports can be`,
    details: { given, expected: 'a folder, an address (https://host/reports) or a gateway (https://host/ipfs)' },
  });
}
