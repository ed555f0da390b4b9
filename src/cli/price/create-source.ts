import { onChain } from '../../chain/revert-error.ts';
import { sendCall } from '../../chain/send.ts';
import type { Address } from '../../protocol/brands.ts';
import { parseAddress } from '../../protocol/brands.ts';
import { InvariantError } from '../../protocol/errors.ts';
import { confirm } from '../deploy/confirm.ts';
import type { SendingFlags, Session } from '../governance/session.ts';
import { withSession } from '../governance/session.ts';
import type { Io } from '../io.ts';
import { jsonDocument } from '../output/json-document.ts';
import { createdText } from '../output/created-text.ts';

/** Options of a command that makes a contract: those of one that sends, without a Safe, which makes none. */
export type CreatingFlags = Omit<SendingFlags, 'safeJson'>;

/** A price source that is to be made. */
export interface Creation {
  readonly contract: 'AggregatorV3PriceSource' | 'MedianPriceSource';
  /** What it is told, by the names of its views. */
  readonly rules: Readonly<Record<string, string | number | bigint>>;
  /** What it does, as lines for people. */
  readonly preview: string;
  /** Code and constructor's values. */
  readonly code: string;
}

/** What became of it. */
export interface Created extends Omit<Creation, 'preview' | 'code'> {
  readonly account: Address | null;
  /** Null when nothing was sent. */
  readonly source: Address | null;
  readonly hash: string | null;
  readonly block: number | null;
  /** What it used, or would use at present; null where nobody was named in whose name it could be tried out. */
  readonly gas: bigint | null;
}

/** Shows what is to be made, tries it out, asks, makes it, and prints where it is. */
export async function createSource(
  flags: CreatingFlags,
  io: Io,
  prepare: (session: Session) => Promise<Creation>,
): Promise<void> {
  const created = await withSession(flags, io, { sends: true }, async (session) => {
    const { preview, code, ...about } = await prepare(session);
    io.err(preview);
    return { ...about, ...(await send(session, flags, code)) };
  });
  io.out(flags.json === true ? jsonDocument(created) : createdText(created));
}

async function send({ sender }: Session, flags: CreatingFlags, code: string) {
  const { account, signer, provider } = sender;
  const gas = account === null ? null : await onChain(() => provider.estimateGas({ from: account, data: code }));
  if (signer === null) return { account, source: null, hash: null, block: null, gas };
  if (flags.yes !== true) await confirm('deploy it?');
  const receipt = await sendCall(signer, { to: null, data: code, value: 0n });
  const { contractAddress, hash, blockNumber, gasUsed } = receipt;
  if (contractAddress === null) {
    throw new InvariantError({ code: 'CONTRACT_MISSING', shortMessage: 'the transaction made no contract' });
  }
  return { account, source: parseAddress(contractAddress), hash, block: blockNumber, gas: gasUsed };
}
