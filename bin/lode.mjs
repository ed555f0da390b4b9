#!/usr/bin/env node
// The `lode` command. It runs the TypeScript sources as they are, from any folder and through a link; under a Node older
// than the project needs it starts itself again with the bundled one.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { environmentFor, findNode, isNewEnough, nodeMissingMessage, root } from '../scripts/setup/node.mjs';

function fail(message) {
  process.stderr.write(`lode: ${message}\n`);
  process.exit(2);
}

if (!existsSync(join(root, 'node_modules', 'tsx'))) fail(`nothing is installed yet: run \`npm ci\` in ${root}`);

if (isNewEnough(process.versions.node)) {
  const { register } = await import('tsx/esm/api');
  register({ tsconfig: join(root, 'tsconfig.json') });
  await import('../src/cli/main.ts');
} else {
  const node = findNode();
  if (!node) fail(nodeMissingMessage());
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    env: environmentFor(node),
    stdio: 'inherit',
  });
  // Ctrl-C in a terminal reaches the child by itself, too, which takes the second for the first.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => fail(`${node} could not be started: ${error.message}`));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)));
}
