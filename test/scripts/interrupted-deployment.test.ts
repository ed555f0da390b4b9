import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect } from 'chai';

import { isDeep } from '../support/effort.ts';
import { startNode, startScript } from '../support/local-node.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const PARAMETERS = join(ROOT, 'deploy/parameters/localhost.json');
/** LingoPod has all that LingoAI has, and a unit pool with two more links. */
const PRESETS = isDeep ? ['lingopod', 'lingoai'] : ['lingopod'];

describe('a deployment that is killed', function () {
  this.timeout(300_000);

  for (const preset of PRESETS) {
    it(`goes on where it stopped, and passes its own assertions: ${preset}`, async () => await interrupt(preset));
  }
});

async function interrupt(preset: string): Promise<void> {
  const node = await startNode();
  const folder = await mkdtemp(join(tmpdir(), 'lode-interrupted-'));
  const deploymentId = `interrupted-${process.pid}`;
  const environment = {
    LODE_PARAMETERS: await parametersOf(preset, folder),
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
    const whole = await deployInOneGo(folder, environment.LODE_PARAMETERS);
    expect(blocks, 'no transaction was sent twice').to.equal(whole.blocks);
    expect(JSON.parse(await readFile(environment.LODE_ADDRESS_BOOK, 'utf8'))).to.deep.equal(whole.addressBook);
    expect(stops.every((stop) => stop < blocks)).to.equal(true);
  } finally {
    await node.stop();
    await rm(folder, { recursive: true });
    await rm(join(ROOT, 'deploy', 'deployments', deploymentId), { recursive: true, force: true });
  }
}

/** The parameters of the local chain, for another preset. */
async function parametersOf(preset: string, folder: string): Promise<string> {
  const parameters = JSON.parse(await readFile(PARAMETERS, 'utf8')) as object;
  const path = join(folder, 'parameters.json');
  await writeFile(path, JSON.stringify({ ...parameters, preset: `presets/${preset}/preset.jsonc` }));
  return path;
}

async function deployInOneGo(folder: string, parameters: string) {
  const node = await startNode();
  const deploymentId = `whole-${process.pid}`;
  const path = join(folder, 'whole.json');
  try {
    const environment = { LODE_PARAMETERS: parameters, LODE_DEPLOYMENT: deploymentId, LODE_ADDRESS_BOOK: path };
    await startScript('scripts/deploy.ts', node, environment).outcome;
    const addressBook: unknown = JSON.parse(await readFile(path, 'utf8'));
    return { addressBook, blocks: Number(await node.request('eth_blockNumber')) };
  } finally {
    await node.stop();
    await rm(join(ROOT, 'deploy', 'deployments', deploymentId), { recursive: true, force: true });
  }
}
