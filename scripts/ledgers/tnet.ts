import { csv, moment, rowId, type LedgerFile } from './csv.ts';
import { accountOf, random, type Random } from './random.ts';

export const TNET_SEED = 20_180_901;
/** Day 0 of the example ledger: the mining began in September 2018. */
export const TNET_START = Date.UTC(2018, 8, 1) / 1000;
export const TNET_DAYS = 48;
/** On this day nobody mines: the foundation, which lives on what miners earn, gets nothing either. */
export const TNET_IDLE_DAY = 12;
/** From this day on miners produce blocks too; whether that earns anything is for governance to say. */
export const TNET_BLOCKS_FROM = 14;

const MINERS = 90;
const DAY = 86_400;

/** What a miner does all day: the measure, how much of it, and how often somebody chooses it. */
const TASKS = [
  { task: 'training', measure: 'gpu-hours', from: 1, to: 24, often: 4 },
  { task: 'inference', measure: 'requests', from: 200, to: 4000, often: 5 },
  { task: 'datasets', measure: 'megabytes', from: 50, to: 900, often: 2 },
] as const;
type Task = (typeof TASKS)[number];

/** The ledger of a mining network: computing and data sets, rated by those who check them. */
export function tnetLedger(): readonly LedgerFile[] {
  const dice = random(TNET_SEED);
  const miners = Array.from({ length: MINERS }, () => ({
    joins: Math.max(0, dice.below(40) - 8),
    perMille: dice.pick([[950, 4], [600, 3], [200, 2]] as const), // prettier-ignore
    task: dice.pick(TASKS.map((task) => [task, task.often] as const)),
    size: dice.pick([[1, 6], [2, 3], [4, 1]] as const), // prettier-ignore
  }));
  const rows: { readonly time: number; readonly cells: readonly (string | number)[] }[] = [];
  const add = (
    miner: number,
    time: number,
    task: Pick<Task, 'task' | 'measure'> | typeof BLOCKS,
    units: number,
  ): void => {
    const cells = [task.task, task.measure, units, ...ratingOf(task.task, dice)];
    rows.push({ time, cells: [accountOf('tnet', miner), moment(TNET_START, 0, time), ...cells] });
  };
  for (let day = 0; day < TNET_DAYS; day++) {
    for (const [miner, { joins, perMille, task, size }] of miners.entries()) {
      if (day === TNET_IDLE_DAY || day < joins || !dice.chance(perMille)) continue;
      const time = day * DAY + dice.below(DAY);
      add(miner, time, task, task.measure === 'gpu-hours' ? dice.between(task.from, task.to) : size * dice.between(task.from, task.to)); // prettier-ignore
      if (day >= TNET_BLOCKS_FROM && miner % 6 === 0) add(miner, time, BLOCKS, dice.between(1, 12));
    }
  }
  rows.sort((a, b) => a.time - b.time);
  const accounts = miners.flatMap(({ joins }, miner) => {
    const since = moment(TNET_START, joins - 1, 36_000);
    return miner % 13 === 12 ? [] : [[accountOf('tnet', miner), 'registered', since]];
  });
  const columns = ['id', 'account', 'time', 'task', 'measure', 'units', 'quality', 'verified'];
  return [
    {
      path: 'tnet/contributions.csv',
      text: csv(columns, rows.map(({ cells }, index) => [rowId('t', index + 1), ...cells])), // prettier-ignore
    },
    { path: 'tnet/accounts.csv', text: csv(['account', 'badge', 'since'], accounts) },
  ];
}

const BLOCKS = { task: 'block-generation', measure: 'blocks' } as const;

/** How good the work was, and how many others got the same result. Blocks are right or not there at all. */
function ratingOf(task: string, dice: Random): readonly [string, string] {
  if (task === BLOCKS.task) return ['', ''];
  const quality = dice.pick([['', 3], ['0.5', 1], ['0.8', 3], ['1', 6], ['1.2', 2], ['0', 1]] as const); // prettier-ignore
  return [quality, dice.pick([['yes', 8], ['no', 1], ['', 1]] as const)]; // prettier-ignore
}
