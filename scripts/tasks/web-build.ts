/** `npm run web:build`: builds the page into web/dist, or where `--outDir` says, the contracts' bindings before it where they are missing. */
import { existsSync } from 'node:fs';

import { buildContracts, buildPage } from './all-steps.ts';
import { root } from './steps.ts';

const built = existsSync(`${root}types/typechain/index.ts`) ? 0 : await buildContracts(['--quiet', '--no-tests']);
process.exitCode = built === 0 ? await buildPage(process.argv.slice(2)) : built;
