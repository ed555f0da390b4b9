import { writeFile } from 'node:fs/promises';

import { formatAddressBook } from '../../src/chain/address-book.ts';
import { projectHardhat } from '../../src/cli/demo/project-hardhat.ts';
import type { Preset } from '../../src/settlement/preset/load-preset.ts';
import type { LocalNode } from './local-node.ts';
import { startNode } from './local-node.ts';
import type { World } from './world.ts';
import { deployWorld } from './world.ts';

/** A deployment on a node in another process, as commands meet it. */
export interface RemoteWorld {
  readonly node: LocalNode;
  readonly world: World;
  /** The address book, as a file. */
  readonly book: string;
  /** What every command needs to reach it, the accounts of the node included. */
  readonly reach: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly close: () => Promise<void>;
}

/** Starts a node, deploys a preset to it and writes the address book to a file. */
export async function startRemoteWorld(book: string, options: { start: number; preset: Preset }): Promise<RemoteWorld> {
  const node = await startNode();
  // The journal of a deployment belongs to its chain, and this chain does not outlive the test.
  const hre = await projectHardhat(`${book}.journal`);
  const hardhat = await hre.network.create({ network: 'localhost', override: { url: node.url } });
  const world = await deployWorld(hardhat, options);
  await writeFile(book, formatAddressBook(world.deployment.addressBook));
  return {
    node,
    world,
    book,
    reach: ['--addresses', book, '--network', 'localhost'],
    environment: { LODE_RPC_URL: node.url },
    close: async () => {
      await hardhat.close();
      await node.stop();
    },
  };
}
