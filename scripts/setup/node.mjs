// Finds a Node that is new enough for Hardhat, and the environment in which every child process finds it too.
// Plain JavaScript without dependencies: it runs before anything is installed, under Node 20.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The top folder of the repository, whatever the working directory is. */
export const root = fileURLToPath(new URL('../../', import.meta.url));

/** Hardhat refuses to start below this version. */
export const MINIMUM_NODE = [22, 13, 0];

/**
 * Whether `version` ("22.13.0", with or without a leading v) is at least {@link MINIMUM_NODE}.
 *
 * @param {string} version
 * @returns {boolean}
 */
export function isNewEnough(version) {
  const parts = version.replace(/^v/, '').split('.').map(Number);
  for (const [index, minimum] of MINIMUM_NODE.entries()) {
    const part = parts[index] ?? 0;
    if (part !== minimum) return part > minimum;
  }
  return true;
}

/** The running Node if it is new enough, else the bundled one; undefined if there is neither. */
export function findNode() {
  if (isNewEnough(process.versions.node)) return process.execPath;
  const bundled = join(root, 'node_modules', '.bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (!existsSync(bundled)) return undefined;
  const answer = spawnSync(bundled, ['--version'], { encoding: 'utf8' });
  return answer.status === 0 && isNewEnough(answer.stdout.trim()) ? bundled : undefined;
}

/** What to tell somebody whose machine has no suitable Node and for whose platform none is bundled. */
export function nodeMissingMessage() {
  return (
    `Node ${MINIMUM_NODE.join('.')} or newer is needed, this is ${process.versions.node}, ` +
    `and none is bundled for ${process.platform}-${process.arch}: install a newer Node and run the command again`
  );
}

/** This process's environment with `node` and the project's tools first on PATH. */
export function environmentFor(node) {
  const path = [dirname(node), join(root, 'node_modules', '.bin'), process.env.PATH ?? ''];
  return { ...process.env, PATH: path.join(delimiter) };
}
