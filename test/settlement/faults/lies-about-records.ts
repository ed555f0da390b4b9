import type { EpochRecord } from '../../../src/protocol/epoch-record.ts';
import { settleEpoch } from '../../../src/settlement/settle-epoch.ts';
import type { EpochInput, EpochSettlement } from '../../../src/settlement/settle-epoch.ts';
import { NO_ACCOUNTS } from '../../../src/settlement/columns/table-builder.ts';

const WAD = 10n ** 18n;

/** A settlement that is sound in itself, but of another record, another reserve or another parent. */
export interface OtherWorld {
  readonly name: string;
  readonly settle: (input: EpochInput) => EpochSettlement;
}

const record = (name: string, change: (record: EpochRecord) => Partial<EpochRecord>): OtherWorld => ({
  name: `settled by ${name}`,
  settle: (input) => settleEpoch({ ...input, record: { ...input.record, ...change(input.record) } }),
});

/** Whatever differs from the honest settlement under one of these is a lie. */
export const OTHER_WORLDS: readonly OtherWorld[] = [
  record('a larger budget', ({ budget }) => ({ budget: budget + 1_000_000n })),
  record('another price', ({ price }) => ({ price: price === 0n ? WAD : 0n })),
  record('other weights', ({ weights }) => ({ weights: [...weights].reverse() })),
  record('lower minimum scores', ({ minScores }) => ({ minScores: minScores.map(() => 1n) })),
  record('higher minimum scores', ({ minScores }) => ({ minScores: minScores.map((score) => score + 5n) })),
  record('no foundation', () => ({ foundationShare: 0n })),
  record('a larger foundation', () => ({ foundationShare: WAD / 2n - 1n })),
  record('no cap', () => ({ accountCap: WAD })),
  record('the smallest cap', () => ({ accountCap: WAD / 1000n })),
  record('a cohort that ends later', ({ cohortEnd, duration }) => ({
    cohortEnd: cohortEnd + 60,
    duration: duration === 0 ? 77 : duration,
  })),
  record('a shorter release', ({ duration }) => ({ duration: duration >>> 1 })),
  record('no release at all', () => ({ duration: 0 })),
  record('no law', ({ reserve }) => ({ reserve: { ...reserve, hasLaw: !reserve.hasLaw } })),
  record('a reserve that gives more', ({ reserve }) => ({ reserve: { ...reserve, smoothing: 2, rho: WAD / 2n } })),
  {
    name: 'settled with a larger reserve',
    settle: (input) =>
      settleEpoch({ ...input, parent: { ...input.parent, reserve: input.parent.reserve + 10n ** 20n } }),
  },
  {
    name: 'settled as if nobody had been there before',
    settle: (input) => settleEpoch({ ...input, parent: { ...input.parent, accounts: NO_ACCOUNTS } }),
  },
];
