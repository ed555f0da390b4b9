import { expect } from 'chai';
import type { Provider, Signer, TransactionReceipt, TransactionResponse } from 'ethers';
import { makeError } from 'ethers';

import type { Call } from '../../src/chain/calls.ts';
import { RevertError } from '../../src/chain/revert-error.ts';
import { parseAddress } from '../../src/protocol/brands.ts';
import { RefusedError, RetryableError } from '../../src/protocol/errors.ts';
import {
  costOf,
  followTransaction,
  sendTransaction,
  type TransactionState,
} from '../../web/src/wallet/send-transaction.ts';

const ALICE = parseAddress('0x15d34aaf54267db7d7c367839aaf71a00a2c6a65');
const CALL: Call = { to: ALICE, data: '0x1234', value: 0n };
const CHAIN = 31_337;
const HASH = `0x${'ab'.repeat(32)}`;
const GAS = 100_000n;
const PRICE = 2_000_000_000n;
/** How a node says that a call failed, without a reason. */
const NO_REASON = { code: 'CALL_EXCEPTION', data: '0x', message: 'execution reverted' };

interface Scene {
  /** What the node says of the receipt, each time it is asked; the last answer stays. */
  readonly receipts?: readonly (Partial<TransactionReceipt> | null | Error)[];
  readonly known?: readonly (Partial<TransactionResponse> | null)[];
  readonly nonce?: number;
  /** So often the node does not say how many transactions there were. */
  readonly nonceFails?: number;
  readonly estimate?: () => Promise<bigint>;
  readonly sign?: () => Promise<{ hash: string }>;
  /** What the wallet says when it is asked for the account, each time. */
  readonly offers?: readonly (true | Error)[];
  readonly replayed?: () => Promise<string>;
}

/** A node and a wallet that answer as they are told, and what was told of the transaction. */
async function play(scene: Scene): Promise<readonly TransactionState[]> {
  const { receipts = [null], known = [null], nonce = 0, estimate = () => Promise.resolve(GAS) } = scene;
  const offers = [...(scene.offers ?? [])];
  let [asked, looked, failed] = [0, 0, 0];
  const provider = {
    estimateGas: estimate,
    getFeeData: () => Promise.resolve({ gasPrice: PRICE, maxFeePerGas: 2n * PRICE }),
    getBalance: () => Promise.resolve(0n),
    getTransactionReceipt: () => {
      const answer = receipts[Math.min(asked++, receipts.length - 1)];
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer ?? null);
    },
    getTransaction: () => Promise.resolve(known[Math.min(looked++, known.length - 1)] ?? null),
    getTransactionCount: () => {
      const refused: Error = makeError('no answer', 'NETWORK_ERROR', { event: 'x' });
      return failed++ < (scene.nonceFails ?? 0) ? Promise.reject(refused) : Promise.resolve(nonce);
    },
    call: scene.replayed ?? (() => Promise.resolve('0x')),
  } as unknown as Provider;
  const sent: unknown[] = [];
  const wallet = {
    sendTransaction: async (request: unknown) => {
      sent.push(request);
      return await (scene.sign ?? (() => Promise.resolve({ hash: HASH })))();
    },
  } as unknown as Signer;
  const told: TransactionState[] = [];
  await sendTransaction(CALL, {
    provider,
    account: ALICE,
    chainId: CHAIN,
    signer: async () => {
      const offer = offers.shift() ?? true;
      if (offer !== true) throw offer;
      return await Promise.resolve(wallet);
    },
    every: 1,
    signal: new AbortController().signal,
    tell: (state) => told.push(state),
  });
  if (told.some(({ phase }) => phase === 'sent')) {
    expect(sent).to.deep.equal([{ ...CALL, gasLimit: 120_000n, chainId: CHAIN }]);
  }
  return told;
}

function phases(told: readonly TransactionState[]): readonly string[] {
  return told.map(({ phase }) => phase).filter((phase, at, all) => phase !== all[at - 1]);
}

function failure(told: readonly TransactionState[]): { readonly error: unknown; readonly hash: string | null } {
  const last = told.at(-1)!;
  if (last.phase !== 'failed') throw new Error(`it is ${last.phase}`);
  return last;
}

