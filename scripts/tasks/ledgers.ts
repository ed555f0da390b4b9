/** `npm run ledgers`: writes the generated example ledgers. The same seeds give the same bytes on every machine. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { allLedgers } from '../ledgers/all-ledgers.ts';

const EXAMPLES = fileURLToPath(new URL('../../examples/', import.meta.url));

for (const { path, text } of allLedgers()) {
  await mkdir(dirname(join(EXAMPLES, path)), { recursive: true });
  await writeFile(join(EXAMPLES, path), text);
  console.log(`${path}: ${text.split('\n').length - 2} rows, ${Math.ceil(text.length / 1024)} KiB`);
}
