import { expect } from 'chai';
import { makeError, Transaction, Wallet } from 'ethers';

import type { Endpoint } from '../../../src/chain/agreement.ts';
import type { Connection } from '../../../src/chain/connect.ts';
import { decodeRevert } from '../../../src/chain/revert-error.ts';
import { Sender } from '../../../src/operator/chain/sender.ts';
import { WatchState } from '../../../src/cli/watch/state.ts';
import type { WatchEvent } from '../../../src/cli/watch/watch-event.ts';
import type { SenderEvent } from '../../../src/operator/chain/sender-event.ts';
import { parseAddress } from '../../../src/protocol/brands.ts';
import { expectCode } from '../../support/expect-code.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const GWEI = 10n ** 9n;
const TO = parseAddress(`0x${'d1'.repeat(20)}`);
const WALLET = new Wallet(`0x${'42'.repeat(32)}`);
const ACCOUNT = parseAddress(WALLET.address.toLowerCase());

/** A chain with one account, a queue that keeps what is not outbid by a tenth, and blocks that are made when a test says so. */
class Chain {
  nonce = 0;
  height = 100;
  price = 30n * GWEI;
  balance = 10n ** 18n;
  isRefusing = false;
  isDeaf = false;
  /** Does not say what a transaction costs. */
  isSilent = false;
  readonly queue = new Map<number, Transaction>();
  readonly receipts = new Map<string, { status: number; blockNumber: number; gasUsed: bigint; hash: string }>();
  /** Every transaction that was taken, in its order. */
  readonly taken: Transaction[] = [];

  get block() {
    return { number: this.height, hash: `${this.height}`, time: this.height * 12 };
  }

  mine(blocks = 1, status = 1, gasUsed = 500_000n): void {
    this.height += blocks;
    const next = this.queue.get(this.nonce);
    if (next === undefined || (next.maxFeePerGas ?? 0n) < this.price) return;
    this.queue.delete(this.nonce);
    this.nonce++;
    this.receipts.set(next.hash ?? '', { status, blockNumber: this.height, gasUsed, hash: next.hash ?? '' });
  }

  /** What an endpoint of this chain answers; one that asks for another price lies. */
  endpoint(name: string, factor = 1n, behind = (): number => 0): Endpoint {
    const answer = <T>(value: () => T): Promise<T> => (async () => await Promise.resolve(value()))();
    const provider = {
      getTransactionCount: () => answer(() => Math.max(0, this.nonce - behind())),
      getBalance: () => answer(() => this.balance),
      getFeeData: () =>
        answer(() => {
          if (this.isSilent) return { gasPrice: null, maxFeePerGas: null, maxPriorityFeePerGas: null };
          const price = this.price * factor;
          return { gasPrice: price, maxFeePerGas: price, maxPriorityFeePerGas: GWEI };
        }),
      estimateGas: () =>
        answer(() => {
          if (this.isRefusing) throw decodeRevert('0x');
          return 500_000n;
        }),
      getTransactionReceipt: (hash: string) => answer(() => this.receipts.get(hash) ?? null),
      getTransaction: (hash: string) =>
        answer(() => [...this.queue.values()].find((queued) => queued.hash === hash) ?? null),
      broadcastTransaction: (signed: string) => answer(() => this.#take(Transaction.from(signed))),
    };
    return { name, connection: { provider } as unknown as Connection }; // nothing else is asked for
  }

  #take(given: Transaction): void {
    if (this.isDeaf) throw new Error('the node is full');
    if (given.nonce < this.nonce) throw new Error('nonce too low');
    const known = this.queue.get(given.nonce);
    const least = (value: bigint | null | undefined): bigint => ((value ?? 0n) * 110n) / 100n;
    if (known?.hash === given.hash) throw new Error('already known');
    if (known !== undefined) {
      const isOutbid =
        (given.maxFeePerGas ?? 0n) >= least(known.maxFeePerGas) &&
        (given.maxPriorityFeePerGas ?? 0n) >= least(known.maxPriorityFeePerGas);
      if (!isOutbid) throw makeError('replacement transaction underpriced', 'REPLACEMENT_UNDERPRICED', {} as never);
    }
    this.queue.set(given.nonce, given);
    this.taken.push(given);
  }
}

