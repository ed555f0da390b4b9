import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { NetworkConnection } from 'hardhat/types/network';

import { projectHardhat } from './project-hardhat.ts';

const HOST = '127.0.0.1';

/** A chain of its own in this process, whose clock can be set forward. */
export interface LocalChain {
  /** Where it listens; only this machine can reach it. */
  readonly url: string;
  /** A Hardhat connection over that address, as a deployment to any other network has it. */
  readonly connection: NetworkConnection;
  /** Mines a block at this moment (unix seconds), which must lie after the last block's. */
  readonly travelTo: (time: number) => Promise<void>;
  /**
   * To be called after a long computation: meanwhile the server may have given up connections that had become idle, which
   * the next request would run into.
   */
  readonly wake: () => Promise<void>;
  readonly close: () => Promise<void>;
}

const WAKE_TRIES = 5;

/**
 * Starts a local chain whose first block lies at `time` (unix seconds, in the past too), listening on the loopback address
 * only. `port` 0 takes a free one. Works from any folder.
 */
export async function startLocalChain({
  time,
  port = 0,
}: {
  readonly time: number;
  readonly port?: number;
}): Promise<LocalChain> {
  // The journal of a deployment belongs to its chain, and this chain does not outlive the process.
  const journal = await mkdtemp(join(tmpdir(), 'lode-deployment-'));
  const hre = await projectHardhat(journal);
  const initialDate = new Date(time * 1000).toISOString();
  const server = await hre.network.createServer({ network: 'default', override: { initialDate } }, HOST, port);
  const { port: listening } = await server.listen();
  const url = `http://${HOST}:${listening}`;
  const connection = await hre.network.create({ network: 'localhost', override: { url } });
  return {
    url,
    connection,
    travelTo: async (moment) => {
      await connection.provider.request({ method: 'evm_setNextBlockTimestamp', params: [moment] });
      await connection.provider.request({ method: 'evm_mine', params: [] });
    },
    wake: async () => {
      for (let tries = 1; ; tries++) {
        try {
          await connection.provider.request({ method: 'eth_blockNumber', params: [] });
          return;
        } catch (error) {
          if (tries === WAKE_TRIES) throw error;
        }
      }
    },
    close: async () => {
      await connection.close();
      await server.close();
      await rm(journal, { recursive: true, force: true });
    },
  };
}
