import { z } from 'zod';

import type { Address } from '../../protocol/brands.ts';
import { parseAddress } from '../../protocol/brands.ts';
import { InputError } from '../../protocol/errors.ts';
import { count, duration, ratio, tokens, wad } from './quantity.ts';

const WAD = 10n ** 18n;

/**
 * The bounds that the contracts fix in code; a preset outside them could never be deployed, so it is refused here. The
 * timelock has no bounds of its own. Under a day nobody has time to react; above 14 days governance could miss the 30 days
 * in which it rules about a veto.
 */
export const BOUNDS = {
  tasks: 16,
  minWeight: WAD / 1000n,
  epochLength: 12 * 3600,
  window: 6 * 3600,
  accountCap: WAD / 1000n,
  bond: { min: WAD / 1000n, max: 1000n * WAD },
  smoothing: { min: 2, max: 3650 },
  law: { a: WAD, b: 10n * WAD, c: 10n ** 12n * WAD, alpha: WAD },
  cohortLengths: 12n,
  amount: 1n << 128n,
  minDelay: { min: 86_400, max: 14 * 86_400 },
} as const;

const name = () => z.string().regex(/^[a-z][a-z0-9-]{0,47}$/, 'expected a name in small letters, digits and hyphens');
const text = () => z.string().min(1).max(2000);
const address = () =>
  z.string().transform((written, context): Address => {
    try {
      return parseAddress(written);
    } catch (error) {
      context.addIssue({
        code: 'custom',
        message: error instanceof InputError ? error.shortMessage : 'not an address',
      });
      return z.NEVER;
    }
  });

const allocation = z.strictObject({ to: address(), amount: tokens(), label: text() });

const phases = z
  .strictObject({
    kind: z.literal('phases'),
    /** What the system announces in all; the table must reach it to the wei. */
    total: tokens(),
    period: z.enum(['year', 'month']),
    phases: z
      .array(z.strictObject({ name: text(), tokens: tokens(), shares: z.array(ratio()).min(1).max(600) }))
      .min(1),
  })
  .superRefine((curve, context) => {
    curve.phases.forEach((phase, index) => {
      const sum = phase.shares.reduce((total, share) => total + share, 0n);
      if (sum !== WAD) {
        context.addIssue({
          code: 'custom',
          path: ['phases', index, 'shares'],
          message: `the shares sum to ${formatWad(sum)}, not to 1`,
        });
      }
    });
    const sum = curve.phases.reduce((total, phase) => total + phase.tokens, 0n);
    if (sum !== curve.total) {
      context.addIssue({
        code: 'custom',
        path: ['total'],
        message: `the phases sum to ${formatWad(sum)}, not to the total ${formatWad(curve.total)}`,
      });
    }
  });

const even = z.strictObject({
  kind: z.literal('even'),
  total: tokens(),
  period: z.enum(['year', 'month']),
  periods: count(),
});

const curve = z.discriminatedUnion('kind', [phases, even]);

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
    /** The published formula of participation and price, or null: the factor is then 1 and only what nobody earned is withheld. */
    law: law.nullable(),
    /** T: at most 1/T of the reserve leaves it in one epoch. */
    smoothing: count().refine(
      (value) => value >= BOUNDS.smoothing.min && value <= BOUNDS.smoothing.max,
      'smoothing is 2 to 3650 epochs',
    ),
    /** rho: this part of the reserve is added to each epoch's base, so that nothing is withheld for ever. */
    rho: ratio(),
  })
  .refine((value) => value.rho * BigInt(value.smoothing) <= WAD, {
    path: ['rho'],
    message: 'rho is at most 1/smoothing',
  });

const shape = z.strictObject({
  format: z.literal('lode-preset-v1'),
  name: name(),
  title: text(),
  summary: text(),
  token: z.strictObject({
    name: text(),
    symbol: z.string().regex(/^[A-Za-z0-9]{1,11}$/),
    genesis: z.array(allocation),
  }),
  epochLength: duration().refine((seconds) => seconds >= BOUNDS.epochLength, 'an epoch lasts at least 12 hours'),
  curve,
  tasks,
  /** Which of the tasks above a task name of a contribution ledger counts for. */
  ledgerTasks: z.record(z.string(), z.string()),
  /** Who earns points for what; it has a schema of its own. */
  policy: z.record(z.string(), z.unknown()),
  reserve,
  foundation: z.strictObject({
    share: ratio().refine((share) => share < WAD / 2n, 'the foundation earns less than half'),
    account: address().nullable(),
  }),
  accountCap: ratio().refine((cap) => cap >= BOUNDS.accountCap && cap <= WAD, 'a cap is 0.001 to 1'),
  accelerationBound: ratio().refine((bound) => bound <= WAD, 'the bound is at most 1'),
  release: z.strictObject({
    cohortEpochs: count().refine((epochs) => epochs >= 1, 'a cohort has at least 1 epoch'),
    over: duration(),
  }),
  challenge: z.strictObject({
    window: duration().refine((seconds) => seconds >= BOUNDS.window, 'the window is at least 6 hours'),
    bond: wad().refine((bond) => bond >= BOUNDS.bond.min && bond <= BOUNDS.bond.max, 'the bond is 0.001 to 1000'),
  }),
  governance: z.strictObject({
    minDelay: duration().refine(
      (seconds) => seconds >= BOUNDS.minDelay.min && seconds <= BOUNDS.minDelay.max,
      'the delay of the timelock is 1 to 14 days',
    ),
  }),
});

/** The whole file after comments, notes and the chosen variant were taken in; each number parsed exactly. */
export const presetSchema = shape.superRefine((preset, context) => {
  const names = new Set(preset.tasks.map((entry) => entry.name));
  for (const [from, to] of Object.entries(preset.ledgerTasks)) {
    if (!names.has(to))
      context.addIssue({ code: 'custom', path: ['ledgerTasks', from], message: `no task is called ${to}` });
  }
  if (preset.challenge.window * 2 > preset.epochLength) {
    context.addIssue({ code: 'custom', path: ['challenge', 'window'], message: 'the window is at most half an epoch' });
  }
  const cohort = BigInt(preset.release.cohortEpochs) * BigInt(preset.epochLength);
  if (BigInt(preset.release.over) > BOUNDS.cohortLengths * cohort) {
    context.addIssue({ code: 'custom', path: ['release', 'over'], message: 'release takes at most 12 cohort lengths' });
  }
  const genesis = preset.token.genesis.reduce((total, entry) => total + entry.amount, 0n);
  if (genesis + preset.curve.total >= BOUNDS.amount) {
    context.addIssue({
      code: 'custom',
      path: ['token', 'genesis'],
      message: 'genesis and curve together reach 2^128 wei',
    });
  }
});

export type PresetDocument = z.output<typeof presetSchema>;
export type CurveSection = PresetDocument['curve'];

/** A wad as a decimal string, for messages. */
export function formatWad(value: bigint): string {
  const fraction = (value % WAD).toString().padStart(18, '0').replace(/0+$/, '');
  return fraction === '' ? (value / WAD).toString() : `${value / WAD}.${fraction}`;
}
