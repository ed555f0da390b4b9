/** `npm run bench -- NAME [options…]`: measures one part of the program on this machine and prints a table. */
import { executeScript } from './steps.ts';

const BENCHES: Readonly<Record<string, string>> = {
  ingest: 'scripts/bench/ingest/bench.ts',
  paths: 'scripts/bench/paths/bench.ts',
  scoring: 'scripts/bench/scoring/bench.ts',
  tree: 'scripts/bench/tree/bench.ts',
};

const [name, ...rest] = process.argv.slice(2);
const script = name !== undefined && Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined;
if (script === undefined) {
  console.error(`lode: name what to measure, one of: ${Object.keys(BENCHES).join(', ')}`);
  process.exit(2);
}
process.exitCode = await executeScript(script, rest);
