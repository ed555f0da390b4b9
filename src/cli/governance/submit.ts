import { newestTime } from '../../chain/newest-time.ts';
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';

import type { Address } from '../../protocol/brands.ts';
import type { Call } from '../../chain/calls.ts';
import { safeFile } from '../../chain/governance/safe-file.ts';
import { describeCall } from '../../chain/pending.ts';
import { onChain } from '../../chain/revert-error.ts';
import { paidBy, sendCall } from '../../chain/send.ts';
import { confirm } from '../deploy/confirm.ts';
import { jsonDocument } from '../output/json-document.ts';
import type { SendingFlags, Session } from './session.ts';
import { withHolder } from './who-may.ts';

/** What a command wants to send. */
export interface Outgoing {
  /** What it does, in a few words: the question before it is sent, and the name in a Safe. */
  readonly title: string;
  /** What the reader should know before, as lines for people. */
  readonly preview: string;
  /** In their order; each is sent when the one before is included. */
  readonly calls: readonly Call[];
}

/** One transaction, as it was tried out or sent. */
export interface Submitted {
  readonly to: Address;
  /** The contract and the call in words. */
  readonly target: string;
  readonly call: string;
  readonly data: string;
  readonly value: bigint;
  /** Null when it was not sent. */
  readonly hash: string | null;
  readonly block: number | null;
  /** What it used, or would use at present; null where nobody was named in whose name it could be tried out. */
  readonly gas: bigint | null;
}

/** What became of it. */
export interface Submission {
  readonly title: string;
  readonly account: Address | null;
  readonly sent: boolean;
  /** The file for a Safe's owners, if one was asked for. */
  readonly safeFile: string | null;
  readonly transactions: readonly Submitted[];
}

/**
 * Shows what is to be sent, tries it out, asks, and sends it; with `--dry-run` it is only tried out,
 * with `--safe-json` also written for the owners of a Safe.
 *
 * @throws {RevertError} with the contract's error before anything is sent
 * @throws {RefusedError} `NOT_CONFIRMED`
 */
export async function submit(session: Session, flags: SendingFlags, outgoing: Outgoing): Promise<Submission> {
  const { sender, io } = session;
  const { account, signer } = sender;
  const { title, calls } = outgoing;
  io.err(outgoing.preview);
  const transactions: Submitted[] = [];
  if (signer === null) {
    for (const call of calls) {
      // Only the first meets the present state; those behind it may need what it does.
      const gas = account === null || transactions.length > 0 ? null : await tryOut(session, account, call);
      transactions.push({ ...inWords(session, call), hash: null, block: null, gas });
    }
    const file = flags.safeJson === undefined ? null : await writeSafeFile(session, flags.safeJson, outgoing);
    return { title, account, sent: false, safeFile: file, transactions };
  }
  const [first] = calls;
  if (first !== undefined && account !== null) await tryOut(session, account, first);
  if (flags.yes !== true) await confirm(`${title}?`);
  for (const call of calls) {
    const receipt = await sendCall(signer, call);
    const { hash, blockNumber: block, gasUsed: gas } = receipt;
    transactions.push({ ...inWords(session, call), hash, block, gas });
  }
  return { title, account, sent: true, safeFile: null, transactions };
}

/** Its moment is that of the newest block, so that the same state of the chain gives the same file. */
async function writeSafeFile({ connection, sender, io }: Session, given: string, outgoing: Outgoing): Promise<string> {
  const path = resolve(io.cwd, given);
  const file = safeFile(outgoing.calls, {
    chainId: connection.addressBook.chainId,
    createdAt: await onChain(() => newestTime(sender.provider)),
    name: outgoing.title,
    description: outgoing.preview.trim(),
    safe: sender.account,
  });
  await writeFile(path, jsonDocument(file));
  return path;
}

/** What a call would use, sent by this account now. */
async function tryOut({ sender, connection }: Session, from: Address, call: Call): Promise<bigint> {
  const { provider } = sender;
  const { to, data, value } = call;
  try {
    return await paidBy({ provider, account: from, value, gasLimit: 0n }, () =>
      provider.estimateGas({ from, to, data, value }),
    );
  } catch (error) {
    throw await withHolder(error, connection, call);
  }
}

function inWords({ connection }: Session, { to, data, value }: Call) {
  return { to, ...describeCall(connection.addresses, to, data), data, value };
}
