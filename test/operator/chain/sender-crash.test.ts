import { expect } from 'chai';
import { Transaction, Wallet } from 'ethers';

import type { AgreedBlock, Endpoint } from '../../../src/chain/agreement.ts';
import type { Connection } from '../../../src/chain/connect.ts';
import { decodeRevert } from '../../../src/chain/revert-error.ts';
import { Sender } from '../../../src/operator/chain/sender.ts';
import type { SenderMemory, SentTransaction } from '../../../src/operator/chain/sent-transaction.ts';
import { parseAddress } from '../../../src/protocol/brands.ts';
import { ProtocolError } from '../../../src/protocol/errors.ts';
import type { Random } from '../../support/effort.ts';
import { random, runs } from '../../support/effort.ts';

const GWEI = 10n ** 9n;
const TO = parseAddress(`0x${'d1'.repeat(20)}`);
const WALLET = new Wallet(`0x${'42'.repeat(32)}`);
const ACCOUNT = parseAddress(WALLET.address.toLowerCase());
const CONFIRMATIONS = 3;
const CALL = { key: 'propose 7', to: TO, data: '0xabcd', value: 5n };

/** The process is killed here. */
class Killed extends Error {}

interface Block {
  readonly hash: string;
  readonly included: Transaction | null;
  /** Whether it did what it is for; a second one cannot. */
  readonly status: number;
}

/** A chain that takes a call once and refuses it from then on; its last blocks can be replaced, and its queue can forget. */
class OnceChain {
  readonly #chance: Random;
  blocks: Block[] = [];
  queue: Transaction[] = [];
  price = 30n * GWEI;
  kills = 0;
  #forks = 0;

  constructor(chance: Random) {
    this.#chance = chance;
  }

  get included(): readonly Block[] {
    return this.blocks.filter(({ included }) => included !== null);
  }

  get isDone(): boolean {
    return this.included.some(({ status }) => status === 1);
  }

  get final(): AgreedBlock {
    const number = Math.max(0, this.blocks.length - CONFIRMATIONS);
    return { number, hash: this.blocks[number - 1]?.hash ?? 'genesis', time: number * 12 };
  }

  get isFinallyDone(): boolean {
    return this.blocks.slice(0, this.final.number).some(({ status, included }) => included !== null && status === 1);
  }

  mine(): void {
    const at = this.queue.findIndex(
      ({ nonce, maxFeePerGas }) => nonce === this.included.length && (maxFeePerGas ?? 0n) >= this.price,
    );
    const [included = null] = at < 0 ? [] : this.queue.splice(at, 1);
    const status = included === null || this.isDone ? 0 : 1;
    this.blocks.push({ hash: `${this.blocks.length}-${this.#forks}`, included, status });
    this.queue = this.queue.filter(({ nonce }) => nonce >= this.included.length);
  }

