/** `npm start`: compiles the contracts if need be, builds the page if it will be shown, then runs `lode demo` with the arguments given. */
import { wantsPage } from '../../src/cli/demo/wants-page.ts';
import { buildContracts, buildPage } from './all-steps.ts';
import { execute, passSignals, root } from './steps.ts';

const args = process.argv.slice(2);
const said = args.findLast((one) => one === '--serve' || one === '--no-serve');
const serves = wantsPage({
  serve: said === undefined ? undefined : said === '--serve',
  json: args.includes('--json'),
  isTerminal: process.stderr.isTTY,
  ci: process.env['CI'],
});

console.error('lode: compiling the contracts, a minute or two the first time');
const compiled = await buildContracts(['--quiet', '--no-tests']);
const built = compiled === 0 && serves ? await buildPage(['--logLevel', 'warn']) : compiled;
passSignals();
process.exitCode = built === 0 ? await execute(process.execPath, [`${root}bin/lode.mjs`, 'demo', ...args]) : built;
