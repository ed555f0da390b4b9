import type { EpochInput, EpochSettlement } from '../../src/settlement/settle-epoch.ts';
import { settleEpoch } from '../../src/settlement/settle-epoch.ts';
import type { EpochRecord } from '../../src/protocol/epoch-record.ts';
import type { Random } from './effort.ts';
import type { Assembled, ForgedLeaf, Forgery } from './forgery.ts';
import { assemble, auditBytes, curveBytes, forgeryOf, hashOf, wordsOf } from './forgery.ts';

/** One field of a leaf or of the declaration, wherever it stands. */
interface Field {
  readonly bits: number;
  readonly value: bigint;
  readonly set: (value: bigint) => void;
  /** The same field of another leaf, if there is one. */
  readonly elsewhere?: bigint | undefined;
}

/** Everything that can be changed, by the name of the field; written from the format, not from the checker. */
type Place = (forgery: Forgery, numbers: Random) => Field | undefined;

const pick = <T>(list: readonly T[], numbers: Random): T | undefined =>
  list.length === 0 ? undefined : list[numbers.index(list.length)];

type Lists = 'scores' | 'accelerated' | 'runScores' | 'runParticipants' | 'runAccelerated';

function listOf(name: Lists, bits: number): Place {
  return ({ leaves }, numbers) => {
    const leaf = pick(leaves, numbers);
    if (leaf === undefined || leaf[name].length === 0) return undefined;
    const i = numbers.index(leaf[name].length);
    const elsewhere = pick(leaves, numbers)?.[name][i];
    return { bits, value: leaf[name][i]!, set: (value) => (leaf[name][i] = value), elsewhere };
  };
}

function plain(name: 'account' | 'unlocked' | 'runGranted', bits: number): Place {
  return ({ leaves }, numbers) => {
    const leaf = pick(leaves, numbers);
    if (leaf === undefined) return undefined;
    return { bits, value: leaf[name], set: (value) => (leaf[name] = value), elsewhere: pick(leaves, numbers)?.[name] };
  };
}

function cohort(name: 'end' | 'duration' | 'amount', bits: number): Place {
  return ({ leaves }, numbers) => {
    const leaf = pick(
      leaves.filter(({ cohorts }) => cohorts.length > 0),
      numbers,
    );
    const one = leaf === undefined ? undefined : pick(leaf.cohorts, numbers);
    if (one === undefined) return undefined;
    return { bits, value: one[name], set: (value) => (one[name] = value) };
  };
}

type Declared = 'participants' | 'scoreTotals' | 'accelerated';

function declaredList(name: Declared, bits: number): Place {
  return ({ declared }, numbers) => {
    const i = numbers.index(declared[name].length + 1);
    const value = declared[name][i];
    if (value === undefined) return undefined;
    const set = (to: bigint): void => {
      if (name === 'participants') declared[name][i] = Number(to);
      else declared[name][i] = to;
    };
    return { bits, value: BigInt(value), set };
  };
}

/** Raw bytes of a part of a leaf, as one field of as many bits as it has. */
function raw(part: 'rawLeaf' | 'rawCurve' | 'rawAudit', bytesOf: (leaf: ForgedLeaf) => Uint8Array): Place {
  return ({ leaves }, numbers) => {
    const leaf = pick(leaves, numbers);
    if (leaf === undefined) return undefined;
    const bytes = Uint8Array.from(bytesOf(leaf));
    const bit = numbers.index(bytes.length * 8);
    return {
      bits: 1,
      value: BigInt((bytes[bit >>> 3]! >>> (bit & 7)) & 1),
      set: () => {
        bytes[bit >>> 3]! ^= 1 << (bit & 7);
        leaf[part] = bytes;
        // An account's name is one of the fields above, with its own rule.
        if (part === 'rawLeaf') leaf.account = BigInt(`0x${Buffer.from(bytes.subarray(0, 32)).toString('hex')}`);
      },
    };
  };
}

