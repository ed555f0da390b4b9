import type { Address } from '../../protocol/brands.ts';
import { parseAddress, ZERO_ADDRESS } from '../../protocol/brands.ts';
import { ProtocolError } from '../../protocol/errors.ts';
import { parseDecimal, parseDuration, parseRatio } from '../../settlement/preset/decimals.ts';

/** Something with a name, or a number of its own, and what it is to have. */
export interface Named<T> {
  readonly name: string;
  readonly value: T;
}

/** The numbers of the reserve's law that can be changed one by one. */
export const RESERVE_FIELDS = ['a', 'b', 'c', 'alpha', 'priceRef', 'smoothing', 'rho'] as const;
export type ReserveField = (typeof RESERVE_FIELDS)[number];

/** What somebody wants governance to change, in human terms: amounts in wei, parts in wad, lengths in seconds. */
export interface Wishes {
  readonly setWeight?: readonly Named<bigint>[];
  readonly addTask?: readonly Named<bigint>[];
  readonly retireTask?: readonly string[];
  readonly policy?: string;
  readonly policyUri?: string;
  readonly minScore?: readonly Named<bigint>[];
  readonly reserve?: readonly { readonly name: ReserveField; readonly value: bigint }[];
  readonly law?: boolean;
  /** The zero address: nobody is asked. */
  readonly priceSource?: Address;
  readonly foundation?: Address;
  readonly foundationShare?: bigint;
  readonly accountCap?: bigint;
  readonly accelerationBound?: bigint;
  readonly window?: number;
  readonly bond?: bigint;
  readonly cohortEpochs?: number;
  readonly releaseOver?: number;
  readonly grantOperator?: readonly Address[];
  readonly revokeOperator?: readonly Address[];
  readonly grantGuardian?: readonly Address[];
  readonly revokeGuardian?: readonly Address[];
  readonly readmit?: readonly Address[];
  readonly ruleVeto?: readonly { readonly proposal: bigint; readonly upheld: boolean }[];
  readonly verifier?: Address;
  readonly registerPool?: readonly Address[];
  readonly allot?: readonly { readonly account: Address; readonly units: bigint }[];
  /** The zero address empties the seat. */
  readonly setReporter?: readonly { readonly seat: number; readonly account: Address }[];
  readonly votingDelay?: number;
  readonly votingPeriod?: number;
  readonly proposalThreshold?: bigint;
  readonly quorum?: bigint;
  readonly lateQuorum?: number;
  readonly timelockDelay?: number;
}

export type WishName = keyof Wishes;

/** An option of a command line: how it is written, what it says, and how its text is read (undefined: not at all). */
export interface Flag<T> {
  readonly option: string;
  readonly argument: string;
  readonly says: string;
  readonly expected: string;
  readonly parse: (text: string) => T | undefined;
  /** Whether it can be given again. */
  readonly many: boolean;
}

/** The option of each wish; one that can be given again is read one by one. */
export type Flags = {
  readonly [K in WishName]-?: Flag<NonNullable<Wishes[K]> extends readonly (infer E)[] ? E : NonNullable<Wishes[K]>>;
};

const LENGTH = 'a length of time such as "3 days", "12 hours" or "26 weeks"';
const RATIO = 'a part such as 0.35, 35% or 7/20';
const ADDRESS = '0x and 40 hexadecimal digits, lower case or with the EIP-55 checksum';

