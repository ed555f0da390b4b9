import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect } from 'chai';

import { startNode, startScript } from '../support/local-node.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const PARAMETERS = join(ROOT, 'deploy/parameters/localhost.json');

describe('a deployment that is killed', function () {
  this.timeout(300_000);

  it('goes on where it stopped, and passes its own assertions', async () => {
    const node = await startNode();
    const folder = await mkdtemp(join(tmpdir(), 'lode-interrupted-'));
    const deploymentId = `interrupted-${process.pid}`;
    const environment = {
      LODE_PARAMETERS: PARAMETERS,
      LODE_DEPLOYMENT: deploymentId,
      LODE_ADDRESS_BOOK: join(folder, 'addresses.json'),
    };
    try {
      // Killed in the middle of the contracts, and again in the middle of the roles.
      const stops: number[] = [];
      for (const block of [4, 16]) {
        const script = startScript('scripts/deploy.ts', node, environment);
        // A script that ends by itself must not be waited for: its words say why.
        const ended = script.outcome.then(({ stderr }) => Promise.reject(new Error(`ended early: ${stderr}`)));
        await Promise.race([node.blockReached(block), ended]);
        script.kill();
        expect((await script.outcome).code).to.equal(null);
        stops.push(Number(await node.request('eth_blockNumber')));
      }
      const { code, stderr } = await startScript('scripts/deploy.ts', node, environment).outcome;
      expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });

      const blocks = Number(await node.request('eth_blockNumber'));
      const whole = await deployInOneGo(folder);
      expect(blocks, 'no transaction was sent twice').to.equal(whole.blocks);
      expect(JSON.parse(await readFile(environment.LODE_ADDRESS_BOOK, 'utf8'))).to.deep.equal(whole.addressBook);
      expect(stops.every((stop) => stop < blocks)).to.equal(true);
    } finally {
      await node.stop();
      await rm(folder, { recursive: true });
      await rm(join(ROOT, 'deploy', 'deployments', deploymentId), { recursive: true, force: true });
    }
  });
});

async function deployInOneGo(folder: string) {
  const node = await startNode();
  const deploymentId = `whole-${process.pid}`;
  const path = join(folder, 'whole.json');
  try {
    const environment = { LODE_PARAMETERS: PARAMETERS, LODE_DEPLOYMENT: deploymentId, LODE_ADDRESS_BOOK: path };
    await startScript('scripts/deploy.ts', node, environment).outcome;
    const addressBook: unknown = JSON.parse(await readFile(path, 'utf8'));
    return { addressBook, blocks: Number(await node.request('eth_blockNumber')) };
  } finally {
    await node.stop();
    await rm(join(ROOT, 'deploy', 'deployments', deploymentId), { recursive: true, force: true });
  }
}
