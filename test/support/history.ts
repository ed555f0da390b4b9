import fc from 'fast-check';

import type { Address } from '../../src/protocol/brands.ts';
import { parseAddress, ZERO_ADDRESS } from '../../src/protocol/brands.ts';
import type { EconomyParameters, Over, TaskWeight } from '../../src/settlement/economy-parameters.ts';
import { valueAt } from '../../src/settlement/economy-parameters.ts';
import type { EpochEvents } from '../../src/settlement/economy.ts';
import { advance } from '../../src/settlement/economy.ts';
import type { EpochSettlement } from '../../src/settlement/settle-epoch.ts';
import type { State } from '../../src/settlement/state.ts';
import { GENESIS, withDeposit } from '../../src/settlement/state.ts';

const WAD = 10n ** 18n;

/** An economy and what happens in it, epoch after epoch. */
export interface History {
  readonly parameters: EconomyParameters;
  readonly epochs: readonly (EpochEvents & { readonly deposit: bigint })[];
}

/** Address number `n` of the tests; numbers are spread over the whole range and keep no order. */
export function testAddress(n: number): Address {
  const low = (BigInt(n + 1) * 0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835n) % (1n << 160n);
  return parseAddress(`0x${low.toString(16).padStart(40, '0')}`);
}

/** Runs a history to its end; one settlement per epoch. */
export function runHistory({ parameters, epochs }: History): EpochSettlement[] {
  let state: State = GENESIS;
  return epochs.map(({ deposit, ...events }) => {
    const settled = advance(parameters, withDeposit(state, deposit), events);
    state = settled.next;
    return settled;
  });
}

export interface HistorySize {
  readonly maxEpochs: number;
  readonly maxAccounts: number;
}

/** Random small economies of every shape the presets have, and of some that no preset has. */
export function histories({ maxEpochs, maxAccounts }: HistorySize): fc.Arbitrary<History> {
  return fc
    .record({
      parameters: economies(),
      raw: fc.array(rawEpoch(maxAccounts), { minLength: 1, maxLength: maxEpochs }),
    })
    .map(({ parameters, raw }) => ({ parameters, epochs: raw.map((one, epoch) => eventsOf(parameters, one, epoch)) }));
}

interface RawEpoch {
  readonly scores: readonly { readonly account: number; readonly task: number; readonly score: bigint }[];
  readonly uses: readonly { readonly account: number; readonly uses: bigint }[];
  readonly price: bigint;
  readonly deposit: bigint;
}

function rawEpoch(maxAccounts: number): fc.Arbitrary<RawEpoch> {
  const account = fc.nat({ max: maxAccounts - 1 });
  const score = fc.oneof(
    { weight: 6, arbitrary: fc.bigInt({ min: 1n, max: 30n }) },
    { weight: 2, arbitrary: fc.bigInt({ min: 1n, max: 10n ** 9n }) },
    { weight: 1, arbitrary: fc.bigInt({ min: 1n, max: (1n << 96n) - 1n }) },
  );
  return fc.record({
    scores: fc.oneof(
      { weight: 1, arbitrary: fc.constant([]) },
      {
        weight: 5,
        arbitrary: fc.array(fc.record({ account, task: fc.nat({ max: 3 }), score }), {
          maxLength: 2 * maxAccounts,
          size: 'max',
        }),
      },
    ),
    uses: fc.array(fc.record({ account, uses: fc.bigInt({ min: 1n, max: 60n }) }), {
      maxLength: maxAccounts,
      size: 'max',
    }),
    price: fc.oneof(
      fc.constant(0n),
      fc.bigInt({ min: 1n, max: 100n * WAD }),
      fc.bigInt({ min: 1n, max: (1n << 128n) - 1n }),
    ),
    deposit: fc.oneof(
      { weight: 4, arbitrary: fc.constant(0n) },
      { weight: 1, arbitrary: fc.bigInt({ min: 1n, max: 10n ** 24n }) },
    ),
  });
}

function eventsOf(parameters: EconomyParameters, raw: RawEpoch, epoch: number): History['epochs'][number] {
  const tasks = valueAt(parameters.tasks, epoch);
  const scores = new Map<string, EpochEvents['scores'][number]>();
  for (const { account, task, score } of raw.scores) {
    const id = tasks[task % tasks.length]?.task ?? 0;
    scores.set(`${account}/${id}`, { account: testAddress(account), task: id, score });
  }
  const uses = new Map(raw.uses.map((entry) => [entry.account, { ...entry, account: testAddress(entry.account) }]));
  return { scores: [...scores.values()], uses: [...uses.values()], price: raw.price, deposit: raw.deposit };
}

