import type { Address } from '../../protocol/brands.ts';
import type { Call } from '../../chain/calls.ts';
import { describeCall } from '../../chain/pending.ts';
import { onChain } from '../../chain/revert-error.ts';
import { sendCall } from '../../chain/send.ts';
import { confirm } from '../deploy/confirm.ts';
import type { SendingFlags, Session } from './session.ts';

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
  readonly transactions: readonly Submitted[];
}

/**
 * Shows what is to be sent, tries it out, asks, and sends it; with `--dry-run` it is only tried out.
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
    return { title, account, sent: false, transactions };
  }
  const [first] = calls;
  if (first !== undefined && account !== null) await tryOut(session, account, first);
  if (flags.yes !== true) await confirm(`${title}?`);
  for (const call of calls) {
    const receipt = await sendCall(signer, call);
    const { hash, blockNumber: block, gasUsed: gas } = receipt;
    transactions.push({ ...inWords(session, call), hash, block, gas });
  }
  return { title, account, sent: true, transactions };
}

/** What a call would use, sent by this account now. */
async function tryOut({ sender }: Session, from: Address, { to, data, value }: Call): Promise<bigint> {
  return await onChain(() => sender.provider.estimateGas({ from, to, data, value }));
}

function inWords({ connection }: Session, { to, data, value }: Call) {
  return { to, ...describeCall(connection.addresses, to, data), data, value };
}
