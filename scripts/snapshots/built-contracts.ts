import { globSync, readFileSync } from 'node:fs';

import { z } from 'zod';

const artifact = z.object({
  contractName: z.string(),
  abi: z.array(z.record(z.string(), z.unknown())),
  bytecode: z.string(),
  deployedBytecode: z.string(),
  inputSourceName: z.string(),
  buildInfoId: z.string(),
});

/** A contract that a build left in `artifacts/`. */
export type BuiltContract = z.output<typeof artifact>;

/** What is never deployed for its own sake. */
const APART = /\/(mocks|libraries|interfaces|types)\//;

/** The contracts of this repository that can be deployed, by name; not those that exist for tests. */
export function ownContracts(): readonly BuiltContract[] {
  return deployable(globSync('artifacts/contracts/**/*.sol/*.json').filter((path) => !APART.test(path)));
}

function deployable(paths: readonly string[]): readonly BuiltContract[] {
  return paths
    .map((path) => artifact.parse(JSON.parse(readFileSync(path, 'utf8'))))
    .filter(({ bytecode }) => bytecode !== '0x')
    .sort((a, b) => (a.contractName < b.contractName ? -1 : 1));
}
