import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Replay, ReplayOptions } from '../../src/store/replay.ts';
import { replay } from '../../src/store/replay.ts';
import { random } from './effort.ts';
import { testAddress } from './history.ts';

export const PRESET = new URL('../../presets/lingoai/preset.jsonc', import.meta.url).pathname;
const WEEK = 604_800;
export const START = 1_700_000_000;

/** A ledger of some 25 accounts over 8 weeks, with rows that do not count for every reason. */
export function smallLedger(): string {
  const numbers = random('replay ledger');
  const tasks = ['corpus', 'curation', 'translation', 'proofreading', 'validation'];
  const rows = Array.from({ length: 160 }, (_, i) => {
    const time = new Date((START + numbers.index(8 * WEEK)) * 1000).toISOString().replace('.000Z', 'Z');
    return `c${i},${testAddress(numbers.index(25))},${time},${tasks[numbers.index(5)]!},${1 + numbers.index(50)}`;
  });
  const odd = [
    'x1,0x12,2023-11-16T00:00:00Z,corpus,5',
    `x2,${testAddress(1)},2023-11-16T00:00:00Z,nonsense,5`,
    rows[0]!,
  ];
  return ['id,account,time,task,units', ...rows, ...odd].join('\n');
}

export async function runSmallReplay(
  folder: string,
  name = 'out',
  text = smallLedger(),
  more: Pick<ReplayOptions, 'changes' | 'anyRejects' | 'explanations'> = {},
): Promise<Replay> {
  await writeFile(join(folder, 'ledger.csv'), text);
  await writeFile(join(folder, 'usage.csv'), smallUsage());
  return replay({
    preset: PRESET,
    contributions: [join(folder, 'ledger.csv')],
    usage: [join(folder, 'usage.csv')],
    variant: 'demo',
    from: START,
    epochs: 9,
    foundation: testAddress(1000),
    ...more,
    out: join(folder, name),
  });
}

/** Uses of some of the ledger's contributions, a week or more after they were made. */
function smallUsage(): string {
  const rows = smallLedger()
    .split('\n')
    .slice(1, 100)
    .map((row) => row.split(','))
    .map(([id, account]) => `${id!},${account!},2023-12-30T00:00:00Z`);
  return ['contribution,account,time', ...rows].join('\n');
}
