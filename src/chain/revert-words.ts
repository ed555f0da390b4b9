import { moment } from './moment.ts';
import { decodeBytes32String, formatEther, id } from 'ethers';

/** A contract's refusal, for people. */
export interface RefusalWords {
  readonly words: string;
  /** What to do now, where that is not to wait or to see what the contract asks for. */
  readonly next?: string;
}

/** An argument and its unit in a template. */
const PLACE = /\{(\w+):(\w+)\}/g;

type Values = Readonly<Record<string, unknown>>;
type Unit = (value: unknown, values: Values) => string;

/** What a figure of a refusal means; a template names one behind each of its arguments. */
const UNITS: Readonly<Record<string, Unit>> = {
  plain: (value) => String(value),
  coins: (value) => `${coins(value)} of the native coin`,
  wad: (value) => coins(value),
  tokens: (value) => `${coins(value)} tokens`,
  date: (value) => date(Number(value)),
  span: (value) => span(Number(value)),
  share: (value) => `${share(value)} %`,
  word: (value) => settingName(value),
  setting: (value, { setting, parameter, rule }) => ofSetting(settingName(setting ?? parameter ?? rule), value),
  proposal: (value) => named(PROPOSAL_STATES, value),
  states: (value) => statesIn(PROPOSAL_STATES, value),
  operations: (value) => statesIn(OPERATION_STATES, value),
  settlement: (value) => named(SETTLEMENT_STATES, value),
  role: (value) => TIMELOCK_ROLES.get(String(value)) ?? 'who has the right',
};

const PROPOSAL_STATES = [
  ...['before its vote', 'being voted about', 'cancelled', 'defeated', 'carried', 'queued', 'expired', 'executed'],
];
const OPERATION_STATES = ['unknown', 'waiting', 'ready', 'executed'];
const SETTLEMENT_STATES = ['unknown', 'pending', 'final', 'vetoed', 'dropped', 'forfeited', 'disproved'];

/** Who does what in the timelock, by the role that it asks for. */
const TIMELOCK_ROLES: ReadonlyMap<string, string> = new Map([
  [id('PROPOSER_ROLE'), 'only the council schedules, and after the hand-over only the governor'],
  [id('CANCELLER_ROLE'), 'only the council cancels, and a guardian by its own contract'],
  [id('EXECUTOR_ROLE'), 'only the council executes, until the hand-over'],
]);

/** The figures by which governance decides, and the reserve, by their names in the contracts. */
const SETTINGS: Readonly<Record<string, keyof typeof UNITS>> = {
  ...{ votingDelay: 'span', votingPeriod: 'span', lateQuorum: 'span', maxAge: 'span', interval: 'span' },
  ...{ proposalThreshold: 'tokens', quorumFloor: 'tokens', maxChange: 'share', quorum: 'share' },
  ...{ priceRef: 'wad', a: 'share', b: 'share', alpha: 'share', smoothing: 'share', rho: 'share' },
};

const STARTED = 'epoch {from:plain} has begun on {start:date}, or will have by then: changes act from a later epoch on';
const AHEAD = 'epoch {from:plain} begins on {start:date}, and changes may be made for {latest:date} at the latest';
const CHANGED =
  'a change from epoch {lastChange:plain} on is there already: one from epoch {from:plain} on comes too late';
const LATER_EPOCH = 'name a later epoch by --from-epoch';
const NEARER_EPOCH = 'name a nearer epoch by --from-epoch';
const OUT_OF_RANGE = '{value:setting} is not between {minimum:setting} and {maximum:setting}';

