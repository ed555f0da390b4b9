import { readFile } from 'node:fs/promises';

import { folderPlace } from '../../store/parse-report-place.ts';
import type { Progress } from '../output/progress.ts';
import { untilStopped } from '../stop.ts';
import { pageFolder } from '../web/page-folder.ts';
import { servePage } from '../web/page-server.ts';
import { pageSurroundings } from '../web/page-settings.ts';
import type { LocalChain } from './local-chain.ts';
import type { DemoResult } from './result.ts';

const HOST = '127.0.0.1';
/** So many seconds lie between two blocks while nobody sends anything. */
const BLOCK_SECONDS = 3;
/** So many accounts are named for a visitor to try. */
const SHOWN_MINERS = 2;

/**
 * Serves the page over a demo's chain, which goes on by a block every few seconds, until the process is asked to end.
 *
 * @throws {MissingError} `PAGE_MISSING`
 * @throws {RefusedError} `PAGE_UNAVAILABLE`
 */
export async function serveDemo(
  { preset, miners, files }: DemoResult,
  chain: LocalChain,
  { port, progress }: { readonly port: number; readonly progress: Progress },
): Promise<void> {
  const { config, folders } = pageSurroundings({
    title: preset.slice(0, 60),
    rpc: [chain.url],
    places: [folderPlace(files.reports)],
    confirmations: 0,
    pollSeconds: 1,
  });
  const texts = new Map([
    ['config.json', config],
    ['addresses.json', await readFile(files.addresses, 'utf8')],
  ]);
  const server = await servePage({ page: pageFolder(), texts, folders }, { host: HOST, port });
  const mining = setInterval(() => {
    // Once it fails nobody is there any more whom it would matter to.
    chain.connection.provider.request({ method: 'evm_mine', params: [] }).catch(() => clearInterval(mining));
  }, BLOCK_SECONDS * 1000);
  try {
    progress.say(`\nThe page: ${server.url}`);
    const claimants = miners.filter(({ unlocked, claimed }) => unlocked > claimed).slice(0, SHOWN_MINERS);
    for (const { account } of claimants) progress.say(`  has something to claim: ${server.url}#/miner/${account}`);
    progress.say(`  its chain: ${chain.url}, chain id 31337, for a wallet with one of Hardhat's test accounts`);
    progress.say('Ctrl-C ends it, and the chain with it.');
    await untilStopped();
  } finally {
    clearInterval(mining);
    await server.close();
  }
}
