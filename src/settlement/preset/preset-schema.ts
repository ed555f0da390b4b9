import { z } from 'zod';

import { announcedSchema } from './announced-schema.ts';
import { BOUNDS } from './bounds.ts';
import { curveTotal } from './curve-periods.ts';
import { curveSchema } from './curve-schema.ts';
import { address, durationWithin, name, text } from './fields.ts';
import { governanceSchema } from './governance-schema.ts';
import { formatWad } from './decimals.ts';
import { count, duration, ratio, tokens, wad } from './quantity.ts';
import { UNIT_POOL, unitPoolSchema } from './unit-pool-schema.ts';

const WAD = 10n ** 18n;
const DAY = 86_400;

const allocation = z.strictObject({
  to: address(UNIT_POOL).describe('An account, or "unitPool".'),
  amount: tokens().refine((amount) => amount > 0n, 'an allocation of nothing is none'),
  label: text(),
});

const start = z.strictObject({
  align: z
    .literal('day')
    .describe('Epochs are UTC days (or whole numbers of them): a start that is not 00:00 UTC is refused.'),
  date: z.iso
    .date()
    .optional()
    .describe('The day from which the system itself counts, where it names one. A deployment is free to start later.'),
});

const task = z.strictObject({
  id: count().refine((id) => id >= 1 && id <= 65_535, 'a task id is 1 to 65535'),
  name: name(),
  title: text(),
  weight: ratio().refine((weight) => weight >= BOUNDS.minWeight, 'a weight is at least 0.001'),
});

const tasks = z
  .array(task)
  .min(1)
  .max(BOUNDS.tasks)
  .superRefine((list, context) => {
    list.forEach((entry, index) => {
      const before = list[index - 1];
      if (before !== undefined && before.id >= entry.id) {
        context.addIssue({ code: 'custom', path: [index, 'id'], message: 'task ids must rise' });
      }
      if (list.findIndex((other) => other.name === entry.name) !== index) {
        context.addIssue({ code: 'custom', path: [index, 'name'], message: `a second task is called ${entry.name}` });
      }
    });
    const sum = list.reduce((total, entry) => total + entry.weight, 0n);
    if (sum !== WAD) context.addIssue({ code: 'custom', message: `the weights sum to ${formatWad(sum)}, not to 1` });
  });

const law = z.strictObject({
  a: wad().refine((a) => a > 0n && a <= BOUNDS.law.a, 'a is above 0 and at most 1'),
  b: wad().refine((b) => b > 0n && b <= BOUNDS.law.b, 'b is above 0 and at most 10'),
  c: wad().refine((c) => c <= BOUNDS.law.c, 'c is at most 1e12 participants'),
  alpha: wad().refine((alpha) => alpha <= BOUNDS.law.alpha, 'alpha is at most 1'),
  priceRef: wad().refine((price) => price > 0n, 'the reference price is above 0'),
});

const reserve = z
  .strictObject({
    law: law
      .nullable()
      .describe(
        'The published formula of participation and price, or null: the factor is then 1 and only what nobody earned is withheld.',
      ),
    /** T: at most 1/T of the reserve leaves it in one epoch. */
    smoothing: count().refine(
      (value) => value >= BOUNDS.smoothing.min && value <= BOUNDS.smoothing.max,
      'smoothing is 2 to 3650 epochs',
    ),
    rho: ratio().describe(
      'rho: this part of the reserve is added to each epoch’s base, so that nothing is withheld for ever.',
    ),
  })
  .refine((value) => value.rho * BigInt(value.smoothing) <= WAD, {
    path: ['rho'],
    message: 'rho is at most 1/smoothing',
  });

const shape = z.strictObject({
  $schema: z.string().optional().describe('Where an editor finds the schema of this file; it means nothing else.'),
  format: z.literal('lode-preset-v1'),
  name: name(),
  title: text().describe('What the system is called.'),
  summary: text().describe('The whole economy in a sentence.'),
  token: z.strictObject({
    name: text(),
    symbol: z.string().regex(/^[A-Za-z0-9]{1,11}$/),
    genesis: z.array(allocation),
  }),
  epochLength: durationWithin(BOUNDS.epochLength, 'an epoch lasts 12 hours to 366 days').describe(
    'How long contributions are gathered before they are settled.',
  ),
  start: start.optional().describe('When the economy may start; left out: at any second.'),
  curve: curveSchema.describe('How much is emitted when.'),
  tasks: tasks.describe('What is rewarded, by rising id, each with its share of every epoch; the weights sum to 1.'),
  ledgerTasks: z
    .record(z.string(), z.string())
    .describe('Which of the tasks above a task name of a contribution ledger counts for.'),
  policy: z.record(z.string(), z.unknown()).describe('Who earns points for what; it has a schema of its own.'),
  reserve,
  foundation: z.strictObject({
    share: ratio()
      .refine((share) => share < WAD / 2n, 'the foundation earns less than half')
      .describe('Its share of what is paid out.'),
    account: address().nullable().describe('Who is the foundation; null: the deployment says.'),
  }),
  accountCap: ratio()
    .refine((cap) => cap >= BOUNDS.accountCap && cap <= WAD, 'a cap is 0.001 to 1')
    .describe('The most of a task’s budget that one account can be granted in an epoch.'),
  accelerationBound: ratio()
    .refine((bound) => bound <= WAD, 'the bound is at most 1')
    .describe('The most of what an account still waits for that usage can unlock in an epoch.'),
  release: z.strictObject({
    cohortEpochs: count()
      .refine((epochs) => epochs >= 1, 'a cohort has at least 1 epoch')
      .describe('Epochs whose grants are released together.'),
    over: duration().describe('From the end of a cohort, linearly by the second; "0 days" pays at once.'),
  }),
  challenge: z.strictObject({
    window: duration()
      .refine((seconds) => seconds >= BOUNDS.window, 'the window is at least 6 hours')
      .describe('How long a settlement can be challenged.'),
    bond: wad()
      .refine((bond) => bond >= BOUNDS.bond.min && bond <= BOUNDS.bond.max, 'the bond is 0.001 to 1000')
      .describe('What a proposer stakes, in the native coin.'),
  }),
  governance: governanceSchema,
  unitPool: unitPoolSchema
    .nullable()
    .optional()
    .describe('A pool for units sold beforehand, paid from a genesis allocation; left out or null: none.'),
  announced: announcedSchema
    .optional()
    .describe(
      'What the system’s documents announce; lode preset check computes each figure from this file and compares.',
    ),
});