/** The refusals that people meet, by the name of the contract's error; others are told by their figures as they are. */
export const REFUSALS: Readonly<Record<string, readonly [words: string, next?: string]>> = {
  AccessManagedUnauthorized: [
    '{caller:plain} has not the role that this call asks for',
    'send it as who has it, by --as',
  ],
  AccessControlUnauthorizedAccount: ['{account:plain} may not do this in the timelock: {neededRole:role}'],
  ERC20InsufficientBalance: ['{sender:plain} has {balance:tokens}, and {needed:tokens} are needed'],
  GovernorAlreadyCastVote: ['{voter:plain} has voted already, and a vote is cast once', 'nothing is left to do'],
  GovernorInsufficientProposerVotes: [
    '{proposer:plain} has {votes:tokens} of votes, and a proposal takes {threshold:tokens}',
    'have more delegated: lode governance delegate',
  ],
  GovernorNonexistentProposal: ['there is no such proposal', 'see `lode governance status --all`'],
  GovernorRestrictedProposer: ['only the address that the description names may make this proposal'],
  GovernorUnexpectedProposalState: [
    'the proposal is {current:proposal}, and this takes one that is {expectedStates:states}',
    'see `lode governance status --all`; the same calls with the same reason are the same proposal: give another --reason',
  ],
  TimelockInsufficientDelay: ['the delay of {delay:span} is shorter than the timelock has, {minDelay:span}'],
  TimelockUnexpectedOperationState: [
    'the operation is not {expectedStates:operations}, as this takes',
    'see `lode governance status --all`; the same calls with the same reason are the same operation: give another --reason',
  ],
  EpochDistributor_AlreadyDemanded: ['leaf {index:plain} of this proposal was demanded before'],
  EpochDistributor_AlreadyProposed: ['epoch {epoch:plain} has a proposal already, number {proposalId:plain}'],
  EpochDistributor_AnswerOpen: ['the leaf may still be shown, until {until:date}', 'run the same command after that'],
  EpochDistributor_AnswerOver: ['the leaf could be shown until {until:date}, and now it is {present:date}'],
  EpochDistributor_BondMismatch: ['a proposal takes a bond of {bond:coins}, not {given:coins}'],
  EpochDistributor_DemandsOpen: ['{demands:plain} demanded leaves are not shown yet', 'show them: lode answer'],
  EpochDistributor_DemandsOver: ['leaves could be demanded until {until:date}, and now it is {present:date}'],
  EpochDistributor_DepositTooSmall: ['the deposit is {deposit:coins} now, not {given:coins}', 'run the command again'],
  EpochDistributor_EpochNotClosed: ['epoch {epoch:plain} is not closed yet', 'close it first: anyone may'],
  EpochDistributor_EpochNotOver: ['epoch {epoch:plain} lasts until {end:date}; wait and try again'],
  EpochDistributor_NoSuchLeaf: ['the proposal declares {leafCount:plain} leaves, and has no leaf {index:plain}'],
  EpochDistributor_NotNext: ['epoch {next:plain} comes next, not epoch {epoch:plain}'],
  EpochDistributor_NotPending: ['settlement {proposalId:plain} is not pending', 'look at it anew: lode doctor'],
  EpochDistributor_NotVetoed: [
    'settlement {proposalId:plain} is {state:settlement}, and only about a vetoed one governance rules',
    'look at it anew: lode doctor',
  ],
  EpochDistributor_NothingOwed: ['nothing is owed to {account:plain}', 'it is credited when a proposal is over'],
  EpochDistributor_NothingProposed: ['no settlement of epoch {epoch:plain} is proposed'],
  EpochDistributor_OperatorNotSuspended: ['{operator:plain} is not suspended', 'nothing is left to do'],
  EpochDistributor_OperatorSuspended: [
    '{operator:plain} is suspended until {until:date}',
    'another operator proposes; governance can readmit it',
  ],
  EpochDistributor_PauseTooSoon: ['the next pause may begin on {from:date}, and now it is {present:date}'],
  EpochDistributor_PaymentRefused: ['{account:plain} does not take the {amount:coins} that it is owed'],
  EpochDistributor_ProposalsPaused: ['settlements are paused until {until:date}; wait and try again'],
  EpochDistributor_RulingOpen: ['governance can rule about the veto until {until:date}; wait and try again'],
  EpochDistributor_RulingOver: [
    'governance could rule about the veto until {until:date}',
    'its bond can be released now',
  ],
  EpochDistributor_StillPending: ['settlement {proposalId:plain} is still pending', 'run this again when it is over'],
  EpochDistributor_VerifierCodeless: ['there is no contract at {verifier:plain}', 'name a verifier that is deployed'],
  EpochDistributor_WindowOpen: ['the settlement can be challenged until {until:date}; wait and try again'],
  EpochParameters_AccelerationOutOfBounds: ['the bound of {bound:share} for accelerations is above {max:share}'],
  EpochParameters_BondOutOfBounds: ['a bond of {bond:coins} is not between {min:coins} and {max:coins}'],
  EpochParameters_CapOutOfBounds: ["an account's cap of {cap:share} is not between {min:share} and {max:share}"],
  EpochParameters_EpochStarted: [STARTED, LATER_EPOCH],
  EpochParameters_ShareOutOfBounds: ["the foundation's share of {share:share} is above {max:share}"],
  EpochParameters_TooFarAhead: [AHEAD, NEARER_EPOCH],
  EpochParameters_WindowOutOfBounds: ['a window of {window:span} is not between {min:span} and {max:span}'],
  GuardianCanceller_OwnReplacement: ["a guardian cannot stop a change of guardians: it would be one's own replacement"],
  Handover_Done: ['the hand-over has been made: the holders decide', 'nothing is left to do'],
  Handover_NotCouncil: ['only the council {council:plain} may do this', 'send it as the council, by --as'],
  Handover_NotOpen: [
    'the council hands over; {caller:plain} may only after {openAfter:date}, and now it is {present:date}',
    'send it as the council, by --as, or wait',
  ],
  Handover_VotesTooFew: [
    '{votes:tokens} of votes are delegated, and the hand-over takes {needed:tokens}',
    'have more holders delegate: lode governance delegate',
  ],
  MedianPriceSource_NotReporter: ['{caller:plain} has no seat', 'send it as a reporter, by --as'],
  MedianPriceSource_OutOfRange: [`{rule:word} of ${OUT_OF_RANGE}`],
  MedianPriceSource_PriceOutOfRange: [
    'a price of {price:wad} is not between {minimum:wad} and {maximum:wad}: it moves no further at once',
  ],
  MedianPriceSource_TooSoon: ['the next report may come on {earliest:date}; wait and try again'],
  MiningGovernor_NotInOffice: ['the council decides until the hand-over', 'lode governance handover'],
  MiningGovernor_OutOfRange: [`{setting:word} of ${OUT_OF_RANGE}`],
  MiningTimelock_DelayOutOfRange: ['a delay of {delay:span} is not between {minimum:span} and {maximum:span}'],
  StabilizationReserve_BeforeLastChange: [CHANGED, LATER_EPOCH],
  StabilizationReserve_EpochStarted: [STARTED, LATER_EPOCH],
  StabilizationReserve_OutOfRange: [`{parameter:word} of ${OUT_OF_RANGE}`],
  StabilizationReserve_TooFarAhead: [AHEAD, NEARER_EPOCH],
  TaskRegistry_BeforeLastChange: [CHANGED, LATER_EPOCH],
  TaskRegistry_EpochStarted: [STARTED, LATER_EPOCH],
  TaskRegistry_TooFarAhead: [AHEAD, NEARER_EPOCH],
  TaskRegistry_WeightSumWrong: ['the weights sum to {sum:share}, not {expected:share}'],
  TaskRegistry_WeightTooLow: ['task {task:plain} would weigh {weight:share}, less than {minimum:share}'],
  UnitPool_SaleOpen: ['the sale lasts until {saleEnd:date}; wait and try again'],
  VestingVault_CohortLengthOutOfBounds: ['a cohort of {length:span} is not between {min:span} and {max:span}'],
  VestingVault_DurationAboveMax: ['vesting over {duration:span} is longer than {max:span}'],
  VestingVault_EpochNotFinal: [
    'epoch {epoch:plain} is not final yet, epoch {next:plain} comes next; wait and try again',
  ],
  VestingVault_EpochStarted: [STARTED, LATER_EPOCH],
  VestingVault_NothingToClaim: ['nothing more is released to {account:plain}: {unlocked:tokens}, all of it claimed'],
  VestingVault_SignatureExpired: ['the signature held until {deadline:date}', 'have it signed anew'],
  VestingVault_SignatureInvalid: [
    '{account:plain} has not signed this, or has made it void since',
    'have it signed anew, by the wallet of that account',
  ],
  VestingVault_TooFarAhead: [AHEAD, NEARER_EPOCH],
};

