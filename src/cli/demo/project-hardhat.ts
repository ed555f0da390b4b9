import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import type { HardhatRuntimeEnvironment } from 'hardhat/types/hre';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/**
 * This repository's Hardhat, from whatever folder the process runs in. `journal` is where deployments keep their journals
 * in place of the repository's own. Its chains know no contract, as no node elsewhere does.
 */
export async function projectHardhat(journal?: string): Promise<HardhatRuntimeEnvironment> {
  // It takes long to load, and commands that only have a node's address do without.
  const { createHardhatRuntimeEnvironment } = await import('hardhat/hre');
  const { default: hardhatConfig } = await import('../../../hardhat.config.ts');
  const paths = journal === undefined ? hardhatConfig.paths : { ...hardhatConfig.paths, ignition: journal };
  const config = paths === undefined ? hardhatConfig : { ...hardhatConfig, paths };
  const hre = await createHardhatRuntimeEnvironment(config, { config: `${ROOT}hardhat.config.ts` }, ROOT);
  // A chain in this process would first read all that was ever compiled here, only to name lines of Solidity in its errors.
  hre.artifacts.getAllBuildInfoIds = () => Promise.resolve(new Set());
  return hre;
}

/** Compiles the contracts and writes their bindings, unless that was done before. */
export async function ensureBuilt(say: (text: string) => void): Promise<void> {
  if (['artifacts', 'types/typechain/index.ts'].every((path) => existsSync(`${ROOT}${path}`))) return;
  say('     the contracts are not compiled yet: half a minute, once');
  const hardhat = await projectHardhat();
  await hardhat.tasks.getTask('build').run({ quiet: true, noTests: true });
}
