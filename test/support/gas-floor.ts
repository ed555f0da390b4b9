import type { TransactionReceipt } from 'ethers';

/** A part of what a transaction cannot do without, and what the chain takes for it. */
export interface Need {
  readonly what: string;
  readonly gas: number;
}

/* The prices are those of EIP-2028 (calldata), EIP-2929 and EIP-3529 (storage), and of the Yellow Paper. */

const ZERO_BYTE = 4;
const OTHER_BYTE = 16;
const BASE = 21_000;

/** A slot that is read for the first time in the transaction. */
export const read = (what: string): Need => ({ what: `read: ${what}`, gas: 2_100 });
/** A slot that holds another value afterwards. */
export const change = (what: string): Need => ({ what: `change: ${what}`, gas: 5_000 });
/** A slot that was empty. */
export const fill = (what: string): Need => ({ what: `fill: ${what}`, gas: 22_100 });
/** A slot that the transaction has changed before. */
const changeAgain = (what: string): Need => ({ what: `change again: ${what}`, gas: 200 });
/** A contract that is called, or whose code is asked for, for the first time. */
export const contract = (what: string): Need => ({ what: `contract: ${what}`, gas: 2_600 });
/** A call or a slot that the transaction knows already. */
const again = (what: string): Need => ({ what: `again: ${what}`, gas: 100 });
/** An event of so many topics, its name included, and bytes. */
export const log = (what: string, topics: number, bytes: number): Need => ({
  what: `log: ${what}`,
  gas: 375 * (topics + 1) + 8 * bytes,
});
/** Hashes of so many bytes each. */
export const hashes = (what: string, bytes: number, count = 1): Need => ({
  what: `hash: ${what}`,
  gas: count * (30 + 6 * Math.ceil(bytes / 32)),
});
/** The places of entries of mappings. */
const places = (count: number): Need => hashes(`places of ${count} entries`, 64, count);

/** The bytes of calldata, and how many of them are not zero. */
export function bytesOf(data: string): { readonly all: number; readonly notZero: number } {
  const bytes = data.slice(2).match(/../g) ?? [];
  return { all: bytes.length, notZero: bytes.filter((byte) => byte !== '00').length };
}

/** What a transaction pays before anything runs. */
function sent(data: string): readonly Need[] {
  const { all, notZero } = bytesOf(data);
  return [
    { what: 'base', gas: BASE },
    { what: `calldata: ${all} bytes`, gas: OTHER_BYTE * notZero + ZERO_BYTE * (all - notZero) },
  ];
}

/** The least that a mined transaction can have cost: base, calldata and the work given. */
export async function floorOf(receipt: TransactionReceipt, work: readonly Need[]): Promise<number> {
  const { data } = await receipt.getTransaction();
  return [...sent(data), ...work].reduce((sum, { gas }) => sum + gas, 0);
}

/** A payment out of the vault to somebody who has never held the token, or who has; nobody has delegated. */
export function payment(to: 'new' | 'holder'): readonly Need[] {
  return [
    contract('the token'),
    change('the balance of the payer'),
    to === 'new' ? fill('the balance of the payee') : change('the balance of the payee'),
    read('the delegate of the payer'),
    read('the delegate of the payee'),
    places(4),
    log('Transfer', 3, 32),
  ];
}

/** How large a claim is, and what was before it. */
export interface ClaimSize {
  readonly depth: number;
  readonly cohorts: number;
  readonly paidBefore: boolean;
  readonly to: 'new' | 'holder';
}

/** A claim's own work, whatever way it is made. */
export function claimWork({ depth, cohorts, paidBefore, to }: ClaimSize): readonly Need[] {
  return [
    ...leafWork(depth, cohorts),
    read('root, leaf count and total of the epoch'),
    paidBefore ? change('what the account was paid') : fill('what the account was paid'),
    change('what all were paid'),
    places(2),
    log('RewardClaimed', 4, 64),
    ...payment(to),
  ];
}

