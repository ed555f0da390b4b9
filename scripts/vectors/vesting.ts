import { concat, keccak256, toBeHex } from 'ethers';

import { chain, columns, type VectorRow, type VectorValue } from './columns.ts';

type Cohort = readonly [end: bigint, duration: bigint, amount: bigint];
interface Plain {
  readonly unlocked: bigint;
  readonly cohorts: readonly Cohort[];
}

/** The hashed bytes of a curve: a word for `unlocked`, a word for each cohort. */
function preimage({ unlocked, cohorts }: Plain): string {
  const words = cohorts.map(([end, duration, amount]) => end * 2n ** 168n + duration * 2n ** 128n + amount);
  return concat([unlocked, ...words].map((word) => toBeHex(word, 32)));
}

/** What is free at a time, cohort by cohort: the largest whole x with x / amount <= elapsed / duration. */
function unlocked(curve: Plain, time: bigint): bigint {
  return curve.cohorts.reduce((sum, [end, duration, amount]) => {
    if (time <= end) return sum;
    const share = (amount * (time - end)) / duration;
    return sum + (share < amount ? share : amount);
  }, curve.unlocked);
}

interface Step {
  readonly time: bigint;
  readonly accelerate: bigint;
  readonly grant: bigint;
  readonly end: bigint;
  readonly duration: bigint;
}

/** One transition, written as the page says it and not as the library does it. */
function transition(before: Plain, step: Step): Plain {
  let free = before.unlocked;
  let open = [...before.cohorts];
  for (const [end, duration, amount] of open) if (end + duration <= step.time) free += amount;
  open = open.filter(([end, duration]) => end + duration > step.time);
  for (let rest = step.accelerate; rest > 0n;) {
    const oldest = open[0];
    if (oldest === undefined) throw new Error('more to accelerate than there is');
    const [end, duration, amount] = oldest;
    const part = amount < rest ? amount : rest;
    rest -= part;
    free += part;
    open = part === amount ? open.slice(1) : [[end, duration, amount - part], ...open.slice(1)];
  }
  if (step.grant > 0n && step.duration === 0n) free += step.grant;
  else if (step.grant > 0n) {
    const at = open.findIndex(([end]) => end === step.end);
    const found = open[at];
    if (found === undefined) open.push([step.end, step.duration, step.grant]);
    else open[at] = [found[0], found[1], found[2] + step.grant];
  }
  return { unlocked: free, cohorts: open };
}

const WEEK = 604_800n;

/** A curve as an account would have it: a cohort every four weeks, released over 26. */
function calendar(next: (bits: number) => bigint, count: number, bits: number): Plain {
  const cohorts: Cohort[] = [];
  for (let index = 0; index < count; index++) {
    cohorts.push([1_700_000_000n + BigInt(index) * 4n * WEEK, 26n * WEEK, next(bits) + 1n]);
  }
  return { unlocked: next(bits), cohorts };
}

function curves(): readonly Plain[] {
  const next = chain('curves');
  return [
    { unlocked: 0n, cohorts: [] },
    { unlocked: 7n, cohorts: [] },
    { unlocked: 0n, cohorts: [[1000n, 30n, 100n]] },
    { unlocked: 2n ** 128n - 1n, cohorts: [] },
    { unlocked: 0n, cohorts: [[2n ** 40n - 2n, 1n, 2n ** 128n - 1n]] },
    {
      unlocked: 5n,
      cohorts: [
        [1000n, 7n, 3n],
        [1001n, 7n, 3n],
        [2000n, 1n, 1n],
      ],
    },
    calendar(next, 7, 80),
    calendar(next, 26, 120),
    calendar(next, 13, 30),
  ];
}

function unlockedRows(): readonly VectorRow[] {
  // By hand: 100 wei from 1000 over 30 seconds.
  const hand = [0n, 0n, 3n, 33n, 50n, 96n, 100n, 100n];
  const handTimes = [999n, 1000n, 1001n, 1010n, 1015n, 1029n, 1030n, 2n ** 40n];
  const rows: VectorRow[] = handTimes.map((time, index) => ({ curve: 2, time, unlocked: hand[index] ?? 0n }));
  curves().forEach((curve, index) => {
    const times = new Set<bigint>([0n, 2n ** 40n, 1_710_000_000n]);
    for (const [end, duration] of curve.cohorts) {
      for (const edge of [end, end + duration, end + duration / 3n])
        for (const shift of [-1n, 0n, 1n]) times.add(edge + shift);
    }
    for (const time of [...times].slice(0, 24)) rows.push({ curve: index, time, unlocked: unlocked(curve, time) });
  });
  return rows;
}

