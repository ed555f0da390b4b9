import { z } from 'zod';

import { ACCESS_TABLE } from '../../../deploy/roles.ts';
import type { AccessWorld } from './access-world.ts';
import type { Question } from './promises.ts';
import { claimable, governed, granted, lasting, owned, promised } from './promises.ts';
import type { Call, Somebody } from './walk.ts';
import { errorName, peopleOf, request as chainOf } from './walk.ts';
import type { Writable } from './deployed-contracts.ts';

/** What has to stay as it is after a call, and how that is looked at. */
export interface PromiseCheck {
  /** How many views are read after each call. */
  readonly size: number;
  /** Whether a call of somebody is to be sent at all: a contract's own step is only what its code makes of it. */
  readonly sends: (writable: Writable, by: Somebody) => boolean;
  /** What a call that was sent has broken, in words. */
  readonly after: (writable: Writable, by: Somebody, call: Call) => Promise<readonly string[]>;
}

/**
 * Reads everything that was promised as it would be a second later if nobody did anything, to compare it with what a call
 * leaves behind in that second.
 */
export async function promiseCheck(access: AccessWorld): Promise<PromiseCheck> {
  const bystander = access.world.actors.alice.address.toLowerCase();
  const fixed = promised(access);
  const bySettling = granted(access);
  const rights = [...claimable(access), ...lasting(access).map((question) => [question])];
  const rules = governed(access);
  const belongings = owned(access, bystander);
  const all = [...fixed, ...bySettling, ...rights.flat(), ...rules, ...belongings];
  const { before, prints, touched } = await aSecondLater(access, async () => ({
    before: await answersTo(access, all),
    prints: await fingerprints(access),
    touched: await touchedBy(access, all),
  }));
  const people = new Set(peopleOf(access.world).map(({ address }) => address));
  const { timelock, governor } = access.office.contracts;
  const free = new Set([...people, timelock.toLowerCase(), governor.toLowerCase()]);
  const rowOf = ({ contract, name }: Writable) =>
    ACCESS_TABLE.find((row) => row.contract === contract.name && (row.functions as readonly string[]).includes(name));

  return {
    size: all.length,
    sends: (_, by) => free.has(by.address),
    after: async (writable, by) => {
      // What reads nothing of a contract that changed says what it said.
      const printed = await fingerprints(access);
      const differing = (part: keyof Print) =>
        [...printed].filter(([at, print]) => prints.get(at)![part] !== print[part]).map(([at]) => at);
      const moved = differing('storageHash');
      const replaced = differing('codeHash').map((address) => `replaced the code at ${address}`);
      if (moved.length === 0) return replaced;
      const asked = all.filter((question) => moved.some((address) => touched.get(question)!.has(address)));
      const now = new Map([...before, ...(await answersTo(access, asked))]);
      const changed = (questions: readonly Question[]) =>
        questions.filter((question) => now.get(question) !== before.get(question)).map(({ what }) => what);
      const settled = bySettling.find(({ what }) => what.includes('nextEpoch'))!;
      const isSettled = now.get(settled) !== before.get(settled);
      const renounced = (what: string) => writable.name === 'renounceRole' && what.includes(by.address);
      const isOwn = rowOf(writable)?.role === 'OWN_ACCOUNT' && by.address !== bystander;
      return [
        ...replaced,
        ...changed(fixed).map((what) => `changed ${what}`),
        ...(isSettled ? [] : changed(bySettling).map((what) => `changed ${what}`)),
        ...rights.filter((right) => sum(right, now) < sum(right, before)).map(([right]) => `lessened ${right.what}`),
        // Whoever is a person decides about nothing alone once the holders govern, but may give up a role.
        ...(access.office.handedOver && people.has(by.address)
          ? changed(rules)
              .filter((what) => !renounced(what))
              .map((what) => `governed ${what}`)
          : []),
        ...(isOwn ? changed(belongings).map((what) => `took ${what}`) : []),
      ];
    },
  };
}

/** What an account has had and can have, or a time. */
function sum(right: readonly Question[], at: ReadonlyMap<Question, string>): bigint {
  return right.reduce((total, question) => total + BigInt(at.get(question)!), 0n);
}

/** Code and storage of every contract, in hashes. */
async function fingerprints({ world, contracts }: AccessWorld): Promise<ReadonlyMap<string, Print>> {
  const request = chainOf(world);
  const entries = contracts.map(async ({ address }) => {
    const proof = await request('eth_getProof', [address, [], 'latest']);
    return [address, proofs.parse(proof)] as const;
  });
  return new Map(await Promise.all(entries));
}

/** What the newest block answers; an error is an answer, too. */
async function answersTo({ world }: AccessWorld, asked: readonly Question[]): Promise<Map<Question, string>> {
  const request = chainOf(world);
  const entries = asked.map(async (question) => {
    const params = [{ to: question.target, data: question.data }, 'latest'];
    const answer = await request('eth_call', params).catch((error: unknown) => errorName(error));
    return [question, wordsOf(String(answer), question.words)] as const;
  });
  return new Map(await Promise.all(entries));
}

function wordsOf(answer: string, words: readonly number[] | undefined): string {
  if (words === undefined) return answer;
  return `0x${words.map((word) => answer.slice(2 + 64 * word, 2 + 64 * (word + 1))).join('')}`;
}

/** Which accounts the answer to a question comes from, by what the chain reads for it. */
async function touchedBy(
  { world }: AccessWorld,
  asked: readonly Question[],
): Promise<Map<Question, ReadonlySet<string>>> {
  const request = chainOf(world);
  const tracer = { tracer: 'prestateTracer', tracerConfig: { disableCode: true, disableStorage: true } };
  const entries = asked.map(async (question) => {
    const params = [{ to: question.target, data: question.data }, 'latest', tracer];
    const state = (await request('debug_traceCall', params)) as object;
    return [
      question,
      new Set([question.target, ...Object.keys(state).map((address) => address.toLowerCase())]),
    ] as const;
  });
  return new Map(await Promise.all(entries));
}

const proofs = z.looseObject({ codeHash: z.string(), storageHash: z.string() });

interface Print {
  readonly codeHash: string;
  readonly storageHash: string;
}

async function aSecondLater<T>({ world, moment }: AccessWorld, read: () => Promise<T>): Promise<T> {
  const request = chainOf(world);
  const snapshot = await request('evm_snapshot', []);
  await request('evm_setNextBlockTimestamp', [moment]);
  await request('evm_mine', []);
  const result = await read();
  await request('evm_revert', [snapshot]);
  return result;
}
