import { readFile, stat } from 'node:fs/promises';

import { expect } from 'chai';

import { journalPath, sentPath } from '../../../src/operator/data-folder.ts';
import { lode } from '../../cli/run-lode.ts';
import { runs } from '../../support/effort.ts';
import { drive, startKeeper, writeDay, writeDays } from '../../support/operator-world.ts';
import { expectStopped, expectUndisturbed } from './expect-undisturbed.ts';
import { faultWorld } from './fault-world.ts';

const EPOCHS = runs(10, 365);
/** Lines of an epoch's journal: two for each step, and a few for what was tried again. */
const MOST_LINES = 32;

describe('a keeper that runs for a year', function () {
  this.timeout(7_200_000);
  // The emission ends two days before: the last epoch with a budget, and those without one.
  const { world, table } = faultWorld('year', { lasts: EPOCHS - 2 });

  it('makes every day final, in memory and journals that do not grow, and anybody can verify all of it afterwards', async () => {
    // One node, asked four times a second: what a year costs is the epochs, not the waiting.
    const { url } = world.remote.node;
    const waits = { pollSeconds: 0.25, metrics: null, maxFeePerGas: null, withdrawBonds: true };
    const data = await world.dataFolder('year', { rpc: [url], keeper: waits });
    await writeDays(world, data, 2);
    const keeper = startKeeper(data);
    const began = Date.now();
    const samples: number[] = [];
    let day = 1;
    const each = async ({ final }: { readonly final: number }): Promise<void> => {
      if (final < day) return;
      day = final + 1;
      // A day's file comes when the day has begun.
      await writeDay(world, data.drop, day);
      samples.push(await memoryOf(keeper.child.pid ?? 0));
    };
    await drive(world, { until: EPOCHS, tick: 120, each, alive: keeper.alive, within: runs(300_000, 7_000_000) });
    const seconds = (Date.now() - began) / 1000;
    await expectStopped(keeper);
    await expectUndisturbed(world, data);

    const third = Math.max(1, Math.floor(samples.length / 3));
    const [early, late] = [median(samples.slice(0, third)), median(samples.slice(-third))];
    expect(late, `memory in MB: ${samples.map((bytes) => Math.round(bytes / 2 ** 20)).join(' ')}`).to.be.lessThan(
      1.4 * early + 64 * 2 ** 20,
    );
    let most = 0;
    for (let epoch = 0; epoch < EPOCHS; epoch++) {
      const lines = (await readFile(journalPath(data.path, epoch), 'utf8')).split('\n').length - 1;
      most = Math.max(most, lines);
    }
    expect(most, 'lines of a journal').to.be.lessThan(MOST_LINES);
    const sent = (await stat(sentPath(data.path))).size;

    const verified = await lode([
      ...['verify', '--from-chain', '--addresses', world.remote.book, '--json', '--confirmations', '0'],
      ...['--rpc', url, '--single-endpoint', '--reports', data.published],
    ]);
    expect(verified.code, verified.stdout + verified.stderr).to.equal(0);
    const result = JSON.parse(verified.stdout) as { readonly equal: boolean; readonly final: number };
    expect(result).to.include({ equal: true, final: EPOCHS });
    const mb = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MB`;
    table.say(
      `${EPOCHS} daily epochs in one go, ${(seconds / EPOCHS).toFixed(1)} s each; resident memory ${mb(early)} in the first third and ${mb(late)} in the last; ` +
        `at most ${most} lines in an epoch's journal; ${Math.ceil(sent / 1024)} KB in \`sent.json\`. ` +
        `\`lode verify --from-chain\` in a process of its own recomputed all ${result.final} from what was published, and every byte was equal.`,
    );
  });
});

/** Resident memory of a process, in bytes. */
async function memoryOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return 1024 * Number(/VmRSS:\s*(\d+)/.exec(status)?.[1] ?? 0);
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}
