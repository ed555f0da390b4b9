/** `npx tsx scripts/keccak/write-modules.ts`: writes the modules that `src/protocol/keccak.ts` runs. */
import { writeFile } from 'node:fs/promises';

import { modulesFile } from './modules-file.ts';

await writeFile(new URL('../../src/protocol/keccak/modules.ts', import.meta.url), modulesFile());
