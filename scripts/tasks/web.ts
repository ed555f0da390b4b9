/** `npm run web`: builds the page unless that was done before, then runs `lode web` with the arguments given. */
import { existsSync } from 'node:fs';

import { buildContracts, buildPage } from './all-steps.ts';
import { execute, root, passSignals } from './steps.ts';

const bindings = existsSync(`${root}types/typechain/index.ts`) ? 0 : await buildContracts(['--quiet', '--no-tests']);
const built =
  bindings === 0 && !existsSync(`${root}web/dist/index.html`) ? await buildPage(['--logLevel', 'warn']) : bindings;
passSignals();
process.exitCode =
  built === 0 ? await execute(process.execPath, [`${root}bin/lode.mjs`, 'web', ...process.argv.slice(2)]) : built;
