import { format, resolveConfig } from 'prettier';

type Row = readonly (string | number)[];

/** What a claim of others costs; measured once, with the code and the settings of each, at depth 20. */
const PEERS: readonly Row[] = [
  ['Uniswap MerkleDistributor (bitmap)', 97_955, 80_855, 63_755, 68_504],
  ['Morpho URD (cumulative)', 98_584, 81_499, 64_369, 69_070],
  ['Merkl Distributor (proxy)', 142_248, 125_126, 90_918, 95_651],
  ['EigenLayer RewardsCoordinator (proxy)', 129_256, 112_156, 95_080, 99_745],
  ['Sablier airdrop, instant', 111_032, 93_890, 76_802, 81_530],
  ['Sablier airdrop, linear vesting: opening a stream', 325_422, 325_437, 274_122, 278_873],
  ['and each later withdrawal from it', 117_537, 100_437, 100_437, 105_150],
];

/** The least that the work of our claim can cost: base, calldata, storage, logs, hashes; computed, with a plain ERC-20. */
const FLOOR: Row = ['computed floor of our claim’s work', 97_803, 80_715, 63_615, 67_887];

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
  'claimMany of 10, first, new holders, for each',
  'claimMany of 10, repeated, for each',
  'claimFoundation, first',
  'claimFoundation, repeated',
  'setRecipient',
  'setRecipientBySig',
] as const;

/** The unit pool, where a preset has one. */
const UNIT_POOL = [
  'allot to 100 new accounts, for each',
  'claim of units, first, new holder',
  'claim of units, repeated',
  'close the unit pool, with units unsold',
];

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

const COUNTS = ['1 leaf', '1,000 leaves', '1,048,576 leaves'];
const STEPS = [
  'propose, first epoch',
  'finalise, first epoch',
  'propose, same declaration',
  'finalise, same declaration',
];

/**
 * The page `docs/gas.md`, from the figures of `snapshots/gas.json`.
 *
 * @throws {Error} when a figure that the page shows is missing, or one stands there that no test produces any more
 */
export async function gasPage(figures: Readonly<Record<string, string>>): Promise<string> {
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
      bytes: figure(`claim, ${kind}, ${size}, bytes of calldata`),
    })),
  );
  const [first = 0, existing = 0, repeated = 0] = claims.find(({ title }) => title === 'vesting, depth 20')?.plain ?? [];
  const free = claims.find(({ title }) => title === 'nothing vests, depth 20')?.plain[2] ?? 0;
  const perCohort = Math.round((repeated - free) / COHORTS / 10) * 10;
  const past = figure(OTHERS[0]);
  const perTotalCohort = cell(Math.round((past - first) / COHORTS / 100) * 100);

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
    'Other ways, with vesting at depth 20:',
    '',
    ...table(
      ['step', 'gas'],
      OTHERS.map((name) => [name, figure(name)]),
    ),
    '',
    '## Beside others',
    '',
    'The figures of others were measured beforehand, once, with the code and the settings of each, at depth 20; they are not part',
    'of the tests. All but the last column are with a token without votes. Ours are with votes, which add about 4,700 to any claim.',
    '',
    ...table(
      ['depth 20', ...TIMES, 'repeated, token with votes'],
      [...PEERS, FLOOR, ['Lode, vesting, token with votes', first, existing, '', repeated]],
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
    'Claims cost what they did before anything could be disproved, to the unit; a test holds them to 2 %.',
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
    'A settlement costs the same for one miner and for a million. What runs for the same declaration over 1, 1,000 and 2^20 leaves is',
    'equal to the unit, which a test asserts; what is left is calldata, 12 gas for each byte that is not zero, at most 432 for the four',
    'bytes of the leaf count and the 32 of the root. Settlements of a real epoch differ in their figures too, participants and totals;',
    'a test bounds that at 2,000.',
    '',
    ...table(
      ['step', ...COUNTS],
      STEPS.map((step) => [step, ...COUNTS.map((count) => figure(`${step}, ${count}`))]),
    ),
    '',
    '## Limitations',
    '',
    '- Figures are those of the execution layer. On a rollup the price of calldata comes on top; the bytes of a claim stand above.',
    `- A claim past what the last settlement had unlocked reads the total curve, which costs about ${perTotalCohort} for each of its cohorts.`,
    '  The next ones do not: it is one claim now and then that pays, not each.',
    `- The more cohorts are open, the more a claim costs: about ${perCohort} for each, and at most 26 are.`,
    '',
  ].join('\n');
  if (unused.size > 0) throw new Error(`no test produces, or this page does not show: ${[...unused].join('; ')}`);
  return await format(page, { ...(await resolveConfig('docs/gas.md')), parser: 'markdown' });
}

function table(head: Row, rows: readonly Row[]): readonly string[] {
  const line = (cells: Row): string => `| ${cells.map(cell).join(' | ')} |`;
  const rule = head.map((_, column) => (column === 0 ? '---' : '--:'));
  return [line(head), line(rule), ...rows.map(line)];
}

function cell(value: string | number): string {
  return typeof value === 'number' ? value.toLocaleString('en') : value;
}