/** Every option by which something is proposed, in the order of the help. */
export const FLAGS: Flags = {
  setWeight: {
    ...many('set-weight', 'task=part', 'the weight of a task; tasks that are not named keep their proportions'),
    ...read(`a task's name or number, "=" and ${RATIO}`, named(parseRatio)),
  },
  addTask: {
    ...many('add-task', 'name=part', 'a task that is new, and its weight'),
    ...read(`a name, "=" and ${RATIO}`, named(parseRatio)),
  },
  retireTask: {
    ...many('retire-task', 'task', 'a task that counts no more, and never again'),
    ...read('a task by name or number', (text) => (text === '' ? undefined : text)),
  },
  policy: {
    ...one('policy', 'file', 'the scoring policy: a policy or a preset, whose hash and minimum scores are proposed'),
    ...read('a file', (text) => (text === '' ? undefined : text)),
  },
  policyUri: {
    ...one('policy-uri', 'uri', 'where everybody can read that policy'),
    ...read('an address such as ipfs://…', (text) => (text === '' ? undefined : text)),
  },
  minScore: {
    ...many('min-score', 'task=score', 'from which score on an account counts as participant, as it stands on chain'),
    ...read(
      'a task\'s name or number, "=" and a whole number',
      named((text) => parseDecimal(text, 0)),
    ),
  },
  reserve: {
    ...many('reserve', 'number=value', `a number of the reserve's law: ${RESERVE_FIELDS.join(', ')}`),
    ...read(`one of ${RESERVE_FIELDS.join(', ')}, "=" and a number such as 0.9 or 1/52`, reserveNumber),
  },
  law: {
    ...one('law', 'on-or-off', "whether participation and price move an epoch's payout at all"),
    ...read('on or off', (text) => (text === 'on' ? true : text === 'off' ? false : undefined)),
  },
  priceSource: {
    ...one('price-source', 'address', 'who is asked for the price; "none": nobody'),
    ...read(`${ADDRESS}, or none`, accountOrNone),
  },
  foundation: {
    ...one('foundation', 'address', "who is paid the foundation's share"),
    ...read(ADDRESS, account),
  },
  foundationShare: {
    ...one('foundation-share', 'part', 'how much of a payout the foundation gets'),
    ...read(RATIO, parseRatio),
  },
  accountCap: {
    ...one('account-cap', 'part', "how much of a task's budget one account gets at most"),
    ...read(RATIO, parseRatio),
  },
  accelerationBound: {
    ...one('acceleration-bound', 'part', 'how much of what is locked usage frees in one epoch at most'),
    ...read(RATIO, parseRatio),
  },
  window: {
    ...one('window', 'time', 'how long a settlement can be challenged'),
    ...read(LENGTH, parseDuration),
  },
  bond: {
    ...one('bond', 'coins', 'what an operator deposits with a settlement, in the native coin'),
    ...read('an amount such as 0.5', (text) => parseDecimal(text, 18)),
  },
  cohortEpochs: {
    ...one('cohort-epochs', 'number', 'how many epochs form a cohort from then on'),
    ...read('a whole number', (text) => whole(text)),
  },
  releaseOver: {
    ...one('release-over', 'time', 'how long a cohort is released from then on'),
    ...read(LENGTH, parseDuration),
  },
  grantOperator: {
    ...many('grant-operator', 'address', 'who may propose settlements too'),
    ...read(ADDRESS, account),
  },
  revokeOperator: {
    ...many('revoke-operator', 'address', 'who may no longer propose settlements'),
    ...read(ADDRESS, account),
  },
  grantGuardian: {
    ...many('grant-guardian', 'address', 'who may veto, pause and cancel too'),
    ...read(ADDRESS, account),
  },
  revokeGuardian: {
    ...many('revoke-guardian', 'address', 'who may no longer veto, pause and cancel'),
    ...read(ADDRESS, account),
  },
  readmit: {
    ...many('readmit', 'address', 'a suspended operator who may propose settlements again'),
    ...read(ADDRESS, account),
  },
  ruleVeto: {
    ...many('rule-veto', 'id=ruling', 'whether the veto of a settlement, by its number, is upheld or lifted'),
    ...read('a number, "=" and upheld or lifted', ruling),
  },
  verifier: {
    ...one('verifier', 'address', 'who judges proofs against settlements that are proposed 30 days later or after'),
    ...read(ADDRESS, account),
  },
  registerPool: {
    ...many('register-pool', 'address', 'a contract that may deposit into the reserve'),
    ...read(ADDRESS, account),
  },
  allot: {
    ...many('allot', 'account=units', 'units sold in advance, for an account'),
    ...read('an account, "=" and a whole number above 0', allotment),
  },
  setReporter: {
    ...many('set-reporter', 'seat=address', 'who reports from a seat of the median price source; "none" empties it'),
    ...read('the number of a seat, "=" and an address or none', reporter),
  },
  votingDelay: {
    ...one('voting-delay', 'time', 'how long a proposal is known before its vote'),
    ...read(LENGTH, parseDuration),
  },
  votingPeriod: {
    ...one('voting-period', 'time', 'how long a vote lasts'),
    ...read(LENGTH, parseDuration),
  },
  proposalThreshold: {
    ...one('proposal-threshold', 'tokens', 'how many votes it takes to propose'),
    ...read('an amount of tokens', (text) => parseDecimal(text, 18)),
  },
  quorum: {
    ...one('quorum', 'part', 'how much of what circulates has to vote'),
    ...read(RATIO, parseRatio),
  },
  lateQuorum: {
    ...one('late-quorum', 'time', 'by how much a late quorum prolongs a vote'),
    ...read(LENGTH, parseDuration),
  },
  timelockDelay: {
    ...one('timelock-delay', 'time', 'how long everything waits that was decided'),
    ...read(LENGTH, parseDuration),
  },
};

function one(option: string, argument: string, says: string) {
  return { option, argument, says, many: false };
}

function many(option: string, argument: string, says: string) {
  return { option, argument, says, many: true };
}

function read<T>(expected: string, parse: (text: string) => T | undefined) {
  return { expected, parse };
}

function named<T>(parse: (text: string) => T | undefined): (text: string) => Named<T> | undefined {
  return (text) => {
    const [name, value] = split(text);
    const read = parse(value);
    return name === '' || read === undefined ? undefined : { name, value: read };
  };
}

/** At the last sign: names may contain one. */
function split(text: string): readonly [before: string, after: string] {
  const at = text.lastIndexOf('=');
  return at === -1 ? ['', ''] : [text.slice(0, at), text.slice(at + 1)];
}

function reserveNumber(text: string): { name: ReserveField; value: bigint } | undefined {
  const [given, written] = split(text);
  const name = RESERVE_FIELDS.find((field) => field === given);
  const value = name === 'smoothing' ? parseDecimal(written, 0) : parseRatio(written);
  return name === undefined || value === undefined ? undefined : { name, value };
}

function account(text: string): Address | undefined {
  try {
    return parseAddress(text);
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}

function accountOrNone(text: string): Address | undefined {
  return text === 'none' ? ZERO_ADDRESS : account(text);
}

function whole(text: string, max = 4_294_967_295): number | undefined {
  const value = parseDecimal(text, 0);
  return value === undefined || value > BigInt(max) ? undefined : Number(value);
}

function ruling(text: string): { proposal: bigint; upheld: boolean } | undefined {
  const [id, word] = split(text);
  const proposal = parseDecimal(id, 0);
  if (proposal === undefined || !['upheld', 'lifted'].includes(word)) return undefined;
  return { proposal, upheld: word === 'upheld' };
}

function allotment(text: string): { account: Address; units: bigint } | undefined {
  const [who, count] = split(text);
  const [owner, units] = [account(who), parseDecimal(count, 0)];
  return owner === undefined || units === undefined || units === 0n ? undefined : { account: owner, units };
}

function reporter(text: string): { seat: number; account: Address } | undefined {
  const [number, who] = split(text);
  const [seat, owner] = [whole(number), accountOrNone(who)];
  return seat === undefined || owner === undefined ? undefined : { seat, account: owner };
}
