// Under a Node older than Hardhat needs, npm skips Hardhat's native EVM package without an error.
// The bundled Node (an optional dependency) then fetches it in a second pass; elsewhere this does nothing.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const scope = join(root, 'node_modules', '@nomicfoundation');
const hasNativeEvm = existsSync(scope) && readdirSync(scope).some((name) => name.startsWith('edr-'));

if (!hasNativeEvm && existsSync(scope)) {
  const bin = join(root, 'node_modules', '.bin');
  const npm = process.env['npm_execpath'];
  const bundledNode = join(bin, 'node');
  const node = existsSync(bundledNode) ? bundledNode : process.execPath;
  const args = ['install', '--ignore-scripts', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'];
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}` };
  const result = npm
    ? spawnSync(node, [npm, ...args], { cwd: root, env, stdio: 'inherit' })
    : spawnSync('npm', args, { cwd: root, env, stdio: 'inherit', shell: process.platform === 'win32' });
  if (result.status !== 0) {
    process.stderr.write("lode: could not fetch Hardhat's native EVM package; run 'npm install --ignore-scripts' under Node >= 22.13\n");
    process.exit(1);
  }
}
