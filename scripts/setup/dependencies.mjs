// Brings node_modules in step with package-lock.json. Plain JavaScript without dependencies, for Node 20 and newer.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { environmentFor, findNode, root } from './node.mjs';

const modules = join(root, 'node_modules');

/**
 * The first reason why node_modules does not match the lock file, or undefined when it does.
 *
 * @param {string} [folder]
 * @returns {string | undefined}
 */
export function whyOutdated(folder = root) {
  const installedFile = join(folder, 'node_modules', '.package-lock.json');
  if (!existsSync(installedFile)) return 'nothing is installed yet';
  const wanted = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')).packages;
  const installed = JSON.parse(readFileSync(installedFile, 'utf8')).packages;
  for (const [path, entry] of Object.entries(wanted)) {
    if (path === '' || entry.link) continue;
    const present = installed[path];
    if (!present) {
      // An optional package may belong to another platform; the one that matters is looked at by hasNativeEvm.
      if (entry.optional || entry.devOptional) continue;
      return `${path} is missing`;
    }
    if (present.version !== entry.version || present.integrity !== entry.integrity) return `${path} has changed`;
    if (!existsSync(join(folder, path))) return `${path} is missing`;
  }
  return undefined;
}

/** Whether Hardhat's native EVM package for this platform is there. */
export function hasNativeEvm() {
  const scope = join(modules, '@nomicfoundation');
  return existsSync(scope) && readdirSync(scope).some((name) => name.startsWith('edr-'));
}

/** Runs npm, under the best Node there is, and returns its exit code. */
function npm(args) {
  const node = findNode() ?? process.execPath;
  const common = ['--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'];
  const options = { cwd: root, env: environmentFor(node), stdio: ['ignore', 2, 2] };
  const program = npmProgram();
  const result = program
    ? spawnSync(node, [program, ...args, ...common], options)
    : spawnSync('npm', [...args, ...common], { ...options, shell: process.platform === 'win32' });
  if (result.error) process.stderr.write(`lode: npm could not be started: ${result.error.message}\n`);
  return result.status ?? 1;
}

/** The npm that started us, or the one beside the running Node; undefined: whatever PATH has. */
function npmProgram() {
  const candidates = [
    process.env.npm_execpath,
    join(dirname(process.execPath), '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
  ];
  return candidates.find((path) => path?.endsWith('npm-cli.js') && existsSync(path));
}

/**
 * Under a Node older than Hardhat needs, npm skips Hardhat's native EVM package without an error.
 * The bundled Node, installed by then, fetches it in a second pass; elsewhere this does nothing.
 */
export function healNativeEvm() {
  if (hasNativeEvm() || !existsSync(join(modules, '@nomicfoundation'))) return 0;
  process.stderr.write("lode: fetching Hardhat's native EVM package\n");
  const status = npm(['install', '--ignore-scripts', '--no-save']);
  if (status === 0 && hasNativeEvm()) return 0;
  process.stderr.write(
    "lode: Hardhat's native EVM package could not be fetched; run `npm install` under Node >= 22.13\n",
  );
  return status || 1;
}

/** Installs what is missing or outdated; returns an exit code. Does nothing when all is in place. */
export function ensureDependencies() {
  const reason = whyOutdated();
  if (reason) {
    process.stderr.write(`lode: installing dependencies from package-lock.json (${reason}), about a minute\n`);
    const status = npm(['ci']);
    if (status !== 0) {
      process.stderr.write('lode: npm ci failed, see the lines above; is the npm registry reachable?\n');
      return status;
    }
  }
  return healNativeEvm();
}
