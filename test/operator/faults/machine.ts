import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { expect } from 'chai';

import { LODE, lode } from '../../cli/run-lode.ts';
import { runs } from '../../support/effort.ts';
import type { FaultTable } from '../../support/fault-table.ts';
import type { DataFolder, OperatorWorld } from '../../support/operator-world.ts';
import { drive, mine, standOf, startKeeper, writeDays } from '../../support/operator-world.ts';
import { expectStopped, expectUndisturbed } from './expect-undisturbed.ts';

/** In a user's own namespace anybody may mount; where that is forbidden these faults cannot be made. */
const MAY_MOUNT = spawnSync('unshare', ['-Urm', 'true']).status === 0;

/** The machine of an operator: its disk, and who else runs on it. */
export function describeMachine(given: { readonly world: () => OperatorWorld; readonly table: FaultTable }): void {
  it('lets one keeper work in a data folder', async () => {
    const { table } = given;
    const world = given.world();
    await world.anew();
    const data = await world.dataFolder('shared');
    await writeDays(world, data, 1);
    const first = startKeeper(data);
    await isThere(join(data.path, 'lock'));
    const second = await lode(['keeper', '--once', '--json', '--yes', '--data', data.path]);
    expect({ code: second.code, said: second.stdout + second.stderr }).to.have.property('code', 5);
    expect(second.stdout + second.stderr).to.contain('DATA_FOLDER_BUSY');
    await drive(world, { until: 1, alive: first.alive });
    await first.stop();
    await expectUndisturbed(world, data);
    table.note('a second keeper in the same folder', '`DATA_FOLDER_BUSY`, exit 5; the first goes on');
  });

  it('proposes once where two keepers of one operator work in folders of their own', async () => {
    const { table } = given;
    const world = given.world();
    await world.anew();
    const folders = [await world.dataFolder('left'), await world.dataFolder('right')];
    const epochs = runs(2, 6);
    for (const data of folders) await writeDays(world, data, epochs);
    const keepers = folders.map((data) => startKeeper(data));
    await drive(world, { until: epochs, alive: () => keepers.every(({ alive }) => alive()) });
    for (const keeper of keepers) await expectStopped(keeper);
    for (const data of folders) await expectUndisturbed(world, data);
    table.note('two keepers with one key, each in its own folder', 'each epoch proposed once, by either', epochs);
  });

  it('sends nothing when its disk is full or read-only, and goes on when there is room', async () => {
    const { table } = given;
    if (!MAY_MOUNT) {
      table.note('a disk that is full, a disk that is read-only', 'not made: this machine lets nobody mount', 0);
      return;
    }
    const world = given.world();
    for (const kilobytes of [24, 48, 32, 40].slice(0, runs(2, 4))) {
      await world.anew();
      const data = await world.dataFolder(`full-${kilobytes}`);
      await writeDays(world, data, 1);
      const outcome = await onSmallDisk(world, data, kilobytes);
      expect(outcome.failed, outcome.said).to.not.equal(0);
      expect(outcome.said).to.contain('ENOSPC');
      expect(outcome.proposed, 'nothing was proposed').to.equal(0);
      await expectUndisturbed(world, { ...data, path: `${data.path}-saved` });
      table.note('a full disk', `exit ${outcome.failed}, nothing proposed; went on when there was room`);
    }
    await world.anew();
    const data = await world.dataFolder('read-only');
    await writeDays(world, data, 1);
    await world.remote.node.travelTo(world.start + 2 * 86_400);
    await mine(world, 6);
    const script = 'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && shift && exec "$@"';
    const asked = world.proxies.map((proxy) => proxy.asked.length);
    const command = [process.execPath, LODE, 'keeper', '--once', '--yes', '--json', '--data', data.path];
    const { code, said } = await namespaced(script, [data.path, ...command]);
    expect(code, said).to.not.equal(0);
    expect(said).to.contain('EROFS');
    for (const [at, proxy] of world.proxies.entries()) {
      expect(proxy.asked.slice(asked[at])).to.not.include('eth_sendRawTransaction');
    }
    table.note('a read-only disk', `exit ${code}, nothing sent`);
    expect(await standOf(world)).to.deep.equal({ closed: 0, final: 0, proposal: 0n });
  });
}

/** Works on a disk of so many kilobytes until it fails, then gives it room, and goes on until an epoch is final. */
async function onSmallDisk(world: OperatorWorld, data: DataFolder, kilobytes: number) {
  const lodeHere = `"${process.execPath}" "${LODE}"`;
  const script = [
    'mkdir -p "$1-disk" && mount -t tmpfs -o size="$2k" tmpfs "$1-disk" && cp "$1/lode.config.json" "$1-disk/"',
    // Nodes may be a block apart for a moment, which ends it too: only a full disk is what is waited for.
    `for i in 1 2 3 4 5 6 7 8 9 10; do said=$(${lodeHere} keeper --once --yes --json --data "$1-disk" 2>&1); code=$?`,
    'echo "$said"; case "$said" in *ENOSPC*) break;; esac; done',
    'echo "failed $code" && touch "$1-failed" && while test ! -e "$1-room"; do sleep 0.05; done',
    'mount -o remount,size=64m "$1-disk"',
    `${lodeHere} keeper --yes --data "$1-disk" & keeper=$!`,
    'while test ! -e "$1-over"; do sleep 0.05; done; kill $keeper; wait $keeper; cp -r "$1-disk" "$1-saved"',
  ].join('\n');
  const running = namespaced(script, [data.path, String(kilobytes)]);
  let isFailed = false;
  void isThere(`${data.path}-failed`).then(() => {
    isFailed = true;
  });
  await drive(world, { until: ({ final }) => isFailed || final > 0 });
  const { proposal, final } = await standOf(world);
  await mkdir(`${data.path}-room`);
  await drive(world, { until: 1 });
  // The keeper notices that the epoch is final, and the disk is saved.
  await mine(world, 8);
  await sleep(1_000);
  await mkdir(`${data.path}-over`);
  const { said } = await running;
  const failed = Number(/failed (\d+)/.exec(said)?.[1] ?? 0);
  return { failed, said, proposed: final + (proposal === 0n ? 0 : 1) };
}

async function isThere(path: string): Promise<void> {
  for (const deadline = Date.now() + 300_000; Date.now() < deadline;) {
    const found = await stat(path).catch(() => null);
    if (found !== null) return;
    await sleep(10);
  }
  throw new Error(`${path} does not appear`);
}

/** Runs a script in a namespace of its own, where it may mount; `$1` and so on are its arguments. */
async function namespaced(script: string, args: readonly string[]) {
  const child = spawn('unshare', ['-Urm', 'sh', '-c', script, 'sh', ...args], {
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (said += text));
  }
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, said };
}
