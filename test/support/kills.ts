import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import type { StepName } from '../../src/operator/steps/step.ts';
import type { Random } from './effort.ts';
import type { DataFolder, OperatorWorld, RunningKeeper } from './operator-world.ts';
import { startKeeper } from './operator-world.ts';

/** When a keeper is killed. */
export type Moment =
  | { readonly kind: 'line'; readonly step: StepName; readonly state: 'begun' | 'done'; readonly after: number }
  | { readonly kind: 'any line'; readonly after: number }
  | { readonly kind: 'before sending' | 'after sending' }
  | { readonly kind: 'time'; readonly after: number };

/** What a keeper was doing when it was killed. */
export interface Killed {
  readonly moment: Moment;
  /** The newest line of the journals, such as `settle done`; `nothing` where there was none. */
  readonly line: string;
}

/** A moment by chance: at a line of the journal, at a transaction, or at any time. */
export function chanceMoment(numbers: Random): Moment {
  const kind = numbers.index(8);
  if (kind < 4) return { kind: 'any line', after: numbers.index(2) === 0 ? 0 : numbers.index(60) };
  if (kind === 4) return { kind: 'before sending' };
  if (kind === 5) return { kind: 'after sending' };
  return { kind: 'time', after: 300 + numbers.index(2_500) };
}

/**
 * Lets keepers work on a data folder and kills each at its moment, one after another, without a chance to tidy up; notes in `killed` what
 * each was doing. Gives a last one, which still runs.
 */
export async function killAt(
  world: OperatorWorld,
  data: DataFolder,
  moments: Iterable<Moment>,
  { goesOn, killed }: { readonly goesOn: () => boolean; readonly killed: Killed[] },
): Promise<RunningKeeper> {
  for (const moment of moments) {
    if (!goesOn()) break;
    const keeper = startKeeper(data);
    const isReached = await momentOf(world, data, moment, keeper, goesOn);
    if (!isReached && !keeper.alive()) {
      throw new Error(`a keeper ended by itself: ${keeper.said.stdout}\n${keeper.said.stderr}`);
    }
    await keeper.stop('SIGKILL');
    if (isReached) killed.push({ moment, line: newestLine(data) });
  }
  return startKeeper(data);
}

/** Waits for the moment; false when it does not come any more. */
async function momentOf(
  { proxies }: OperatorWorld,
  data: DataFolder,
  moment: Moment,
  keeper: RunningKeeper,
  goesOn: () => boolean,
): Promise<boolean> {
  let isReached = false;
  if (moment.kind === 'time') setTimeout(() => (isReached = true), moment.after);
  const kill = (): never => {
    isReached = true;
    keeper.child.kill('SIGKILL');
    throw new Error('nobody is there any more');
  };
  for (const proxy of proxies) {
    proxy.meet = async ({ method }) => {
      await Promise.resolve();
      if (moment.kind === 'before sending' && method === 'eth_sendRawTransaction') kill();
    };
    proxy.answer = (calls) => {
      const isSent = calls.some(({ method }) => method === 'eth_sendRawTransaction');
      return moment.kind === 'after sending' && isSent ? kill() : null;
    };
  }
  const before = new Set(linesOf(data));
  while (!isReached && keeper.alive() && goesOn()) {
    if (moment.kind === 'line' || moment.kind === 'any line') {
      const fresh = linesOf(data).filter((line) => !before.has(line));
      const wanted = moment.kind === 'line' ? `${moment.step} ${moment.state}` : null;
      if (fresh.some((line) => wanted === null || line.endsWith(wanted))) {
        if (moment.after > 0) await sleep(moment.after);
        isReached = true;
      }
    }
    await sleep(2);
  }
  for (const proxy of proxies) {
    proxy.meet = () => Promise.resolve();
    proxy.answer = () => null;
  }
  return isReached;
}

/** All whole lines of the newest journals, in the order of the epochs: `12 settle done`. */
function linesOf({ path }: DataFolder): string[] {
  const epochs = join(path, 'epochs');
  let names: string[];
  try {
    names = readdirSync(epochs).filter((name) => /^\d{6,10}$/.test(name));
  } catch {
    return [];
  }
  return names.sort().flatMap((name) => {
    let text: string;
    try {
      text = readFileSync(join(epochs, name, 'journal.ndjson'), 'utf8');
    } catch {
      return [];
    }
    return text
      .split('\n')
      .slice(0, -1)
      .map((line) => {
        const { step, state, at } = JSON.parse(line) as { step: string; state: string; at: string };
        return `${at} ${Number(name)} ${step} ${state}`;
      });
  });
}

/** What was written last, such as `settle done`. */
function newestLine(data: DataFolder): string {
  const newest = linesOf(data).sort().at(-1);
  return newest === undefined ? 'nothing' : newest.split(' ').slice(2).join(' ');
}
