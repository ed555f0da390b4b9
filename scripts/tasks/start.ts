/** `npm start`: compiles the contracts if need be, builds the page if it will be shown, then runs `lode demo` with the arguments given. */
import { buildContracts, buildPage } from './all-steps.ts';
import { execute, passSignals, root } from './steps.ts';

const args = process.argv.slice(2);
const isSeen = process.stderr.isTTY && (process.env['CI'] ?? '') === '' && !args.includes('--json');
const serves = args.includes('--serve') || (isSeen && !args.includes('--no-serve'));

console.error('lode: compiling the contracts, a minute or two the first time');
const compiled = await buildContracts(['--quiet', '--no-tests']);
const built = compiled === 0 && serves ? await buildPage(['--logLevel', 'warn']) : compiled;
passSignals();
process.exitCode = built === 0 ? await execute(process.execPath, [`${root}bin/lode.mjs`, 'demo', ...args]) : built;