/** Where a mutation may strike: every field of the format. */
const PLACES: ReadonlyMap<string, Place> = new Map<string, Place>([
  ['account', plain('account', 160)],
  ['unlocked', plain('unlocked', 128)],
  ['cohort end', cohort('end', 40)],
  ['cohort duration', cohort('duration', 40)],
  ['cohort amount', cohort('amount', 128)],
  ['score', listOf('scores', 96)],
  ['accelerated', listOf('accelerated', 128)],
  ['running score', listOf('runScores', 128)],
  ['running participants', listOf('runParticipants', 32)],
  ['running grants', plain('runGranted', 128)],
  ['running accelerated', listOf('runAccelerated', 128)],
  [
    'declared leaf count',
    ({ declared }) => ({
      bits: 32,
      value: BigInt(declared.leafCount),
      set: (value) => (declared.leafCount = Number(value)),
    }),
  ],
  ['declared participants', declaredList('participants', 32)],
  ['declared score total', declaredList('scoreTotals', 128)],
  [
    'declared grants',
    ({ declared }) => ({
      bits: 128,
      value: declared.granted,
      set: (value) => (declared.granted = value),
    }),
  ],
  ['declared accelerated', declaredList('accelerated', 128)],
  [
    'declared root',
    (forgery) => ({
      bits: 256,
      value: BigInt(assemble(forgery).settlement.root),
      set: (value) => (forgery.declared.root = `0x${value.toString(16).padStart(64, '0')}` as never),
    }),
  ],
  ['a bit of a leaf', raw('rawLeaf', (leaf) => leafBytes(leaf))],
  ['a bit of a curve', raw('rawCurve', curveBytes)],
  ['a bit of an audit', raw('rawAudit', auditBytes)],
]);

export const MUTATED_FIELDS: readonly string[] = [...PLACES.keys()];

/** What can be declared has to fit its type; what stands in a leaf is any word. */
const DECLARED = /^declared/;

/**
 * Changes one field to any other value: a bit, one more, one less, nothing, the most, that of another leaf, any value of its
 * range, or (in a leaf) one beyond it. Undefined when there is no such field here, or the outcome is an honest settlement.
 */
export function mutated(settled: EpochSettlement, name: string, numbers: Random): Assembled | undefined {
  const forgery = forgeryOf(settled);
  const field = PLACES.get(name)?.(forgery, numbers);
  if (field === undefined) return undefined;
  const value = otherValue(field, !DECLARED.test(name), numbers);
  if (value === undefined || value === field.value) return undefined;
  field.set(value);
  return isHonestToo(settled, forgery, name) ? undefined : assemble(forgery);
}

function otherValue({ bits, value, elsewhere }: Field, mayExceed: boolean, numbers: Random): bigint | undefined {
  const most = (1n << BigInt(bits)) - 1n;
  const options = [
    value ^ (1n << BigInt(numbers.index(bits))),
    value + 1n,
    value - 1n,
    0n,
    most,
    elsewhere,
    numbers.uniform(bits),
    ...(mayExceed ? [most + 1n, value + most + 1n] : []),
  ];
  const chosen = options[numbers.index(options.length)];
  return chosen === undefined || chosen < 0n || (!mayExceed && chosen > most) ? undefined : chosen;
}

/** A newcomer under another free name that still stands between his neighbours: an honest settlement of another ledger. */
function isHonestToo(settled: EpochSettlement, { leaves }: Forgery, name: string): boolean {
  if (name !== 'account' && name !== 'a bit of a leaf') return false;
  const accounts = leaves.map(({ account }) => account);
  if (accounts.some((account, i) => i > 0 && account <= accounts[i - 1]!)) return false;
  if (accounts.some((account) => account === 0n || account >= 1n << 160n)) return false;
  if (name === 'a bit of a leaf') {
    const hashesKept = leaves.every(
      (leaf) =>
        leaf.rawLeaf === undefined || Buffer.from(leaf.rawLeaf.subarray(32)).equals(leafBytes(leaf).subarray(32)),
    );
    if (!hashesKept) return false;
  }
  // Whoever was there before still is, so the one renamed was a newcomer.
  const present = new Set(accounts);
  return [...settled.parent.accounts].every(({ account }) => present.has(BigInt(account)));
}

