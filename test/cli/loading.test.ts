import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { expect } from 'chai';

const PROGRAM = new URL('../../src/cli/program.ts', import.meta.url);
const ROOT = new URL('../../', import.meta.url);

/** Words become commands by it. */
const ALLOWED = ['commander'];

/** Everything that is loaded before a command runs: what a file imports other than types, and what that imports in turn. */
function loadedBy(file: URL, seen = new Map<string, readonly string[]>()): Map<string, readonly string[]> {
  if (seen.has(file.href)) return seen;
  const text = readFileSync(file, 'utf8');
  const imports = [...text.matchAll(/^(?:import|export) (?!type\b)[^;]*?from '([^']+)';$/gm)].map(([, path]) => path!);
  const packages = imports.filter((path) => !path.startsWith('.') && !path.startsWith('node:'));
  seen.set(file.href, packages);
  for (const path of imports) if (path.startsWith('.')) loadedBy(new URL(path, file), seen);
  return seen;
}

describe('what lode loads before it knows the command', () => {
  const loaded = loadedBy(PROGRAM);

  it('is every command, and neither Hardhat, ethers, zod nor DuckDB: they take longer than the rest together', () => {
    const files = [...loaded.keys()].map((href) => fileURLToPath(href).slice(fileURLToPath(ROOT).length));
    expect(files).to.include.members(['src/cli/commands/deploy.ts', 'src/cli/options/signer.ts']);
    const others = [...loaded].flatMap(([href, packages]) =>
      packages.filter((name) => !ALLOWED.includes(name)).map((name) => `${href.slice(ROOT.href.length)} loads ${name}`),
    );
    expect(others).to.deep.equal([]);
  });
});
