import { readFile, stat } from 'node:fs/promises';

import { expect } from 'chai';

import { journalPath, sentPath } from '../../../src/operator/data-folder.ts';
import { lode } from '../../cli/run-lode.ts';
import type { CollectedMemory } from '../../support/collected-memory.ts';
import { collectedMemory, INSPECTED, residentMemory } from '../../support/collected-memory.ts';
import { isDeep, runs } from '../../support/effort.ts';
import { drive, startKeeperIn, writeDay, writeDays } from '../../support/operator-world.ts';
import { expectStopped, expectUndisturbed } from './expect-undisturbed.ts';
import { faultWorld } from './fault-world.ts';

const EPOCHS = runs(4, 365);
/** How many days lie between two collections of garbage. */
const COLLECTED = runs(1, 10);
/** Lines of an epoch's journal: two for each step, and a few for what was tried again. */
const MOST_LINES = 32;

describe('a keeper that runs for a year', function () {
  this.timeout(isDeep ? 0 : 120_000);
  // The emission ends two days before: the last epoch with a budget, and those without one.
  const { world, table } = faultWorld('year', { lasts: EPOCHS - 2 });

  it('makes every day final, in memory and journals that do not grow, and anybody can verify all of it afterwards', async () => {
    // One node, asked twenty times a second: what a year costs is the epochs, not the waiting.
    const { url } = world.remote.node;
    const waits = { pollSeconds: 0.05, metrics: null, maxFeePerGas: null, withdrawBonds: true };
    const data = await world.dataFolder('year', { rpc: [url], keeper: waits });
    await writeDays(world, data, 2);
    const keeper = startKeeperIn(INSPECTED, data);
    const began = Date.now();
    const samples: Sample[] = [];
    const collected: CollectedMemory[] = [];
    let day = 1;
    const each = async ({ final }: { readonly final: number }): Promise<void> => {
      if (final < day) return;
      day = final + 1;
      // A day's file comes when the day has begun.
      await writeDay(world, data.drop, day);
      const pid = keeper.child.pid ?? 0;
      samples.push({ memory: await residentMemory(pid), cpu: await cpuOf(pid) });
      if (final % COLLECTED === 0) collected.push(await collectedMemory(pid, keeper.said.stderr));
    };
    await drive(world, { until: EPOCHS, tick: 60, each, alive: keeper.alive, within: runs(100_000, 14_000_000) });
    const seconds = (Date.now() - began) / 1000;
    await expectStopped(keeper);
    await expectUndisturbed(world, data);

    let most = 0;
    for (let epoch = 0; epoch < EPOCHS; epoch++) {
      const lines = (await readFile(journalPath(data.path, epoch), 'utf8')).split('\n').length - 1;
      most = Math.max(most, lines);
    }
    expect(most, 'lines of a journal').to.be.lessThan(MOST_LINES);
    const sent = (await stat(sentPath(data.path))).size;
    expect(sent, 'bytes of sent.json').to.be.lessThan(2 ** 20);

    const verified = await lode([
      ...['verify', '--from-chain', '--addresses', world.remote.book, '--json', '--confirmations', '0'],
      ...['--rpc', url, '--single-endpoint', '--reports', data.published],
    ]);
    expect(verified.code, verified.stdout + verified.stderr).to.equal(0);
    const result = JSON.parse(verified.stdout) as { readonly equal: boolean; readonly final: number };
    expect(result).to.include({ equal: true, final: EPOCHS });
    expectFlat(collected);
    const mb = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MB`;
    const cpu = (some: readonly Sample[]): string => (spanOf(some) / 1000).toFixed(2);
    const [early, late] = [collected[0], collected.at(-1)];
    table.say(
      `${EPOCHS} daily epochs in one go, ${(seconds / EPOCHS).toFixed(1)} s each; when its garbage was collected the keeper kept ` +
        `${mb(early?.heap ?? 0)} in its heap after ${COLLECTED} day${COLLECTED === 1 ? '' : 's'} and ${mb(late?.heap ?? 0)} after the last ` +
        `(${mb(early?.resident ?? 0)} and ${mb(late?.resident ?? 0)} of resident memory), and between collections had ${mb(Math.max(...samples.map(({ memory }) => memory)))} at most; ` +
        `${cpu(samples.slice(0, Math.ceil(EPOCHS / 3) + 1))} s of CPU for an epoch in the first third and ${cpu(samples.slice(-Math.ceil(EPOCHS / 3) - 1))} s in the last; ` +
        `at most ${most} lines in an epoch's journal; ${Math.ceil(sent / 1024)} KB in \`sent.json\`. ` +
        `\`lode verify --from-chain\` in a process of its own recomputed all ${result.final} from what was published, and every byte was equal.`,
    );
  });
});

/** What a process has and has used when an epoch is final. */
interface Sample {
  /** Resident memory in bytes, garbage included. */
  readonly memory: number;
  /** Milliseconds of CPU since it began. */
  readonly cpu: number;
}

async function cpuOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  // Behind the name, which may have anything in it, the 12th and 13th are the ticks of ten milliseconds in and below the program.
  const [user = 0, system = 0] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
    .map(Number);
  return 10 * (user + system);
}

/** Milliseconds of CPU from one of these samples to the next, in the mean. */
function spanOf(samples: readonly Sample[]): number {
  const [first, last] = [samples[0], samples.at(-1)];
  return first === undefined || last === undefined ? 0 : (last.cpu - first.cpu) / Math.max(1, samples.length - 1);
}

/**
 * Memory does not grow with the days: what is left of the heap when its garbage is collected is in no day of the last third a tenth more
 * than the most of the first, and nor is what the whole process has then. In a few days, of which the first ones load what is used for
 * the first time, only what each would keep of a few megabytes can be seen.
 */
function expectFlat(collected: readonly CollectedMemory[]): void {
  const third = Math.ceil(collected.length / 3);
  for (const what of ['heap', 'resident'] as const) {
    const memory = collected.map((one) => one[what]);
    const shown = `${what}, in MB, garbage collected: ${memory.map((bytes) => (bytes / 2 ** 20).toFixed(1)).join(' ')}`;
    console.log(`    ${shown}`);
    const early = Math.max(...memory.slice(0, third));
    const late = Math.max(...memory.slice(-third));
    expect(late, shown).to.be.lessThan(isDeep ? 1.1 * early : 1.25 * early);
  }
}
