import { parsePolicy } from '../../../src/settlement/policy/parse-policy.ts';
import type { Policy } from '../../../src/settlement/policy/policy.ts';

const TASKS = ['corpus', 'curation', 'translation', 'proofreading', 'validation'] as const;

/** The protocol's numbers of the benchmark ledger's tasks, each counting for itself. */
export const BENCH_TASKS = TASKS.map((name, index) => ({ id: index + 1, name }));

/** Points for units and nothing else. */
export const PLAIN = policyOf({ measures: { units: { points: '0.3' } } });

/** Every rule of the language that multiplies, caps or adds. */
export const FULL = policyOf({
  dailyCap: '500',
  measures: { units: { points: '0.3', dailyCap: '400' } },
  multipliers: {
    quality: {
      attribute: 'quality',
      unrated: '1',
      levels: { excellent: '1.5', good: '1.2', fair: '1', poor: '0.25', rejected: '0' },
    },
    scarcity: {
      language: { window: '3', reference: '0.05', most: '3', unseen: '1' },
      domain: { window: '3', reference: '0.05', most: '2', unseen: '1' },
    },
    streak: { per: '5', most: '10' },
    badges: { factors: { pioneer: '0.2', teacher: '0.1' }, most: '2' },
    consistency: { epochs: '4', bonus: '0.5' },
    loyalty: { epochs: '6', bonus: '0.05', most: '1.5' },
  },
  usage: { points: '0.5', epochCap: '10' },
});

function policyOf(rules: object): Policy {
  const task = { minimumScore: '1', ...rules };
  return parsePolicy({
    format: 'lode-policy-v1',
    decimals: '6',
    tasks: Object.fromEntries(TASKS.map((name) => [name, task])),
  });
}