function leafBytes(leaf: ForgedLeaf): Buffer {
  return Buffer.concat([wordsOf(leaf.account), hashOf(curveBytes(leaf)), hashOf(auditBytes(leaf))]);
}

/** Which figures of a record are changed. */
const RECORD_FIELDS = [
  ...['start', 'end', 'budget', 'price', 'foundationShare', 'accountCap', 'accelerationBound', 'cohortEnd', 'duration'],
  ...['weights', 'minScores', 'a', 'b', 'c', 'alpha', 'priceRef', 'smoothing', 'rho', 'hasLaw'],
] as const;
const WAD = 10n ** 18n;

/**
 * The settlement that another record gives: one of its figures, drawn at random, has another value within its bounds. Undefined when
 * that comes to the very same settlement.
 */
export function ofOtherRecord(
  settled: EpochSettlement,
  input: Pick<EpochInput, 'scores' | 'uses' | 'unlockPerUse'>,
  numbers: Random,
): Assembled | undefined {
  const name = RECORD_FIELDS[numbers.index(RECORD_FIELDS.length)]!;
  const record = changed(settled.record, name, numbers);
  const other = settleEpoch({ ...input, parent: settled.parent, record });
  return JSON.stringify(other.settlement, text) === JSON.stringify(settled.settlement, text)
    ? undefined
    : assemble(forgeryOf(other));
}

const text = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? `${value}` : value);

function changed(record: EpochRecord, name: (typeof RECORD_FIELDS)[number], numbers: Random): EpochRecord {
  const { reserve } = record;
  const wad = numbers.uniform(64) % (WAD + 1n);
  const law = (change: Partial<EpochRecord['reserve']>): EpochRecord => ({
    ...record,
    reserve: { ...reserve, hasLaw: true, ...change },
  });
  switch (name) {
    case 'start':
      return { ...record, start: record.start + 1 };
    case 'end':
      return { ...record, end: record.end + 1 + numbers.index(3600) };
    case 'budget':
      return { ...record, budget: numbers.bits(100) };
    case 'price':
      return { ...record, price: numbers.bits(100) };
    case 'foundationShare':
      return { ...record, foundationShare: wad / 2n };
    case 'accountCap':
      return { ...record, accountCap: WAD / 1000n + (wad * 999n) / 1000n };
    case 'accelerationBound': {
      // Only a larger one: whoever frees less than is allowed may have been used less, which is the ledger's to know.
      const { accelerationBound: bound } = record;
      return { ...record, accelerationBound: bound + ((WAD - bound) * wad) / WAD };
    }
    case 'cohortEnd':
      return { ...record, cohortEnd: record.cohortEnd + 1 + numbers.index(86_400) };
    case 'duration':
      return { ...record, duration: numbers.index(10_000_000) };
    case 'weights': {
      if (record.weights.length < 2) return { ...record, budget: record.budget + 1n };
      const [first = 0n, second = 0n, ...rest] = record.weights;
      const moved = first > 1n ? numbers.uniform(60) % first : 0n;
      return { ...record, weights: [first - moved, second + moved, ...rest] };
    }
    case 'minScores':
      return { ...record, minScores: record.minScores.map((score) => score + BigInt(1 + numbers.index(20))) };
    case 'hasLaw':
      return { ...record, reserve: { ...reserve, hasLaw: !reserve.hasLaw } };
    case 'smoothing':
      return { ...record, reserve: { ...reserve, smoothing: 2 + numbers.index(3000) } };
    case 'rho':
      return { ...record, reserve: { ...reserve, rho: wad / BigInt(reserve.smoothing) } };
    case 'a':
      return law({ a: 1n + wad });
    case 'b':
      return law({ b: 1n + wad * 5n });
    case 'c':
      return law({ c: numbers.bits(70) });
    case 'alpha':
      return law({ alpha: wad });
    case 'priceRef':
      return law({ priceRef: 1n + numbers.bits(90) });
  }
}
