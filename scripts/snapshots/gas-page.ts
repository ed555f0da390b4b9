import { format, resolveConfig } from 'prettier';

import { svgChart } from '../../src/simulation/chart/svg-chart.ts';
import { PEERS } from '../shared/peer-claims.ts';
import { BATCH_KINDS, BATCHES, batchChart, LEAF_COUNTS, settlementChart } from './gas-charts.ts';

type Row = readonly (string | number)[];

/** Open cohorts of the curve that is claimed. */
const COHORTS = 7;

const KINDS = ['vesting', 'nothing vests'];
const SIZES = ['1,000 leaves', 'depth 20'];
const TIMES = ['first, new holder', 'first, existing holder', 'repeated'];

/** What is neither in the table of claims nor in that of settlements. */
const OTHERS = [
  'claim, first, past what the last settlement had unlocked',
  'claim, repeated, to a chosen recipient',
  'claimTo, first',
  'claimToBySig, first',
  'claimToBySig, repeated',
  'claimFoundation, first',
  'claimFoundation, repeated',
  'setRecipient',
  'setRecipientBySig',
  'delegate, first',
] as const;

/** The unit pool, where a preset has one. */
const UNIT_CLAIMS = ['claim of units, first, new holder', 'claim of units, repeated'];
const UNIT_POOL = ['allot to 100 new accounts, for each', ...UNIT_CLAIMS, 'close the unit pool, with units unsold'];

const SETTLEMENT = [
  'close, first epoch',
  'close, with a price',
  'close, without a price',
  'propose',
  'propose, with injection',
  'propose, nothing vests',
  'finalise',
  'finalise, with injection',
  'finalise, nothing vests',
];

/** How much there is in a disputed epoch, and what is done. */
const DISPUTES = ['four tasks, seven cohorts', 'sixteen tasks, 26 cohorts'];
const PROOFS = [
  'order',
  'sum',
  'totals',
  'leaf count',
  'transition from a leaf',
  'transition of a newcomer',
  'dropped',
  'malformed curve',
  'malformed audit',
  'as large as any that is sent',
].map((name) => `disprove, ${name}`);
const DEMANDS = ['demand', 'answer', 'disprove, unanswered', 'take a deposit back', 'withdraw what is credited'];

const SOME_COUNTS = ['1 leaf', '1,000 leaves', '1,048,576 leaves'];

/** The page and the pictures it shows, by path. */
export type GasPages = Readonly<Record<'docs/gas.md' | 'docs/charts/settlement-gas.svg' | 'docs/charts/claim-many.svg', string>>;

/**
 * The page `docs/gas.md` and its charts, from the figures of `snapshots/gas.json`.
 *
 * @throws {Error} when a figure that the page shows is missing, or one stands there that no test produces any more
 */
