import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { expect } from 'chai';

import { reportPath } from '../../../src/operator/data-folder.ts';
import { contentIdFrom } from '../../../src/settlement/report/content-id.ts';
import { hexToBytes } from '../../../src/protocol/words.ts';
import { readFinalEpochs } from '../../../src/chain/final-epochs.ts';
import { lode } from '../../cli/run-lode.ts';
import type { KuboServer } from '../../support/kubo-server.ts';
import { startKuboServer } from '../../support/kubo-server.ts';
import type { OperatorWorld } from '../../support/operator-world.ts';
import {
  chainOutcome,
  drive,
  mine,
  rootsOf,
  standOf,
  startKeeper,
  startOperatorWorld,
  writeDays,
} from '../../support/operator-world.ts';
import type { PutServer } from '../../support/put-server.ts';
import { startPutServer } from '../../support/put-server.ts';

const EPOCHS = 3;

describe('a keeper that publishes to a folder, a web server and an IPFS node', function () {
  this.timeout(600_000);
  let world: OperatorWorld;
  let server: PutServer;
  let node: KuboServer;
  before(async () => {
    [world, server, node] = [await startOperatorWorld(), await startPutServer(), await startKuboServer()];
  });
  after(async () => {
    await Promise.all([server.close(), node.close()]);
    await world.close();
  });

  it('proposes nothing before all three hold it, and anybody recomputes every epoch from the web server alone', async () => {
    const targets = [
      { kind: 'directory', path: 'published' },
      { kind: 'http', url: server.url },
      { kind: 'ipfs', api: node.url },
    ] as const;
    const { url } = world.remote.node;
    const data = await world.dataFolder('mirrors', {
      ...{ rpc: [url], publish: { targets: [...targets], keepEpochs: 1 } },
      explanations: true,
    });
    await writeDays(world, data, EPOCHS);
    // The web server takes nothing at first.
    let isBusy = true;
    server.trouble = ({ method }, response) => {
      if (!isBusy || method !== 'PUT') return false;
      response.writeHead(503, { 'retry-after': '0' }).end();
      return true;
    };
    const keeper = startKeeper(data);
    const isRefused = (): boolean => keeper.said.stdout.includes('TARGET_UNAVAILABLE');
    await drive(world, { until: () => isRefused(), alive: keeper.alive, within: 200_000 });
    await mine(world, 20);
    await sleep(500);
    expect((await standOf(world)).proposal, 'nothing is proposed').to.equal(0n);
    isBusy = false;
    await drive(world, { until: EPOCHS, alive: keeper.alive, within: 300_000 });
    await mine(world, 20);
    const isRetired = (epoch: number): boolean => keeper.said.stdout.includes(`"epoch":${epoch},"state":"removed"`);
    for (let wait = 0; wait < 400 && !isRetired(1); wait++) {
      await mine(world, 1);
      await sleep(100);
    }
    await keeper.stop();

    const { roots, proposed } = await chainOutcome(world);
    expect(roots).to.deep.equal(await rootsOf(world, EPOCHS));
    expect(proposed).to.deep.equal([1, 1, 1]);
    const { chain } = world.remote.world;
    const epochs = await readFinalEpochs(chain, await chain.provider.getBlockNumber());
    for (const { settlement } of epochs) {
      expect(node.pins.has(contentIdFrom(hexToBytes(settlement.reportCid)).cid), 'pinned under the id on chain').to.be
        .true;
    }
    const kept = await Promise.all(
      [0, 1, 2].map(async (epoch) => await stat(reportPath(data.path, epoch)).catch(() => null)),
    );
    expect(
      kept.map((status) => status !== null),
      'only the newest report stays here',
    ).to.deep.equal([false, false, true]);
    const verified = await lode([
      ...['verify', '--from-chain', '--addresses', world.remote.book, '--json', '--confirmations', '0'],
      ...['--rpc', url, '--single-endpoint', '--reports', server.url],
    ]);
    expect(verified.code, verified.stdout + verified.stderr).to.equal(0);
    expect(JSON.parse(verified.stdout)).to.include({ equal: true, final: EPOCHS });
    const told = await readFile(join(reportPath(data.path, 2), 'explanations/0.json'), 'utf8');
    expect(told).to.match(/"rows":\[\{"after":"\d+","contribution":/);
  });
});
