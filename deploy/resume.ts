import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { HardhatError } from '@nomicfoundation/hardhat-errors';
import { trackTransaction } from '@nomicfoundation/ignition-core';
import { z } from 'zod';

import type { DeployConnection } from './deploy.ts';

const DEPLOYMENTS = fileURLToPath(new URL('./deployments/', import.meta.url));
/** A killed run leaves at most one transaction of which Ignition does not know whether it was sent. */
const ATTEMPTS = 3;
const QUESTIONS = 10;

const message = z.looseObject({ type: z.string(), futureId: z.string().optional() });
const transactions = z.object({
  transactions: z.array(z.object({ hash: z.string(), from: z.string(), nonce: z.string() })),
});
/** Steps that go on by a transaction or a call; without one they were announced and never begun. */
const ANNOUNCED = /^(?:DEPLOYMENT|CALL|STATIC_CALL|SEND_DATA)_EXECUTION_STATE_INITIALIZE$/;

/**
 * Runs an Ignition deployment that may have been killed at any point before, even between two lines of its journal.
 *
 * Ignition resumes by itself, but for four moments: it wrote half of its list of addresses, which is written anew from the journal; it wrote half
 * a line; it announced a step and did not begin it; it sent a transaction and did not write down which. The second and the third are taken out of the journal, since nothing came of them;
 * in the last the transaction is looked up by its nonce and written down, or, if it was never sent, forgotten. Killed a second
 * time before such a transaction is confirmed, Ignition's own count of nonces can still fail: HHE10411 says so.
 */
export async function deployResumably<Result>(
  connection: DeployConnection,
  deploymentId: string | undefined,
  deploy: () => Promise<Result>,
): Promise<Result> {
  if (deploymentId === undefined) return await deploy();
  const folder = join(DEPLOYMENTS, deploymentId);
  for (let attempt = 1; ; attempt += 1) {
    await rewriteJournal(folder, dropUnbegun);
    await mendAddresses(folder);
    try {
      return await deploy();
    } catch (error) {
      const lost = lostTransaction(error);
      if (lost === null || attempt === ATTEMPTS) throw error;
      const hash = await findTransaction(connection, lost);
      if (hash === null) await rewriteJournal(folder, (lines) => dropUnsent(lines, lost.futureId));
      else await trackTransaction(folder, hash, connection.provider);
    }
  }
}

const lostArguments = z.object({ futureId: z.string(), sender: z.string(), nonce: z.number() });
type LostTransaction = z.infer<typeof lostArguments>;

function lostTransaction(error: unknown): LostTransaction | null {
  const { TRANSACTION_LOST } = HardhatError.ERRORS.IGNITION.EXECUTION;
  return HardhatError.isHardhatError(error, TRANSACTION_LOST) ? lostArguments.parse(error.messageArguments) : null;
}

/** The journal without half a line at its end, and without steps that were announced and never begun. */
export function dropUnbegun(lines: readonly string[]): string[] {
  const whole = lines.filter((line, index) => index < lines.length - 1 || isJson(line));
  const begun = new Set(
    whole.map(read).flatMap(({ type, futureId }) => (type === 'NETWORK_INTERACTION_REQUEST' ? [futureId] : [])),
  );
  return whole.filter((line) => {
    const { type, futureId } = read(line);
    return !ANNOUNCED.test(type) || begun.has(futureId);
  });
}

/** The journal without the preparation of a transaction that was never sent. */
export function dropUnsent(lines: readonly string[], futureId: string): string[] {
  return lines.filter((line) => {
    const entry = read(line);
    return entry.type !== 'TRANSACTION_PREPARE_SEND' || entry.futureId !== futureId;
  });
}

const completed = z.looseObject({
  type: z.string().regex(/^DEPLOYMENT_EXECUTION_STATE_COMPLETE$/),
  futureId: z.string(),
  result: z.looseObject({ type: z.literal('SUCCESS'), address: z.string() }),
});
const named = z.looseObject({
  type: z.string().regex(/^CONTRACT_AT_EXECUTION_STATE_INITIALIZE$/),
  futureId: z.string(),
  contractAddress: z.string(),
});

/** The addresses that a journal tells of, by their step. */
export function addressesIn(lines: readonly string[]): Record<string, string> {
  const found = lines.flatMap((line): [string, string][] => {
    const entry = read(line);
    const [done, at] = [completed.safeParse(entry).data, named.safeParse(entry).data];
    if (done !== undefined) return [[done.futureId, done.result.address]];
    return at === undefined ? [] : [[at.futureId, at.contractAddress]];
  });
  return Object.fromEntries(found);
}

/** Writes the list of addresses anew where it was written by half. */
async function mendAddresses(folder: string): Promise<void> {
  const path = join(folder, 'deployed_addresses.json');
  const [list, journal] = [await textIn(path), await textIn(join(folder, 'journal.jsonl'))];
  if (list === null || journal === null || isJson(list)) return;
  await writeFile(path, `${JSON.stringify(addressesIn(linesOf(journal)), undefined, 2)}\n`);
}

async function textIn(path: string): Promise<string | null> {
  return await readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  });
}

function linesOf(journal: string): string[] {
  return journal.split('\n').filter((line) => line.trim() !== '');
}

async function rewriteJournal(folder: string, change: (lines: readonly string[]) => string[]): Promise<void> {
  const path = join(folder, 'journal.jsonl');
  const text = await textIn(path);
  if (text === null) return;
  const lines = linesOf(text);
  const changed = change(lines);
  if (changed.length !== lines.length) await writeFile(path, `\n${changed.join('\n')}`);
}

/** The transaction with this nonce, from the newest block down; blocks before the deployment are not looked at for long. */
async function findTransaction(
  { ethers }: DeployConnection,
  { sender, nonce }: LostTransaction,
): Promise<string | null> {
  const { provider } = ethers;
  // Sent and mined, or still waiting: in both cases the sender's pending count is above the nonce. What the killed run sent
  // last may still be on its way, so the question is asked for some seconds.
  for (let question = 1; (await provider.getTransactionCount(sender, 'pending')) <= nonce; question += 1) {
    if (question === QUESTIONS) return null;
    await setTimeout(500);
  }
  for (let block = await provider.getBlockNumber(); block >= 0; block -= 1) {
    if ((await provider.getTransactionCount(sender, block)) <= nonce) return null;
    const answer: unknown = await provider.send('eth_getBlockByNumber', [`0x${block.toString(16)}`, true]);
    const found = transactions
      .parse(answer)
      .transactions.find(
        (entry) => entry.from.toLowerCase() === sender.toLowerCase() && BigInt(entry.nonce) === BigInt(nonce),
      );
    if (found !== undefined) return found.hash;
  }
  return null;
}

function read(line: string): z.infer<typeof message> {
  return message.parse(JSON.parse(line));
}

function isJson(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}