describe('what a watcher sends', () => {
  const folder = temporaryFolder();
  let count = 0;
  let chain: Chain;
  let state: WatchState;
  let said: WatchEvent[];
  const told = (): string[] => said.map(({ event }) => event);
  const call = { key: 'disprove 7', to: TO, data: '0xabcd', value: 0n };

  beforeEach(async () => {
    chain = new Chain();
    said = [];
    state = await WatchState.open(folder.path(`sender-${count++}`), 31_337, TO);
  });
  afterEach(async () => await state.close());

  const sender = (endpoints: readonly Endpoint[] = [chain.endpoint('a'), chain.endpoint('b')]): Sender =>
    new Sender({
      endpoints,
      signer: WALLET,
      account: ACCOUNT,
      memory: state,
      say: (event) => said.push(event),
      wait: 1,
    });

  /** The watcher's process dies, and another one begins with what is on the disk. */
  async function restart(): Promise<Sender> {
    await state.close();
    state = await WatchState.open(state.folder, 31_337, TO);
    return sender();
  }

  it('is sent once, followed until it is included, and not sent again before the chain shows what it did', async () => {
    const own = sender();
    expect((await own.send({ ...call, pays: 5n }, chain.block)).state).to.equal('sending');
    expect(own.isBusy).to.equal(true);
    await own.send(call, chain.block);
    await own.send({ ...call, key: 'another' }, chain.block);
    const before = chain.block;
    chain.mine();
    await own.follow(chain.block);
    expect(told()).to.deep.equal(['sending', 'included', 'paid']);
    expect(said.at(-1)).to.deep.include({ amount: '5', account: ACCOUNT });
    expect(chain.taken.map(({ nonce, data, to, maxFeePerGas }) => ({ nonce, data, to, maxFeePerGas }))).to.deep.equal([
      { nonce: 0, data: '0xabcd', to: Transaction.from({ to: TO }).to, maxFeePerGas: 30n * GWEI },
    ]);
    await own.send(call, before);
    expect(chain.taken.length).to.equal(1);
    // A block that has it and still wants it: it was taken back by a reorg, or did not do what it should.
    await own.send(call, chain.block);
    expect(chain.taken.map(({ nonce }) => nonce)).to.deep.equal([0, 1]);
  });

  it('is neither lost nor doubled when the process dies before or after it leaves', async () => {
    chain.isDeaf = true; // signed and written down, and then the process dies
    await sender().send(call, chain.block);
    expect(state.memory.journal.map(({ state: is, hashes }) => [is, hashes.length])).to.deep.equal([['sending', 1]]);
    expect(told()).to.deep.equal(['sending', 'not-sent']);
    expect(said.at(-1)).to.deep.include({ code: 'NOT_TAKEN', reason: 'the node is full' });
    chain.isDeaf = false;
    const second = await restart();
    expect(second.isBusy).to.equal(true);
    await second.follow(chain.block);
    expect(chain.taken.length).to.equal(1);
    const third = await restart();
    await third.follow(chain.block);
    expect(chain.taken.length).to.equal(1);
    chain.mine();
    await (await restart()).follow(chain.block);
    expect(state.memory.journal.map(({ state: is }) => is)).to.deep.equal(['included']);
    expect(chain.nonce).to.equal(1);
  });

  it('is nothing but calls of the distributor, whatever somebody wrote into the folder of the state', async () => {
    chain.isDeaf = true;
    await sender().send(call, chain.block);
    chain.isDeaf = false;
    Object.assign(state.memory.journal[0] ?? {}, { to: `0x${'ee'.repeat(20)}`, value: `${10n ** 18n}` });
    await state.save();
    const own = await restart();
    await own.follow(chain.block);
    expect(chain.taken.length).to.equal(0);
    expect(said.at(-1)).to.deep.include({ event: 'not-sent', alarm: true, code: 'STATE_BENT' });
    expect(own.isBusy).to.equal(false);
  });

  it('is offered for more when it lies there for long, never so little that nodes keep the old one', async () => {
    const own = sender();
    await own.send(call, chain.block);
    chain.price = 100n * GWEI;
    chain.mine(10);
    await own.follow(chain.block); // two minutes: patience
    expect(chain.taken.length).to.equal(1);
    chain.price = 45n * GWEI;
    chain.mine(10);
    await own.follow(chain.block);
    expect(chain.taken.map(({ maxFeePerGas }) => maxFeePerGas)).to.deep.equal([30n * GWEI, 45n * GWEI]);
    // The market asks for no more, yet a replacement has to offer more.
    chain.price = 44n * GWEI;
    for (let times = 0; times < 40; times++) {
      chain.height += 16;
      await own.follow(chain.block);
    }
    const offers = chain.taken.map(({ maxFeePerGas }) => maxFeePerGas ?? 0n);
    expect(offers[2]).to.equal((45n * GWEI * 115n) / 100n);
    expect(offers.length > 10 && offers.every((offer) => offer <= 440n * GWEI)).to.equal(true);
    expect(new Set(chain.taken.map(({ nonce }) => nonce))).to.deep.equal(new Set([0]));
    chain.mine();
    await own.follow(chain.block);
    expect(told().at(-1)).to.equal('included');
  });

  it('is offered again at the price of the day when the nodes have dropped it', async () => {
    const own = sender();
    await own.send(call, chain.block);
    chain.queue.clear();
    chain.price = 20n * GWEI;
    await own.follow(chain.block);
    expect(chain.taken.map(({ nonce, maxFeePerGas }) => [nonce, maxFeePerGas])).to.deep.equal([
      [0, 30n * GWEI],
      [0, 20n * GWEI],
    ]);
  });

  it('is given up when the chain would refuse it by now; what comes next outbids what may still lie there', async () => {
    const own = sender();
    await own.send(call, chain.block);
    chain.mine(20, 1);
    chain.nonce = 0; // the block with it was replaced, and the nodes have it again
    chain.receipts.clear();
    chain.queue.set(0, chain.taken[0]!);
    chain.isRefusing = true;
    await own.follow(chain.block);
    expect(own.isBusy).to.equal(false);
    chain.isRefusing = false;
    await own.send({ ...call, key: 'withdraw' }, chain.block);
    expect(chain.taken.map(({ nonce }) => nonce)).to.deep.equal([0, 0]);
    expect(chain.taken[1]!.maxFeePerGas! >= (chain.taken[0]!.maxFeePerGas! * 110n) / 100n).to.equal(true);
  });

  it('waits for an endpoint that is a block behind, and says so when it stays there', async () => {
    let behind = 0;
    const own = sender([chain.endpoint('a'), chain.endpoint('b', 1n, () => behind)]);
    await own.send(call, chain.block);
    chain.mine();
    await own.follow(chain.block);
    behind = 1;
    await own.send({ ...call, key: 'next' }, chain.block);
    expect(chain.taken.length).to.equal(1);
    behind = 0;
    await own.send({ ...call, key: 'next' }, chain.block);
    expect(chain.taken.map(({ nonce }) => nonce)).to.deep.equal([0, 1]);
    chain.mine();
    await own.follow(chain.block);
    behind = 1;
    for (let looks = 0; looks < 3; looks++) await own.send({ ...call, key: 'third' }, chain.block);
    await expectCode(own.send({ ...call, key: 'third' }, chain.block), 'ENDPOINTS_DISAGREE');
    expect(chain.taken.length).to.equal(2);
    expect(said.filter(({ alarm }) => alarm)).to.deep.equal([]);
  });

  it('says once what the chain refuses, what failed, and which nonce somebody else took', async () => {
    const own = sender();
    chain.isRefusing = true;
    for (let times = 0; times < 3; times++) expect((await own.send(call, chain.block)).state).to.equal('refused');
    expect(said).to.deep.equal([
      {
        ...{ event: 'not-sent', alarm: true, what: 'disprove 7', code: 'REVERT_UNKNOWN' },
        reason: 'the call failed without a reason',
      },
    ]);
    chain.isRefusing = false;
    await own.send(call, chain.block);
    chain.mine(1, 0);
    await own.follow(chain.block);
    expect(said.at(-1)).to.deep.include({ event: 'not-sent', code: 'TRANSACTION_FAILED', alarm: true });
    await own.send(call, chain.block);
    chain.mine(1, 0, 1_199_999n);
    await own.follow(chain.block);
    expect(said.at(-1)).to.deep.include({ event: 'not-sent', code: 'OUT_OF_GAS', alarm: true });
    await own.send(call, chain.block);
    chain.queue.clear();
    chain.nonce = 3;
    await own.follow(chain.block);
    expect(said.at(-1)).to.deep.include({ event: 'not-sent', code: 'NONCE_TAKEN' });
    expect(state.memory.journal.map(({ state: is }) => is)).to.deep.equal(['failed', 'failed', 'lost']);
  });

  it('waits for an endpoint that does not say what a transaction costs', async () => {
    chain.isSilent = true;
    await expectCode(sender().send(call, chain.block), 'FEES_UNKNOWN');
    expect(chain.taken).to.deep.equal([]);
  });

  it('is not begun by an account that cannot pay, and the sum is named', async () => {
    chain.balance = 10n ** 15n;
    const own = sender();
    expect((await own.send({ ...call, value: 10n ** 16n }, chain.block)).state).to.equal('refused');
    expect(said).to.deep.equal([
      {
        ...{ event: 'not-sent', alarm: true, what: 'disprove 7', code: 'BALANCE_TOO_SMALL' },
        // The deposit and 600,000 gas at 30 gwei.
        reason: `${ACCOUNT} has 0.001 of the native coin, and 0.028 are needed`,
      },
    ]);
    expect(state.memory.journal).to.deep.equal([]);
  });

  it('never costs more than it may: it waits for a cheaper market, and is not raised above the bound', async () => {
    const bounded = (most: bigint): Sender =>
      new Sender({
        ...{ endpoints: [chain.endpoint('a')], signer: WALLET, account: ACCOUNT, memory: state, wait: 1 },
        ...{ say: (event: SenderEvent) => said.push(event), maxFeePerGas: most },
      });
    expect(await bounded(15n * GWEI).send(call, chain.block)).to.deep.include({ state: 'refused' });
    expect(said.at(-1)).to.deep.include({ event: 'not-sent', code: 'FEE_LIMIT' });
    expect(state.memory.journal).to.deep.equal([]);
    // Half of what is offered is room for a base fee that rises: the bound may take that away.
    const own = bounded(31n * GWEI);
    await own.send(call, chain.block);
    chain.height += 16;
    await own.follow(chain.block);
    expect(chain.taken.map(({ maxFeePerGas }) => maxFeePerGas)).to.deep.equal([30n * GWEI]);
    expect(said.at(-1)).to.deep.include({ event: 'not-sent', code: 'FEE_LIMIT', what: 'disprove 7' });
    expect(own.isBusy).to.equal(true);
  });

  it('is on its way again when a reorg takes its block back, under the nonce that it had', async () => {
    const own = sender();
    await own.send(call, chain.block);
    const final = chain.block;
    chain.mine();
    await own.follow(final);
    expect(state.memory.journal.map(({ state: is }) => is)).to.deep.equal(['included']);
    chain.nonce = 0;
    chain.receipts.clear();
    await own.follow(final);
    expect(told()).to.deep.equal(['sending', 'included', 'taken-back', 'offered-again']);
    expect(chain.taken.map(({ nonce }) => nonce)).to.deep.equal([0, 0]);
    chain.mine();
    await own.follow(final);
    await own.follow(chain.block);
    expect(told().at(-1)).to.equal('included');
    expect(chain.nonce).to.equal(1);
  });

  it('gets twice the gas when it failed, and is not tried a fourth time at once', async () => {
    const own = sender();
    for (let times = 0; times < 5; times++) {
      await own.send(call, chain.block);
      chain.mine(1, 0);
      await own.follow(chain.block);
    }
    expect(chain.taken.map(({ gasLimit }) => gasLimit)).to.deep.equal([600_000n, 1_200_000n, 2_400_000n]);
    expect(await own.send(call, chain.block)).to.deep.include({ state: 'refused' });
    expect(said.at(-1)).to.deep.include({ event: 'not-sent', code: 'FAILED_REPEATEDLY' });
    chain.height += 300; // an hour later
    await own.send(call, chain.block);
    expect(chain.taken.length).to.equal(4);
  });

  it('outbids a transaction of another program under its nonce, which nodes would keep', async () => {
    const foreign = { to: TO, nonce: 0, chainId: 31_337, gasLimit: 21_000n, type: 2 };
    const fees = { maxFeePerGas: 31n * GWEI, maxPriorityFeePerGas: GWEI };
    chain.queue.set(0, Transaction.from(await WALLET.signTransaction({ ...foreign, ...fees })));
    const own = sender();
    const outcome = await own.send(call, chain.block);
    expect(outcome).to.deep.include({ state: 'sending' });
    expect(said.at(-1)).to.deep.include({ event: 'not-sent', code: 'FEE_TOO_LOW' });
    await own.follow(chain.block);
    expect(said.at(-1)).to.deep.include({ event: 'offered-again', why: 'underpriced' });
    expect(chain.taken.map(({ maxFeePerGas }) => maxFeePerGas)).to.deep.equal([(30n * GWEI * 115n) / 100n]);
  });

  it('costs the lower of two prices, and is not sent while they are no prices of one market', async () => {
    await sender([chain.endpoint('a', 3n), chain.endpoint('b')]).send(call, chain.block);
    expect(chain.taken.map(({ maxFeePerGas }) => maxFeePerGas)).to.deep.equal([30n * GWEI]);
    chain.mine();
    const lied = sender([chain.endpoint('a'), chain.endpoint('b', 11n)]);
    await lied.follow(chain.block);
    await expectCode(lied.send({ ...call, key: 'next' }, chain.block), 'ENDPOINTS_DISAGREE');
    const free = sender([chain.endpoint('a'), chain.endpoint('b', 0n)]);
    await expectCode(free.send({ ...call, key: 'next' }, chain.block), 'ENDPOINTS_DISAGREE');
    expect(chain.taken.length).to.equal(1);
  });
});