type Sections = z.output<typeof shape>;

/** What cannot stand beside each other. */
export interface CrossProblem {
  readonly path: (string | number)[];
  readonly message: string;
}

/**
 * What sections of a preset say against each other, as far as they are there: what is wrong with one of them hides nothing
 * about the others.
 */
export function crossProblems(preset: Partial<Sections>): readonly CrossProblem[] {
  const problems: CrossProblem[] = [];
  const refuse = (path: (string | number)[], message: string) => {
    problems.push({ path, message });
  };
  const { tasks: listed, ledgerTasks, challenge, release, epochLength, curve, token, unitPool, governance } = preset;
  const names = new Set(listed?.map((entry) => entry.name));
  for (const [from, to] of Object.entries((listed && ledgerTasks) ?? {})) {
    if (!names.has(to)) refuse(['ledgerTasks', from], `no task is called ${to}`);
  }
  if (challenge !== undefined && epochLength !== undefined && challenge.window * 2 > epochLength) {
    refuse(['challenge', 'window'], 'the window is at most half an epoch');
  }
  if (release !== undefined && epochLength !== undefined) {
    const cohort = BigInt(release.cohortEpochs) * BigInt(epochLength);
    if (BigInt(release.over) > BOUNDS.cohortLengths * cohort) {
      refuse(['release', 'over'], 'release takes at most 12 cohort lengths');
    }
  }
  if (preset.start !== undefined && epochLength !== undefined && epochLength % DAY !== 0) {
    refuse(['epochLength'], 'epochs that start at 00:00 UTC last a whole number of days');
  }
  const total = curve && curveTotal(curve);
  if (total === 0n) refuse(['curve'], 'the curve emits nothing');
  const genesis = token?.genesis.reduce((sum, entry) => sum + entry.amount, 0n);
  const cap = genesis === undefined || total === undefined ? undefined : genesis + total;
  if (cap !== undefined && cap >= BOUNDS.amount) {
    refuse(['token', 'genesis'], 'genesis and curve together reach 2^128 wei');
  }
  if (token !== undefined && 'unitPool' in preset) crossUnitPool(token, unitPool, refuse);
  if (cap !== undefined && governance !== undefined) {
    const { handover, proposalThreshold } = governance;
    if (handover !== undefined && handover.minimumVotes > cap) {
      refuse(['governance', 'handover', 'minimumVotes'], 'so many tokens will never exist');
    }
    const most = cap / BOUNDS.thresholdParts;
    if (proposalThreshold !== undefined && proposalThreshold > most) {
      refuse(
        ['governance', 'proposalThreshold'],
        `it is at most a hundredth of all tokens there will ever be: ${formatWad(most)}`,
      );
    }
  }
  return problems;
}

function crossUnitPool(
  { genesis }: Sections['token'],
  unitPool: Sections['unitPool'],
  refuse: (path: (string | number)[], message: string) => void,
): void {
  const pooled = genesis.filter(({ to }) => to === UNIT_POOL);
  const wanted = unitPool?.allocation;
  if (wanted === undefined && pooled.length > 0) {
    refuse(['token', 'genesis'], 'an allocation goes to "unitPool", and the preset has no such pool');
  }
  if (wanted !== undefined && (pooled.length !== 1 || pooled[0]?.amount !== wanted)) {
    refuse(
      ['unitPool', 'allocation'],
      `the genesis needs exactly one allocation of ${formatWad(wanted)} to "unitPool"`,
    );
  }
}

/** The whole file after comments, notes and the chosen variant were taken in; each number parsed exactly. */
export const presetSchema = shape;

/** Those sections of a file that can be read, whatever is wrong with the others. */
export function readableSections(data: Readonly<Record<string, unknown>>): Partial<Sections> {
  const sections = Object.entries(shape.shape).flatMap(([key, schema]) => {
    const result = schema.safeParse(data[key]);
    return result.success ? [[key, result.data]] : [];
  });
  return Object.fromEntries(sections) as Partial<Sections>; // each was parsed by its own schema
}

export type PresetDocument = Sections;