export async function gasPages(figures: Readonly<Record<string, string>>): Promise<GasPages> {
  const unused = new Set(Object.keys(figures));
  const figure = (name: string): number => {
    const value = figures[name];
    if (value === undefined) throw new Error(`no figure '${name}'`);
    unused.delete(name);
    return Number(value);
  };
  const claims = KINDS.flatMap((kind) =>
    SIZES.map((size) => ({
      title: `${kind}, ${size}`,
      plain: TIMES.map((time) => figure(`claim, ${kind}, ${size}, ${time}`)),
      delegated: TIMES.map((time) => figure(`claim, ${kind}, ${size}, ${time}, delegated`)),
      floors: TIMES.map((time) => figure(`claim, ${kind}, ${size}, ${time}, floor`)),
      bytes: figure(`claim, ${kind}, ${size}, bytes of calldata`),
      notZero: figure(`claim, ${kind}, ${size}, bytes of calldata that are not zero`),
    })),
  );
  const [first = 0, existing = 0, repeated = 0] = claims.find(({ title }) => title === 'vesting, depth 20')?.plain ?? [];
  const free = claims.find(({ title }) => title === 'nothing vests, depth 20')?.plain[2] ?? 0;
  const perCohort = Math.round((repeated - free) / COHORTS / 10) * 10;
  const past = figure(OTHERS[0]);
  const perTotalCohort = cell(Math.round((past - first) / COHORTS / 100) * 100);

  const largest = claims.find(({ title }) => title === 'vesting, depth 20');
  const beside = (name: string, gas: number, floor: number): Row => [name, gas, floor, (gas / floor).toFixed(3)];
  const floored = [
    ...claims.flatMap(({ title, plain, floors }) =>
      TIMES.map((time, at) => beside(`claim, ${title}, ${time}`, plain[at] ?? 0, floors[at] ?? 0)),
    ),
    ...[...OTHERS, ...UNIT_CLAIMS].map((name) => beside(name, figure(name), figure(`${name}, floor`))),
  ];

  const page = [
    '# Gas',
    '',
    '<!-- Generated from snapshots/gas.json by `npm run snapshots`; not to be edited. -->',
    '',
    'What each step costs in gas: whole transactions, with the base of 21,000 and calldata. Tests in `test/gas` measure them on the',
    'deployment that `deploy/` makes (disputes: on one with tasks and cohorts as many as there can be), with fixed keys, addresses and',
    'times, and compare them with `snapshots/gas.json`.',
    '',
    '## A claim',
    '',
    'The token has votes. With vesting, the curve has seven cohorts that are being released, and an amount that is free. At depth 20',
    'the tree has 2^20 leaves: a real part of 2^10 of them, and hashes made from a seed above it. A *new holder* had no token before;',
    'an *existing* one had some but never claimed. One claim pays all epochs so far.',
    '',
    ...table(
      ['not delegated', ...TIMES, 'bytes of calldata'],
      claims.map(({ title, plain, bytes }) => [title, ...plain, bytes]),
    ),
    '',
    'Who has delegated their votes pays for a checkpoint as well, in every system whose token has votes:',
    '',
    ...table(
      ['delegated to oneself', ...TIMES],
      claims.map(({ title, delegated }) => [title, ...delegated]),
    ),
    '',
    'Other ways to be paid, and what miners do besides, stand in the next table, with vesting at depth 20.',
    '',
    '## Beside the least it can cost',
    '',
    'The floor of a path is what its own work takes whatever the program: base, calldata, each slot read or written and each contract',
    'called for the first time, events, hashes and signatures; `test/support/gas-floor.ts` names every item. Left out is all that',
    'computes: the choice of the function, checks, loops, memory, and the arithmetic of vesting. Tests hold each of these to at most',
    '1.12 times its floor, and claims, with vesting at depth 20 too, to 115,000, 95,000 and 76,000.',
    '',
    ...table(['path', 'gas', 'floor', 'ratio'], floored),
    '',
    '## Many claims together',
    '',
    'Gas for each claim of one `claimMany`, with vesting at depth 20. Base, epoch, token and the sums of all are paid for once; calldata,',
    'the account and the balance are not. Each claim is a call of its own, so that one that fails spoils nothing: that is the',
    'distance to the floor.',
    '',
    ...table(
      ['claims', ...BATCH_KINDS.flatMap((kind) => [kind, 'floor'])],
      BATCHES.map((count) => [
        count,
        ...BATCH_KINDS.flatMap((kind) => [
          figure(`claimMany of ${count}, ${kind}, for each`),
          figure(`claimMany of ${count}, ${kind}, for each, floor`),
        ]),
      ]),
    ),
    '',
    '![Gas for each claim of a batch](charts/claim-many.svg)',
    '',
    '## Calldata of a claim, and rollups',
    '',
    'A rollup takes little for what runs and more for the bytes it publishes, so the bytes of a claim are what it pays for there. They',
    'are a word for each sibling (32 bytes that do not compress), one for each open cohort (about half of them zero), the audit hash,',
    'the account, and nine words of fields, offsets and lengths that are nearly all zero. Compression takes the zeros away: what is',
    'left is about the bytes that are not zero. As blob data, 131,072 bytes each, one blob holds about so many claims:',
    '',
    ...table(
      ['claim', 'bytes', 'not zero', 'zero', 'gas of calldata', 'in a blob, uncompressed', 'in a blob, compressed'],
      claims.map(({ title, bytes, notZero }) => [
        title,
        bytes,
        notZero,
        bytes - notZero,
        16 * notZero + 4 * (bytes - notZero),
        Math.floor(131_072 / bytes),
        Math.floor(131_072 / notZero),
      ]),
    ),
    '',
    'Compressed is reckoned, not measured: zeros for nothing, all else as it is. A claim pays for all epochs since the one before, so',
    'who claims once a month publishes a thirtieth of who claims daily.',
    '',
    '## Beside others',
    '',
    'The figures of others were measured beforehand, once, with the code and the settings of each, at depth 20; they are not part',
    'of the tests. All but the last column are with a token without votes. Ours are with votes, which add about 4,700 to any claim.',
    '',
    ...table(
      ['depth 20', ...TIMES, 'repeated, token with votes'],
      [
        ...PEERS.map(({ name, gas }): Row => [name, ...gas]),
        ['Lode, vesting, token with votes', first, existing, '', repeated],
        ['the floor of that', ...(largest?.floors.slice(0, 2) ?? []), '', largest?.floors[2] ?? 0],
      ],
    ),
    '',
    '## A settlement',
    '',
    'Four tasks. A typical epoch has a total curve of seven cohorts and withholds a part of its budget; *nothing vests* is an economy',
    'without release terms and without a law of the reserve.',
    '',
    ...table(
      ['step', 'gas'],
      SETTLEMENT.map((name) => [name, figure(name)]),
    ),
    '',
    '## A dispute',
    '',
    'Over trees of 2^20 leaves, of both the epoch and the one before: an ordinary epoch, and the most that one can have. Each is the',
    'dearest proof of its kind, where all is computed before the fault is seen. Bytes that no honest leaf has are only sent as far as',
    'they stay below 1,500,000, whatever they are; a leaf that is larger is demanded, and cannot be shown. A test asserts that',
    'nothing here costs more than that.',
    '',
    ...table(
      ['proof', ...DISPUTES.flatMap((size) => [size, 'bytes of proof'])],
      PROOFS.map((step) => [
        step,
        ...DISPUTES.flatMap((size) => [figure(`${step}, ${size}`), figure(`${step}, ${size}, bytes of proof`)]),
      ]),
    ),
    '',
    'A leaf that is not published:',
    '',
    ...table(
      ['step', ...DISPUTES],
      DEMANDS.map((step) => [step, ...DISPUTES.map((size) => figure(`${step}, ${size}`))]),
    ),
    '',
    'Claims cost less than before anything could be disproved; a test holds them to that.',
    '',
    '## Units sold in advance',
    '',
    ...table(
      ['step', 'gas'],
      UNIT_POOL.map((name) => [name, figure(name)]),
    ),
    '',
    '## The number of miners',
    '',
    'A settlement costs the same for one miner and for ten million. Closing an epoch comes before anybody counts leaves. What runs for',
    'the same declaration over 1 to 10,000,000 leaves is equal to the unit, which a test asserts; what is left is calldata, 12 gas for',
    'each byte that is not zero, at most 432 for the four bytes of the leaf count and the 32 of the root.',
    '',
    ...table(
      ['same declaration', 'propose', 'finalise'],
      LEAF_COUNTS.map((count) => [
        count,
        figure(`propose, same declaration, ${count}`),
        figure(`finalise, same declaration, ${count}`),
      ]),
    ),
    '',
    '![Gas of the steps of an epoch by its leaves](charts/settlement-gas.svg)',
    '',
    'Settlements of a real epoch differ in their figures too, participants and totals; a test bounds that at 2,000.',
    '',
    ...table(
      ['first epoch', 'propose', 'finalise'],
      SOME_COUNTS.map((count) => [
        count,
        figure(`propose, first epoch, ${count}`),
        figure(`finalise, first epoch, ${count}`),
      ]),
    ),
    '',
    '## Limitations',
    '',
    '- Figures are those of the execution layer. On a rollup the price of publishing comes on top; the bytes of a claim stand above.',
    `- A claim past what the last settlement had unlocked reads the total curve, which costs about ${perTotalCohort} for each of its cohorts.`,
    '  The next ones do not: it is one claim now and then that pays, not each.',
    `- The more cohorts are open, the more a claim costs: about ${perCohort} for each, and at most 26 are.`,
    '',
  ].join('\n');
  const charts = {
    'docs/charts/settlement-gas.svg': svgChart(settlementChart(figure)),
    'docs/charts/claim-many.svg': svgChart(batchChart(figure)),
  };
  if (unused.size > 0) throw new Error(`no test produces, or this page does not show: ${[...unused].join('; ')}`);
  const text = await format(page, { ...(await resolveConfig('docs/gas.md')), parser: 'markdown' });
  return { 'docs/gas.md': text, ...charts };
}

function table(head: Row, rows: readonly Row[]): readonly string[] {
  const line = (cells: Row): string => `| ${cells.map(cell).join(' | ')} |`;
  const rule = head.map((_, column) => (column === 0 ? '---' : '--:'));
  return [line(head), line(rule), ...rows.map(line)];
}

function cell(value: string | number): string {
  return typeof value === 'number' ? value.toLocaleString('en') : value;
}