function economies(): fc.Arbitrary<EconomyParameters> {
  return fc
    .record({
      epochLength: fc.constantFrom(43_200, 86_400, 604_800),
      start: fc.integer({ min: 0, max: 2_000_000_000 }),
      budgets: fc.array(fc.oneof(fc.bigInt({ min: 0n, max: 1000n }), fc.bigInt({ min: 0n, max: 10n ** 27n })), {
        minLength: 1,
        maxLength: 6,
      }),
      tables: fc.array(fc.array(fc.nat({ max: 999 }), { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 2 }),
      minimum: fc.bigInt({ min: 1n, max: 20n }),
      law: fc.record({
        hasLaw: fc.boolean(),
        a: fc.bigInt({ min: WAD / 2n, max: WAD }),
        b: fc.bigInt({ min: 1n, max: WAD }),
        c: fc.bigInt({ min: 0n, max: 20n * WAD }),
        alpha: fc.oneof(fc.constant(0n), fc.bigInt({ min: 0n, max: WAD / 2n })),
        priceRef: fc.bigInt({ min: 1n, max: 10n * WAD }),
        smoothing: fc.integer({ min: 2, max: 60 }),
      }),
      rho: fc.bigInt({ min: 0n, max: WAD }),
      share: fc.oneof(fc.constant(0n), fc.bigInt({ min: 0n, max: WAD / 2n - 1n })),
      cap: fc.oneof(fc.constant(WAD), fc.bigInt({ min: WAD / 1000n, max: WAD })),
      bound: fc.oneof(fc.constant(0n), fc.bigInt({ min: 0n, max: WAD })),
      cohortEpochs: fc.integer({ min: 1, max: 3 }),
      lengths: fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 2 }),
      unlockPerUse: fc.bigInt({ min: 0n, max: WAD / 10n }),
    })
    .map((raw) => {
      const { start, epochLength, cohortEpochs } = raw;
      const tasks = tablesOf(raw.tables, start);
      let cumulative = 0n;
      const curve = raw.budgets.map((budget, i) => ({
        // Periods of one epoch and a half: borders fall inside epochs.
        end: start + (i + 1) * (epochLength + epochLength / 2),
        cumulative: (cumulative += budget),
      }));
      const smoothing = BigInt(raw.law.smoothing);
      const reserve = { ...raw.law, rho: raw.rho / smoothing, priceSource: ZERO_ADDRESS };
      const [firstLength = 0, secondLength] = raw.lengths;
      const cohort = cohortEpochs * epochLength;
      const terms = [{ from: 0, value: { cohortEpochs, duration: firstLength * cohort + (firstLength > 0 ? 17 : 0) } }];
      if (secondLength !== undefined) {
        terms.push({ from: 2 * cohortEpochs, value: { cohortEpochs: 2, duration: secondLength * epochLength } });
      }
      return {
        start,
        epochLength,
        curve,
        genesis: 0n,
        tasks,
        policy: tasks.map(({ from, value }) => ({
          from,
          value: { hash: `0x${'ab'.repeat(32)}`, minScores: value.map((_, i) => raw.minimum + BigInt(i)) },
        })),
        reserve: [{ from: 0, value: reserve }],
        foundation: [
          { from: 0, value: { account: testAddress(100_000), share: raw.share } },
          // From the fourth epoch on the foundation also mines: address 0 of the tests.
          { from: 3, value: { account: testAddress(0), share: raw.share / 2n } },
        ],
        accountCap: [{ from: 0, value: raw.cap }],
        accelerationBound: [{ from: 0, value: raw.bound }],
        terms,
        challenge: [{ from: 0, value: { window: 21_600, bond: WAD } }],
        unlockPerUse: [{ from: 0, value: raw.unlockPerUse }],
      };
    });
}

/** Weights from raw numbers: the first table from epoch 0, the second, with other ids, from epoch 2. */
function tablesOf(tables: readonly (readonly number[])[], salt: number): Over<readonly TaskWeight[]> {
  return tables.map((parts, which) => {
    const sum = BigInt(parts.reduce((total, part) => total + part + 1, 0));
    let left = WAD;
    const value = parts.map((part, i) => {
      const weight = i === parts.length - 1 ? left : (WAD * BigInt(part + 1)) / sum;
      left -= weight;
      return { task: 1 + (salt % 7) + 3 * i + which, weight };
    });
    return { from: 2 * which, value };
  });
}