/** A batch of claims of one epoch: what they share is fetched once. */
export function batchWork(count: number, size: ClaimSize): readonly Need[] {
  const next: readonly Need[] = [
    ...leafWork(size.depth, size.cohorts),
    again('root, leaf count and total of the epoch'),
    size.paidBefore ? change('what the account was paid') : fill('what the account was paid'),
    changeAgain('what all were paid'),
    log('RewardClaimed', 4, 64),
    again('the token'),
    changeAgain('the balance of the payer'),
    size.to === 'new' ? fill('the balance of the payee') : change('the balance of the payee'),
    again('the delegate of the payer'),
    read('the delegate of the payee'),
    places(6),
    log('Transfer', 3, 32),
  ];
  const own = again('a call of its own, so that one that fails spoils nothing');
  return [...claimWork(size), own, ...Array.from({ length: count - 1 }, () => [...next, own]).flat()];
}

function leafWork(depth: number, cohorts: number): readonly Need[] {
  return [
    hashes('the curve', 32 * (1 + cohorts)),
    hashes('the leaf, inside', 96),
    hashes('the leaf', 32),
    hashes('the proof', 64, depth),
  ];
}

/** Asks an account without code for a signature of a message of so many words, and uses up a nonce. */
export function signatureWork(words: number, nonce: 'first' | 'later'): readonly Need[] {
  return [
    nonce === 'first' ? fill('the nonce') : change('the nonce'),
    places(1),
    contract('the account, which may be one'),
    again('the precompile'),
    { what: 'ecrecover', gas: 3_000 },
    hashes('the message', 32 * words),
    hashes('the digest', 66),
  ];
}

/** The chosen recipient of an account, with no change that waits. */
export const recipientRead: readonly Need[] = [read('the recipient'), places(1)];

/** A curve in storage. */
export function curveWork(cohorts: number): readonly Need[] {
  return [
    read('what of the curve is free'),
    read('how many cohorts it has'),
    ...Array.from({ length: cohorts }, () => read('a cohort')),
    hashes('the place of the cohorts', 32),
  ];
}

/** A claim of a foundation. */
export function foundationWork(cohorts: number, paidBefore: boolean, to: 'new' | 'holder'): readonly Need[] {
  return [
    ...curveWork(cohorts),
    paidBefore ? change('what the foundation was paid') : fill('what the foundation was paid'),
    change('what all were paid'),
    places(1),
    log('FoundationClaimed', 2, 64),
    ...payment(to),
  ];
}

/** The first recipient of an account that was never paid, chosen by itself. */
export const setRecipientWork: readonly Need[] = [
  fill('the nonce, which makes void what was signed'),
  fill('that there is a recipient'),
  fill('the recipient'),
  read('the recipient that waits'),
  places(4),
  log('RecipientChanged', 4, 0),
];

/** The same by signature: it waits. */
export const setRecipientBySigWork: readonly Need[] = [
  ...signatureWork(5, 'first'),
  fill('that there is a recipient'),
  fill('the present recipient, and until when'),
  fill('the next recipient'),
  places(3),
  log('RecipientChangeScheduled', 4, 32),
];

/** Delegates for the first time, to somebody who had no votes. */
export const delegateWork: readonly Need[] = [
  fill('the delegate'),
  read('the balance'),
  fill('how many checkpoints there are'),
  fill('the checkpoint'),
  places(3),
  hashes('the place of the checkpoints', 32),
  log('DelegateChanged', 4, 0),
  log('DelegateVotesChanged', 2, 64),
];

/** A claim of units sold in advance, by somebody to whom they were allotted. */
export function unitsWork(to: 'new' | 'holder'): readonly Need[] {
  return [
    change('what the account was paid'),
    change('what all were paid'),
    read('which token'),
    read('whether the pool is closed, and how much is sold'),
    change('how many records there are of what is locked'),
    read('the last of them'),
    fill('the next of them'),
    places(1),
    hashes('the place of the records', 32),
    log('UnitsClaimed', 3, 64),
    log('LockedSupplyRecorded', 1, 64),
    ...payment(to),
  ];
}
