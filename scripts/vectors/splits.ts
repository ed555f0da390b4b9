import { chain, columns, type VectorRow, type VectorValue } from './columns.ts';

const WAD = 10n ** 18n;
const TASKS = 4;
const ACCOUNTS = 3;

interface Case {
  readonly budget: bigint;
  readonly base: bigint;
  readonly levelled: bigint;
  readonly payout: bigint;
  readonly share: bigint;
  readonly cap: bigint;
  readonly weights: readonly bigint[];
  readonly participants: readonly bigint[];
  /** Account by account, task by task. */
  readonly scores: readonly bigint[];
}

const sum = (values: readonly bigint[]): bigint => values.reduce((total, value) => total + value, 0n);
const floor = (x: bigint, y: bigint, d: bigint): bigint => (d === 0n ? 0n : (x * y - ((x * y) % d)) / d);

function settle(given: Case): VectorRow {
  const { budget, base, levelled, payout, share, cap, weights, participants, scores } = given;
  const foundation = floor(payout, share, WAD);
  const miners = payout - foundation;
  const wanted = weights.map((weight) => floor(miners, weight, WAD));
  const budgets = wanted.map((amount, task) => (participants[task] === 0n ? 0n : amount));
  const unused = sum(wanted) - sum(budgets);
  const totals = weights.map((_, task) => sum(scores.filter((_score, index) => index % TASKS === task)));
  const grants = Array.from({ length: ACCOUNTS }, (_, account) =>
    sum(
      budgets.map((amount, task) => {
        const earned = floor(amount, scores[account * TASKS + task] ?? 0n, totals[task] ?? 0n);
        const most = floor(amount, cap, WAD);
        return earned < most ? earned : most;
      }),
    ),
  );
  const g = sum(grants);
  const f = floor(foundation, g, miners);
  const granted = g + f;
  const nobody = participants.every((count) => count === 0n);
  const emptyTask = unused + floor(foundation, unused, miners);
  const reasons = nobody
    ? [budget - base, base, 0n, 0n, 0n, 0n]
    : [budget - base, 0n, base - levelled, levelled - payout, emptyTask, payout - granted - emptyTask];
  return {
    ...given,
    foundation,
    miners,
    budgets,
    unused,
    totals,
    grants,
    g,
    f,
    granted,
    withheld: granted < budget ? budget - granted : 0n,
    injected: granted < budget ? 0n : granted - budget,
    reasons,
  };
}

/** Vectors of the exact splits: four tasks, three accounts. */
export function splitVectors(): Readonly<Record<string, VectorValue>> {
  const quarter = [WAD / 4n, WAD / 4n, WAD / 4n, WAD / 4n];
  const whole = [WAD, 0n, 0n, 0n];
  const plain = { base: 0n, levelled: 0n, share: 0n, cap: WAD };
  /** Where nothing is withheld. */
  const all = (amount: bigint) => ({ ...plain, budget: amount, base: amount, levelled: amount, payout: amount });
  const day = 10_000n * WAD;
  const cases: Case[] = [
    // LangX, as published: 1,105 points of 50,000 are 221 of the day's 10,000 tokens.
    {
      ...all(day),
      weights: whole,
      participants: [3n, 0n, 0n, 0n],
      scores: [1105n, 0n, 0n, 0n, 48_895n, 0n, 0n, 0n, 0n, 0n, 0n, 0n],
    },
    // LangX, second example: 975 of 9,000.
    {
      ...all(day),
      weights: whole,
      participants: [2n, 0n, 0n, 0n],
      scores: [975n, 0n, 0n, 0n, 8_025n, 0n, 0n, 0n, 0n, 0n, 0n, 0n],
    },
    // Nobody took part.
    {
      ...plain,
      budget: 1000n,
      base: 1100n,
      levelled: 50n,
      payout: 0n,
      share: WAD / 5n,
      weights: quarter,
      participants: [0n, 0n, 0n, 0n],
      scores: new Array<bigint>(12).fill(0n),
    },
    // Scores below the minimum only: they count in the total but there is no participant, so the task pays nothing.
    {
      ...all(1000n),
      share: WAD / 5n,
      weights: quarter,
      participants: [1n, 0n, 0n, 0n],
      scores: [5n, 1n, 0n, 0n, 0n, 1n, 0n, 0n, 0n, 0n, 0n, 0n],
    },
    // The last wei: three equal scores of 100.
    {
      ...all(100n),
      weights: whole,
      participants: [3n, 0n, 0n, 0n],
      scores: [1n, 0n, 0n, 0n, 1n, 0n, 0n, 0n, 1n, 0n, 0n, 0n],
    },
    // The cap: one account has everything, and a tenth is the most.
    {
      ...all(1000n),
      cap: WAD / 10n,
      weights: whole,
      participants: [1n, 0n, 0n, 0n],
      scores: [9n, 0n, 0n, 0n, 0n, 0n, 0n, 0n, 0n, 0n, 0n, 0n],
    },
    // More is paid than the budget: injected.
    {
      ...plain,
      budget: 1000n,
      base: 1000n,
      levelled: 900n,
      payout: 1300n,
      share: WAD / 2n - 1n,
      weights: quarter,
      participants: [1n, 1n, 1n, 1n],
      scores: [1n, 1n, 1n, 1n, 0n, 0n, 0n, 0n, 0n, 0n, 0n, 0n],
    },
    // Payout 0 with participants.
    {
      ...plain,
      budget: 1000n,
      base: 1000n,
      levelled: 900n,
      payout: 0n,
      share: WAD / 3n,
      weights: quarter,
      participants: [1n, 1n, 1n, 1n],
      scores: [1n, 1n, 1n, 1n, 0n, 0n, 0n, 0n, 0n, 0n, 0n, 0n],
    },
  ];
  const next = chain('splits');
  for (let index = 0; index < 60; index++) {
    const bits = 20 + ((index * 7) % 107);
    const [x, y, z] = [next(59) % (WAD / 3n), next(59) % (WAD / 3n), next(59) % (WAD / 3n)];
    const budget = next(bits);
    const base = budget + next(bits - 10);
    const scores = Array.from({ length: TASKS * ACCOUNTS }, () => (next(3) === 0n ? 0n : next(1 + (index % 96))));
    const participants = Array.from({ length: TASKS }, (_, task) =>
      BigInt(scores.filter((score, at) => at % TASKS === task && score > 0n).length),
    );
    if (index % 6 === 0) participants[index % TASKS] = 0n;
    const payout = participants.every((count) => count === 0n) ? 0n : next(bits) % (base + 1n);
    cases.push({
      budget,
      base,
      levelled: next(bits) % (base + 1n),
      payout,
      share: next(58) % (WAD / 2n),
      cap: WAD / (1n + next(5)),
      weights: [x, y, z, WAD - x - y - z],
      participants,
      scores,
    });
  }
  return columns(cases.map(settle));
}