function transitionRows(): readonly VectorRow[] {
  const rows: VectorRow[] = [];
  const add = (before: Plain, step: Step): Plain => {
    const after = transition(before, step);
    rows.push({ before: preimage(before), ...step, after: preimage(after) });
    return after;
  };
  // By hand: 10 finishes, 8 of the rest is freed (oldest first), 5 is granted to a cohort of its own.
  rows.push({
    before: preimage({
      unlocked: 1n,
      cohorts: [
        [100n, 10n, 10n],
        [105n, 10n, 6n],
        [110n, 10n, 9n],
      ],
    }),
    time: 110n,
    accelerate: 8n,
    grant: 5n,
    end: 120n,
    duration: 10n,
    after: preimage({
      unlocked: 19n,
      cohorts: [
        [110n, 10n, 7n],
        [120n, 10n, 5n],
      ],
    }),
  });
  // Nothing at all; a grant without vesting; a grant to the open cohort; everything freed at once.
  const quiet = { time: 1_000n, accelerate: 0n, grant: 0n, end: 2_000n, duration: 60n };
  add({ unlocked: 3n, cohorts: [] }, quiet);
  add({ unlocked: 3n, cohorts: [] }, { ...quiet, grant: 4n, duration: 0n });
  add({ unlocked: 3n, cohorts: [[2_000n, 60n, 1n]] }, { ...quiet, grant: 4n });
  add(
    {
      unlocked: 3n,
      cohorts: [
        [1_500n, 60n, 1n],
        [2_000n, 60n, 1n],
      ],
    },
    { ...quiet, accelerate: 2n, grant: 4n },
  );
  // A life: weekly epochs, cohorts of four, 26 weeks, then terms of 8 weeks, whose cohorts finish before older ones.
  const next = chain('life');
  let curve: Plain = { unlocked: 0n, cohorts: [] };
  for (let epoch = 0n; epoch < 60n; epoch++) {
    const time = 1_700_000_000n + (epoch + 1n) * WEEK;
    const left = curve.cohorts.filter(([end, d]) => end + d > time).reduce((sum, [, , amount]) => sum + amount, 0n);
    const accelerate = epoch % 3n === 0n ? (left * (next(16) + 1n)) >> 18n : 0n;
    const duration = epoch < 28n ? 26n * WEEK : 8n * WEEK;
    const end = 1_700_000_000n + (epoch / 4n + 1n) * 4n * WEEK;
    curve = add(curve, { time, accelerate, grant: epoch % 5n === 4n ? 0n : next(70), end, duration });
  }
  return rows;
}

/** Each row breaks one rule; `fault` is the number in the contract's enumeration. */
function faultRows(): readonly VectorRow[] {
  const many: Cohort[] = Array.from({ length: 27 }, (_, index) => [BigInt(index) + 1000n, 100n, 1n]);
  const rows: [number, Plain][] = [
    [0, { unlocked: 0n, cohorts: [] }],
    [0, { unlocked: 2n ** 128n - 27n, cohorts: many.slice(1) }],
    [1, { unlocked: 0n, cohorts: many }],
    [2, { unlocked: 0n, cohorts: [[2n ** 40n, 1n, 1n]] }],
    [2, { unlocked: 0n, cohorts: [[2n ** 87n + 5000n, 1n, 1n]] }],
    [3, { unlocked: 0n, cohorts: [[1000n, 100n, 0n]] }],
    [4, { unlocked: 0n, cohorts: [[1000n, 0n, 1n]] }],
    [
      5,
      {
        unlocked: 0n,
        cohorts: [
          [1000n, 100n, 1n],
          [1000n, 100n, 1n],
        ],
      },
    ],
    [
      5,
      {
        unlocked: 0n,
        cohorts: [
          [1001n, 100n, 1n],
          [1000n, 100n, 1n],
        ],
      },
    ],
    [6, { unlocked: 0n, cohorts: [[900n, 100n, 1n]] }],
    [0, { unlocked: 0n, cohorts: [[900n, 101n, 1n]] }],
    [7, { unlocked: 2n ** 128n - 1n, cohorts: [[1000n, 100n, 1n]] }],
  ];
  return rows.map(([fault, curve]) => ({ preimage: preimage(curve), time: 1000, fault }));
}

/** Vectors of the vesting curve. */
export function vestingVectors(): Readonly<Record<string, VectorValue>> {
  return {
    curves: columns(
      curves().map((curve) => ({
        preimage: preimage(curve),
        hash: keccak256(preimage(curve)),
        total: curve.cohorts.reduce((sum, [, , amount]) => sum + amount, curve.unlocked),
      })),
    ),
    unlocked: columns(unlockedRows()),
    transitions: columns(transitionRows()),
    faults: columns(faultRows()),
  };
}
