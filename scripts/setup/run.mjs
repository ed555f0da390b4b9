// `npm start`, `npm test` and the like begin here. On a fresh clone with nothing installed this installs what is
// needed, finds a Node that is new enough, and hands over to the job of that name in scripts/tasks/.
// Plain JavaScript without dependencies, for Node 20 and newer.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { ensureDependencies } from './dependencies.mjs';
import { environmentFor, findNode, nodeMissingMessage, root } from './node.mjs';

const JOBS = [
  'bench',
  'build',
  'check',
  'clickhouse-install',
  'ledgers',
  'snapshots',
  'start',
  'test',
  'test-clickhouse',
  'web',
  'web-build',
  'web-screenshots',
];

function fail(message, code = 1) {
  process.stderr.write(`lode: ${message}\n`);
  process.exit(code);
}

const [job, ...args] = process.argv.slice(2);
if (!JOBS.includes(job)) fail(`unknown job '${job ?? ''}', one of: ${JOBS.join(', ')}`, 2);

const status = ensureDependencies();
if (status !== 0) process.exit(status);

const node = findNode();
if (!node) fail(nodeMissingMessage());
if (!existsSync(join(root, 'node_modules', 'tsx')))
  fail('node_modules is incomplete: delete it and run the command again');

const child = spawn(node, ['--import', 'tsx', join('scripts', 'tasks', `${job}.ts`), ...args], {
  cwd: root,
  env: environmentFor(node),
  stdio: 'inherit',
});
// The terminal sends these to the whole group; the job decides when to end, and we pass its answer on.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    if (signal !== 'SIGINT') child.kill(signal);
  });
}
child.on('error', (error) => {
  fail(`${node} could not be started: ${error.message}`);
});
child.on('exit', (code, signal) => {
  process.exit(code ?? (signal === 'SIGINT' ? 130 : 143));
});
