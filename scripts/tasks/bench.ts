/**
 * `npm run bench -- NAME [options…]`: measures one part of the program on this machine and prints a table; without a name, all that is promised.
 */
import { executeScript } from './steps.ts';

const BENCHES: Readonly<Record<string, string>> = {
  engines: 'scripts/bench/engines/bench.ts',
  epoch: 'scripts/bench/epoch/bench.ts',
  gas: 'scripts/bench/gas/bench.ts',
  ingest: 'scripts/bench/ingest/bench.ts',
  paths: 'scripts/bench/paths/bench.ts',
  scoring: 'scripts/bench/scoring/bench.ts',
  tree: 'scripts/bench/tree/bench.ts',
};

const [name, ...rest] = process.argv.slice(2);
const isAll = name === undefined || name.startsWith('-');
const script = isAll ? 'scripts/bench/all/bench.ts' : Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined;
if (script === undefined) {
  console.error(`lode: name what to measure, one of: ${Object.keys(BENCHES).join(', ')}; without a name, all`);
  process.exit(2);
}
process.exitCode = await executeScript(script, isAll ? process.argv.slice(2) : rest);
