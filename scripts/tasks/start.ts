/** `npm start`: compiles the contracts if need be, then runs `lode demo` with the arguments given. */
import { buildContracts } from './all-steps.ts';
import { execute, root } from './steps.ts';

console.error('lode: compiling the contracts, a minute or two the first time');
const built = await buildContracts(['--quiet', '--no-tests']);
process.exitCode =
  built === 0 ? await execute(process.execPath, [`${root}bin/lode.mjs`, 'demo', ...process.argv.slice(2)]) : built;
