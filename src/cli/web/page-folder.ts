import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { MissingError } from '../../protocol/errors.ts';

/** Where `npm run web:build` puts the page. */
const PAGE_FOLDER = fileURLToPath(new URL('../../../web/dist/', import.meta.url));

/** Whether the page was built. */
export function isBuilt(folder = PAGE_FOLDER): boolean {
  return existsSync(`${folder}index.html`);
}

/**
 * The folder of the built page.
 *
 * @throws {MissingError} `PAGE_MISSING`
 */
export function pageFolder(folder = PAGE_FOLDER): string {
  if (isBuilt(folder)) return folder;
  throw new MissingError({
    code: 'PAGE_MISSING',
    shortMessage: 'the page is not built yet',
    details: { looked: folder, next: 'run `npm run web:build`' },
  });
}
