import { claimToChain } from '../../chain/convert.ts';
import { parseEvents } from '../../chain/events.ts';
import { InvariantError } from '../../protocol/errors.ts';
import { unlockedAt } from '../../protocol/vesting-curve.ts';
import type { ReportFiles } from '../../settlement/report/report-file.ts';
import type { State } from '../../settlement/state.ts';
import { claimsFrom } from './claims.ts';
import type { ClaimBook } from './scene.ts';
import type { Stage } from './stage.ts';

const GWEI = 10n ** 9n;
const MAX_FEE = 100n * GWEI;
const ENOUGH_GAS = 500_000n;
const ONE_ETHER = '0xde0b6b3a7640000';

/** A claim and a transfer of what it paid, and the blocks in which they are. */
export interface PassedOn {
  readonly account: string;
  readonly paid: bigint;
  readonly block: number;
  readonly spentIn: number;
}

/**
 * Somebody brings a miner's claim, and the miner sends all of it on: both wait for the same block.
 *
 * Nobody has the key of an account of the ledger; the local chain lets the demo send for it.
 */
export async function payAndPassOn(
  stage: Stage,
  book: ClaimBook,
  { state, report }: { readonly state: State; readonly report: ReportFiles },
): Promise<PassedOn | null> {
  const { chain, connection, actors, now } = stage;
  const { vault, token } = connection.contracts;
  const time = await now();
  // Not one of the largest: those are needed for the rest of the story.
  const miner = [...state.accounts].findLast(
    ({ account, curve }) => unlockedAt(curve, time) > 0n && !book.has(account),
  );
  if (miner === undefined) return null;
  const { account } = miner;
  const [claim] = claimsFrom(report, [account]);
  if (claim === undefined) return null;
  const due = unlockedAt(claim.curve, time);
  const { provider } = chain.connection;
  await provider.request({ method: 'hardhat_setBalance', params: [account, ONE_ETHER] });
  const sender = await chain.connection.ethers.getImpersonatedSigner(account);
  const fees = (tip: bigint) => ({ gasLimit: ENOUGH_GAS, maxFeePerGas: MAX_FEE, maxPriorityFeePerGas: tip });
  await provider.request({ method: 'evm_setAutomine', params: [false] });
  try {
    const pays = await vault.connect(actors.keeper).claim(claimToChain(claim), fees(2n * GWEI));
    const spends = await token.connect(sender).transfer(actors.holder.address, due, fees(GWEI));
    await provider.request({ method: 'evm_mine', params: [] });
    const [paid, spent] = [await pays.wait(), await spends.wait()];
    if (paid === null || spent === null) throw new InvariantError({ code: 'DEMO_RECEIPT', shortMessage: 'a transaction got lost' }); // prettier-ignore
    const [event] = parseEvents(paid.logs, connection.addresses).claimed;
    book.set(account, event?.claimed ?? 0n);
    return { account, paid: event?.paid ?? 0n, block: paid.blockNumber, spentIn: spent.blockNumber };
  } finally {
    await provider.request({ method: 'evm_setAutomine', params: [true] });
  }
}
