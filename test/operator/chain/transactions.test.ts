import { expect } from 'chai';
import { HDNodeWallet } from 'ethers';

import { closeStep } from '../../../src/operator/steps/close.ts';
import { proposeStep } from '../../../src/operator/steps/propose.ts';
import { readFile } from 'node:fs/promises';
import { sentPath } from '../../../src/operator/data-folder.ts';
import type { SentTransaction } from '../../../src/operator/chain/sent-transaction.ts';
import { expectCode } from '../../support/expect-code.ts';
import { closedByOthers, CONFIRMATIONS, endOf, mine, PHRASE, stepWorld } from '../../support/step-world.ts';

const GWEI = 1_000_000_000n;
const hex = (value: bigint | number): string => `0x${value.toString(16)}`;

describe('transactions of an operator, with a real queue of a node in another process', function () {
  this.timeout(120_000);
  const { stage, operator, anew } = stepWorld();

  const sentBy = async (): Promise<number> =>
    Number(await stage.ask('eth_getTransactionCount', operator.account, 'latest'));
  const proposals = async (): Promise<number> => Number(await stage.world.chain.contracts.distributor.proposalCount());
  const told = (): string[] =>
    operator.said.map((event) =>
      event.event === 'not-sent' ? event.code : event.event === 'offered-again' ? event.why : event.event,
    );
  const journal = async (): Promise<SentTransaction[]> =>
    (JSON.parse(await readFile(sentPath(operator.data), 'utf8')) as { journal: SentTransaction[] }).journal;

  /** Epoch 0, settled here, and nothing is included before a block is asked for. */
  async function settled({ automine = false } = {}): Promise<void> {
    const closed = await closedByOthers(stage);
    await mine(stage, CONFIRMATIONS);
    await operator.settle(closed);
    await stage.ask('evm_setAutomine', automine);
  }

  /** The chain's clock goes on by that many seconds, by a block that does not have what waits: it is too dear. */
  async function pass(seconds: number, baseFee: bigint): Promise<void> {
    await stage.ask('hardhat_setNextBlockBaseFeePerGas', hex(baseFee));
    await stage.remote.node.travelTo((await stage.remote.node.time()) + seconds);
  }

  /** All of it was one transaction for the chain: what was sent in the end is one proposal. */
  async function expectOne(): Promise<void> {
    await stage.ask('evm_setAutomine', true);
    expect((await operator.until(proposeStep, 0)).state).to.equal('done');
    expect(await proposals()).to.equal(1);
  }

  it('are offered for more when no block takes them, under the same nonce', async () => {
    await settled();
    const sent = await operator.run(proposeStep, 0);
    expect(sent.reason).to.equal('propose 0: it was sent and is in no block yet');
    const [before] = await journal();
    await pass(60, 400n * GWEI);
    await operator.run(proposeStep, 0);
    expect(told()).to.deep.equal(['sending']); // patience
    for (let blocks = 0; blocks < 6; blocks++) await pass(100, 400n * GWEI);
    await operator.run(proposeStep, 0);
    expect(told()).to.deep.equal(['sending', 'stuck']);
    const [after] = await journal();
    expect(after?.nonce).to.equal(before?.nonce);
    expect(BigInt(after?.offered?.price ?? 0) > 400n * GWEI).to.equal(true);
    expect(BigInt(before?.offered?.price ?? 0) < 400n * GWEI).to.equal(true);
    await expectOne();
    expect(await sentBy()).to.equal(1);
  });

  it('are never offered for more than the settings allow: they wait for a cheaper market', async () => {
    await anew({ maxFeePerGas: 50n * GWEI });
    await settled();
    await operator.run(proposeStep, 0);
    for (let blocks = 0; blocks < 6; blocks++) await pass(100, 400n * GWEI);
    await operator.run(proposeStep, 0);
    expect(told()).to.deep.equal(['sending', 'FEE_LIMIT']);
    expect((await journal()).map(({ hashes }) => hashes.length)).to.deep.equal([1]);
    await stage.ask('hardhat_setNextBlockBaseFeePerGas', hex(GWEI));
    await mine(stage, 1);
    await expectOne();
    expect(await sentBy()).to.equal(1);
    // And nothing new is begun while it costs more.
    await stage.ask('evm_setAutomine', false);
    await endOf(stage);
    await stage.ask('hardhat_setNextBlockBaseFeePerGas', hex(400n * GWEI));
    await mine(stage, 1);
    await expectCode(operator.run(closeStep, 1), 'FEE_LIMIT');
    expect((await journal()).length).to.equal(1);
  });

  it('are offered again when the node has dropped them', async () => {
    await settled();
    await operator.run(proposeStep, 0);
    const [entry] = await journal();
    expect(await stage.ask('hardhat_dropTransaction', entry?.hashes[0])).to.equal(true);
    await operator.run(proposeStep, 0);
    expect(told()).to.deep.equal(['sending', 'dropped']);
    await expectOne();
    expect(await sentBy()).to.equal(1);
  });

  it('are neither lost nor doubled when the process ends between writing down and offering', async () => {
    await settled({ automine: true });
    let isDeaf = true;
    for (const proxy of stage.proxies) {
      proxy.meet = async ({ method }) => {
        if (method === 'eth_sendRawTransaction' && isDeaf) throw new Error('the way ends here');
        await Promise.resolve();
      };
    }
    await expectCode(operator.run(proposeStep, 0), 'NODE_UNAVAILABLE');
    expect((await journal()).map(({ state, hashes }) => [state, hashes.length])).to.deep.equal([['sending', 1]]);
    expect(await proposals()).to.equal(0);
    isDeaf = false;
    await expectOne();
    expect(await sentBy()).to.equal(1);
    expect(told().filter((what) => what === 'sending')).to.deep.equal(['sending']);
  });

  it('are not sent again when the node took them and its answer was lost', async () => {
    await settled({ automine: true });
    for (const proxy of stage.proxies) {
      proxy.bend = ({ method }, answer) => {
        if (method === 'eth_sendRawTransaction') throw new Error('cut');
        return answer;
      };
    }
    await operator.run(proposeStep, 0).catch((error: unknown) => {
      expect(error).to.deep.include({ code: 'NODE_UNAVAILABLE' });
    });
    expect(await proposals()).to.equal(1);
    for (const proxy of stage.proxies) proxy.bend = (_, answer) => answer;
    await expectOne();
    expect(await sentBy()).to.equal(1);
  });

  /** What another program signs with the same key, under the next nonce. */
  async function foreign(maxFeePerGas: bigint): Promise<string> {
    const wallet = HDNodeWallet.fromPhrase(PHRASE, undefined, "m/44'/60'/0'/0/2");
    const fees = { maxFeePerGas, maxPriorityFeePerGas: maxFeePerGas < GWEI ? maxFeePerGas : GWEI, type: 2 };
    const nonce = await sentBy();
    return await wallet.signTransaction({ to: operator.account, nonce, chainId: 31_337, gasLimit: 21_000n, ...fees });
  }

  it('give way to another program of the account, and then take the next nonce', async () => {
    await settled();
    await operator.run(proposeStep, 0);
    const [entry] = await journal();
    await stage.ask('hardhat_dropTransaction', entry?.hashes[0]);
    await stage.ask('eth_sendRawTransaction', await foreign(900n * GWEI));
    await mine(stage, 1);
    await operator.run(proposeStep, 0);
    expect(told()).to.deep.equal(['sending', 'NONCE_TAKEN', 'sending']);
    await expectOne();
    expect(await sentBy()).to.equal(2);
  });

  it('say that they were replaced when that happens while they are on their way', async () => {
    await settled({ automine: true });
    const signed = await foreign(900n * GWEI);
    let isFirst = true;
    for (const proxy of stage.proxies) {
      proxy.meet = async ({ method }) => {
        if (method !== 'eth_sendRawTransaction' || !isFirst) return;
        isFirst = false;
        await stage.ask('eth_sendRawTransaction', signed);
      };
    }
    await expectCode(operator.run(proposeStep, 0), 'TRANSACTION_REPLACED');
    expect(await proposals()).to.equal(0);
    await expectOne();
    expect(await sentBy()).to.equal(2);
  });

  it('outbid what another program left under their nonce', async () => {
    await settled();
    const { maxFeePerGas } = await stage.world.chain.provider.getFeeData();
    await stage.ask('eth_sendRawTransaction', await foreign(maxFeePerGas! + GWEI / 1000n));
    await expectCode(operator.run(proposeStep, 0), 'FEE_TOO_LOW');
    await operator.run(proposeStep, 0);
    expect(told()).to.deep.equal(['sending', 'FEE_TOO_LOW', 'underpriced']);
    await expectOne();
    expect(await sentBy()).to.equal(1);
  });

  it('get twice the gas when they ran out of it', async () => {
    await settled({ automine: true });
    const lie = 150_000;
    for (const proxy of stage.proxies) {
      proxy.bend = ({ method }, answer) =>
        method === 'eth_estimateGas' && answer.result !== undefined ? { ...answer, result: hex(lie) } : answer;
    }
    await expectCode(operator.run(proposeStep, 0), 'OUT_OF_GAS');
    expect(await proposals()).to.equal(0);
    await expectOne();
    const gas = (await journal()).map(({ gas: limit, state }) => [Number(limit), state]);
    expect(gas).to.deep.equal([
      [180_000, 'failed'],
      [360_000, 'included'],
    ]);
  });

  it('are back on their way when a reorg takes their block, and the epoch is proposed once', async () => {
    await settled({ automine: true });
    for (const depth of [1, CONFIRMATIONS]) {
      const snapshot = await stage.ask('evm_snapshot');
      await operator.run(proposeStep, 0);
      expect(await proposals()).to.equal(1);
      await mine(stage, depth - 1);
      expect(await stage.ask('evm_revert', snapshot)).to.equal(true);
      await mine(stage, depth + 1);
      expect(await proposals()).to.equal(0);
    }
    await expectOne();
    expect(await sentBy()).to.equal(1);
    expect((await journal()).length, told().join(' ')).to.equal(1);
    expect(told()).to.include('taken-back');
  });

  it('are begun for nobody else: the journal of another account, or one that somebody bent, is refused', async () => {
    await settled();
    await operator.run(proposeStep, 0);
    const { openSent } = await import('../../../src/operator/sent-file.ts');
    const { distributor } = stage.world.chain.addresses;
    const other = { chainId: 31_337, distributor, account: `0x${'11'.repeat(20)}` };
    await expectCode(openSent(operator.data, other), 'SENT_DIFFERS');
    const { writeFile } = await import('node:fs/promises');
    await writeFile(sentPath(operator.data), '{"format":"lode-sent-v1"');
    await expectCode(openSent(operator.data, other), 'SENT_INVALID');
  });
});