describe('a transaction from the page', () => {
  const included = { status: 1, blockNumber: 7, fee: 5n };

  it('is estimated, signed, sent and included, and each step is told', async () => {
    const told = await play({ receipts: [null, null, included] });
    expect(phases(told)).to.deep.equal(['estimating', 'signing', 'sent', 'included']);
    expect(told[1]).to.deep.equal({ phase: 'signing', cost: { gas: GAS, price: GAS * PRICE } });
    expect(told.at(-1)).to.deep.equal({ phase: 'included', hash: HASH, block: 7, paid: 5n });
  });

  it('never gets to the wallet when the chain would refuse it', async () => {
    const told = await play({ estimate: () => Promise.reject(Object.assign(new Error('reverted'), NO_REASON)) });
    expect(phases(told)).to.deep.equal(['estimating', 'failed']);
    const { error, hash } = failure(told);
    expect(error).to.be.instanceOf(RevertError);
    expect(hash).to.equal(null);
  });

  it('is not signed where the wallet has gone to another chain or account while it was tried out', async () => {
    const gone = new RefusedError({ code: 'WALLET_ELSEWHERE', shortMessage: 'on chain 1' });
    const told = await play({ offers: [true, gone] });
    expect(phases(told)).to.deep.equal(['estimating', 'failed']);
    expect(failure(told)).to.deep.equal({ phase: 'failed', error: gone, hash: null });
  });

  it('is followed by its hash alone when the page was loaded anew', async () => {
    const provider = { getTransactionReceipt: () => Promise.resolve(included) } as unknown as Provider;
    const told: TransactionState[] = [];
    await followTransaction(HASH, CALL, {
      ...{ provider, account: ALICE, every: 1, signal: new AbortController().signal },
      tell: (state) => told.push(state),
    });
    expect(phases(told)).to.deep.equal(['sent', 'included']);
  });

  it('says what an account that cannot pay has', async () => {
    const broke: Error = makeError('insufficient funds', 'INSUFFICIENT_FUNDS', { transaction: {} });
    const told = await play({ estimate: () => Promise.reject(broke) });
    expect(failure(told).error).to.include({ code: 'INSUFFICIENT_FUNDS' });
  });

  it('says that the wallet was told not to sign, and that nothing was sent', async () => {
    const rejected = makeError('user denied', 'ACTION_REJECTED', {
      action: 'sendTransaction',
      reason: 'rejected',
      info: { error: { code: 4001, message: 'User rejected the request.' } },
    });
    const told = await play({ sign: () => Promise.reject(rejected) });
    const { error, hash } = failure(told);
    expect(error).to.be.instanceOf(RefusedError).and.to.include({ code: 'SIGNATURE_REJECTED' });
    expect(hash).to.equal(null);
  });

  it('puts what else a wallet says into words, without what was sent', async () => {
    const busy = Object.assign(new Error('could not coalesce error'), {
      code: 'UNKNOWN_ERROR',
      error: { code: -32002, message: `Request is pending 0x${'12'.repeat(200)}` },
    });
    const { error } = failure(await play({ sign: () => Promise.reject(busy) }));
    expect(error).to.be.instanceOf(RetryableError).and.to.include({ code: 'WALLET_FAILED' });
    expect((error as RetryableError).shortMessage)
      .to.contain('Request is pending')
      .and.not.contain('1212121212');
  });

  it('goes on asking while the node is down', async () => {
    const down = makeError('no answer', 'NETWORK_ERROR', { event: 'x' });
    const told = await play({ receipts: [down, included] });
    expect(phases(told)).to.deep.equal(['estimating', 'signing', 'sent', 'included']);
    const troubles = told.flatMap((state) => (state.phase === 'sent' ? [state.trouble] : []));
    expect(troubles.at(-1)).to.include({ code: 'NODE_UNAVAILABLE' });
  });

  it('says that another one took its place', async () => {
    const told = await play({ known: [{ nonce: 4, from: ALICE }, null], nonce: 5 });
    const { error, hash } = failure(told);
    expect(error).to.include({ code: 'TRANSACTION_REPLACED' });
    expect(hash).to.equal(HASH);
  });

  it('waits on while it is unknown and nothing took its place', async () => {
    const known = [{ nonce: 4, from: ALICE }, null];
    const told = await play({ known, nonce: 4, receipts: [null, null, null, included] });
    expect(told.at(-1)!.phase).to.equal('included');
  });

  it('is not given up where the node fails while it is asked whether another one took its place', async () => {
    const known = [{ nonce: 4, from: ALICE }, null];
    const told = await play({ known, nonce: 4, nonceFails: 1, receipts: [null, null, null, included] });
    expect(phases(told)).to.deep.equal(['estimating', 'signing', 'sent', 'included']);
    const troubles = told.flatMap((state) => (state.phase === 'sent' && state.trouble !== null ? [state.trouble] : []));
    expect(troubles).to.have.length(1);
    expect(troubles[0]).to.include({ code: 'NODE_UNAVAILABLE' });
  });

  it('says so when no node has known it for a while, and goes on looking', async () => {
    const receipts = [...Array.from({ length: 14 }, () => null), included];
    const told = await play({ receipts });
    const missing = told.map((state) => state.phase === 'sent' && state.isMissing === true);
    expect(missing.indexOf(true)).to.be.greaterThan(8);
    expect(told.at(-1)!.phase).to.equal('included');
    const seen = await play({ receipts, known: [{ nonce: 4, from: ALICE }] });
    expect(seen.some((state) => state.phase === 'sent' && state.isMissing === true)).to.equal(false);
  });

  it('is not followed by anything but a hash, whatever the wallet gives for one', async () => {
    for (const hash of ['0x12', 'sent', '', null, undefined, { hash: HASH }]) {
      const told = await play({ sign: () => Promise.resolve({ hash: hash as string }) });
      expect(phases(told)).to.deep.equal(['estimating', 'signing', 'failed']);
      expect(failure(told).error).to.include({ code: 'TRANSACTION_UNKNOWN' });
      expect(failure(told).hash).to.equal(null);
    }
  });

  it('says why it failed in its block', async () => {
    const told = await play({
      receipts: [{ ...included, status: 0 }],
      replayed: () => Promise.reject(Object.assign(new Error('reverted'), NO_REASON)),
    });
    const { error, hash } = failure(told);
    expect(error).to.be.instanceOf(RevertError).and.to.include({ code: 'REVERT_UNKNOWN' });
    expect(hash).to.equal(HASH);
  });

  it('is told as failed although nobody can say why', async () => {
    const told = await play({ receipts: [{ ...included, status: 0 }] });
    expect(failure(told).error).to.include({ code: 'REVERT_UNKNOWN' });
  });

  it('costs its gas at the present price', async () => {
    const provider = {
      estimateGas: () => Promise.resolve(GAS),
      getFeeData: () => Promise.resolve({ gasPrice: null, maxFeePerGas: 3n }),
    } as unknown as Provider;
    expect(await costOf(provider, ALICE, CALL)).to.deep.equal({ gas: GAS, price: 3n * GAS });
  });
});