  /** Fewer blocks than lie on top of one that counts are replaced; what stood in them may be queued again, or gone. */
  reorg(): void {
    this.#forks++;
    const depth = Math.min(this.blocks.length, 1 + this.#chance.index(CONFIRMATIONS - 1));
    for (const { included } of this.blocks.splice(-depth)) {
      if (included !== null && this.#chance.index(2) === 0) this.queue.push(included);
    }
    for (let block = 0; block <= depth; block++) this.mine();
  }

  /** The way out of the process: it may be killed before a question leaves, and after it is answered. */
  async #ask<T>(answer: () => T): Promise<T> {
    this.mayDie();
    await Promise.resolve();
    const answered = answer();
    this.mayDie();
    return answered;
  }

  mayDie(): void {
    if (this.kills === 0 || this.#chance.index(12) !== 0) return;
    this.kills--;
    throw new Killed('kill −9');
  }

  #take(given: Transaction): void {
    if (given.nonce < this.included.length) throw new Error('nonce too low');
    const at = this.queue.findIndex(({ nonce }) => nonce === given.nonce);
    const known = this.queue[at];
    if (known === undefined) this.queue.push(given);
    else if (known.hash === given.hash) throw new Error('already known');
    else if ((given.maxFeePerGas ?? 0n) * 10n >= (known.maxFeePerGas ?? 0n) * 11n) this.queue[at] = given;
    else throw new Error('replacement transaction underpriced');
  }

  get endpoint(): Endpoint {
    const receiptOf = (hash: string) => {
      const at = this.blocks.findIndex(({ included }) => included?.hash === hash);
      const block = this.blocks[at];
      return block === undefined ? null : { status: block.status, blockNumber: at + 1, gasUsed: 1n, hash };
    };
    const provider = {
      getTransactionCount: () => this.#ask(() => this.included.length),
      getBalance: () => this.#ask(() => 10n ** 18n),
      getFeeData: () => this.#ask(() => ({ maxFeePerGas: this.price, maxPriorityFeePerGas: GWEI, gasPrice: null })),
      estimateGas: () =>
        this.#ask(() => {
          if (this.isDone) throw decodeRevert('0x');
          return 500_000n;
        }),
      getTransactionReceipt: (hash: string) => this.#ask(() => receiptOf(hash)),
      getTransaction: (hash: string) => this.#ask(() => this.queue.find((queued) => queued.hash === hash) ?? null),
      broadcastTransaction: (signed: string) =>
        this.#ask(() => {
          this.#take(Transaction.from(signed));
        }),
    };
    return { name: 'a', connection: { provider } as unknown as Connection }; // nothing else is asked for
  }
}

/** What a new process finds: only what was written whole. */
class Disk {
  text = '[]';
  readonly #chain: OnceChain;

  constructor(chain: OnceChain) {
    this.#chain = chain;
  }

  open(): SenderMemory {
    const journal = JSON.parse(this.text) as SentTransaction[];
    return {
      ...{ chainId: 31_337, mayCall: [TO], journal },
      save: async () => {
        this.#chain.mayDie();
        await Promise.resolve();
        this.text = JSON.stringify(journal);
        this.#chain.mayDie();
      },
    };
  }
}

describe('what an operator sends, killed at any instruction', () => {
  it('is included once, whatever nodes, blocks and prices do meanwhile', async () => {
    const chance = random('sender killed');
    const seen = { kills: 0, reorgs: 0, dropped: 0 };
    for (let run = 0; run < runs(150, 5_000); run++) {
      const chain = new OnceChain(chance);
      const disk = new Disk(chain);
      for (let block = 0; block < 10; block++) chain.mine();
      chain.kills = chance.index(8);
      seen.kills += chain.kills;
      const make = (): Sender =>
        new Sender({
          ...{ endpoints: [chain.endpoint], signer: WALLET, account: ACCOUNT, memory: disk.open(), wait: 0 },
          ...{ say: () => undefined, patience: 24 },
        });
      let sender = make();
      for (let look = 0; look < 200 && !chain.isFinallyDone; look++) {
        try {
          const block = chain.final;
          await sender.follow(block);
          await sender.send(CALL, block);
        } catch (error) {
          if (!(error instanceof Killed) && !(error instanceof ProtocolError)) throw error;
          if (chain.kills > 0 || error instanceof Killed) sender = make();
        }
        const what = chance.index(10);
        if (what === 0 && look < 60) {
          seen.reorgs++;
          chain.reorg();
        } else if (what === 1 && look < 60) {
          seen.dropped += chain.queue.length;
          chain.queue = [];
        } else if (what === 2) {
          chain.price = (30n + BigInt(chance.index(60))) * GWEI;
        } else if (what < 8) chain.mine();
      }
      const reached = chain.included.map(({ included, status }) => [included?.data, status]);
      expect(reached, `run ${run}`).to.deep.equal([[CALL.data, 1]]);
    }
    expect(seen.kills > 0 && seen.reorgs > 0 && seen.dropped > 0).to.equal(true);
  });
});