/** Every error that has words, and the arguments that they name: held against the contracts by a test. */
export const TOLD_ARGUMENTS: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries(REFUSALS).map(([error, [words]]) => [error, [...words.matchAll(PLACE)].map(([, name = '']) => name)]),
);

/** A contract's refusal in words; null for one that nobody is likely to meet. */
export function refusalWords(error: string, values: Values): RefusalWords | null {
  const entry = REFUSALS[error];
  if (entry === undefined) return null;
  const [template, next] = entry;
  const words = template.replace(PLACE, (_, name: string, unit: string) =>
    (UNITS[unit] ?? String)(values[name], values),
  );
  return { words, ...(next === undefined ? {} : { next }) };
}

function coins(value: unknown): string {
  return formatEther(BigInt(String(value))).replace(/\.0$/, '');
}

function share(value: unknown): string {
  return formatEther(BigInt(String(value)) * 100n).replace(/\.0$/, '');
}

/** A moment in UTC; what lies behind the calendar never comes. */
function date(seconds: number): string {
  return Number.isNaN(new Date(seconds * 1000).getTime()) ? 'further notice' : moment(seconds);
}

/** A length of time in the largest unit that leaves no rest. */
function span(seconds: number): string {
  const units = [['day', 86_400] as const, ['hour', 3600] as const, ['minute', 60] as const];
  const [name, size] = units.find(([, length]) => seconds > 0 && seconds % length === 0) ?? ['second', 1];
  return `${seconds / size} ${name}${seconds === size ? '' : 's'}`;
}

function settingName(value: unknown): string {
  try {
    return decodeBytes32String(String(value));
  } catch {
    return 'a setting';
  }
}

function ofSetting(name: string, value: unknown): string {
  return (UNITS[SETTINGS[name] ?? 'plain'] ?? String)(value, {});
}

function named(names: readonly string[], value: unknown): string {
  return names[Number(value)] ?? 'in another state';
}

/** A set of states: one bit for each. */
function statesIn(names: readonly string[], value: unknown): string {
  const bits = BigInt(String(value));
  const held = names.filter((_, index) => (bits >> BigInt(index)) % 2n === 1n);
  return held.length === 0 ? 'new' : held.join(' or ');
}
