import { expect } from 'chai';
import { Wallet } from 'ethers';

import { harmless } from '../../src/chain/node-error.ts';
import { chainError, onChain, RevertError } from '../../src/chain/revert-error.ts';
import { sendCall } from '../../src/chain/send.ts';
import { describeError } from '../../src/cli/report-error.ts';
import { liveNetwork } from '../../src/cli/options/live-network.ts';
import { parseAddress } from '../../src/protocol/brands.ts';
import { ProtocolError } from '../../src/protocol/errors.ts';
import type { Saying, ScriptedNode } from '../support/scripted-node.ts';
import { startScriptedNode } from '../support/scripted-node.ts';

const SOMEBODY = parseAddress('0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed');
/** Long enough to be found anywhere in what is printed. */
const DATA = `0x${'c0ffee'.repeat(60)}`;

const BLOCK = {
  ...{ number: '0x1', timestamp: '0x1', baseFeePerGas: '0x3b9aca00', gasLimit: '0x1c9c380', gasUsed: '0x0' },
  ...{ hash: `0x${'1'.repeat(64)}`, parentHash: `0x${'2'.repeat(64)}`, miner: SOMEBODY, extraData: '0x' },
  ...{ difficulty: '0x0', transactions: [], nonce: '0x0000000000000000' },
};

/** A node that is well, but for what `odd` says. */
function sayingOf(odd: Readonly<Record<string, Saying>>): (method: string) => Saying {
  const sound: Readonly<Record<string, unknown>> = {
    ...{
      eth_chainId: '0x7a69',
      eth_estimateGas: '0x5208',
      eth_getBalance: '0xde0b6b3a7640000',
      eth_blockNumber: '0x1',
    },
    ...{ eth_getTransactionCount: '0x0', eth_gasPrice: '0x3b9aca00', eth_maxPriorityFeePerGas: '0x0' },
    ...{ eth_getBlockByNumber: BLOCK },
  };
  return (method) => odd[method] ?? { result: sound[method] };
}

async function caught(task: () => Promise<unknown>): Promise<ProtocolError> {
  try {
    await task();
  } catch (error) {
    if (error instanceof ProtocolError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('what a node has against a request', () => {
  let node: ScriptedNode | null = null;

  afterEach(async () => {
    await node?.close();
    node = null;
  });

  /** Sends a call through a node that answers so. */
  async function sent(odd: Readonly<Record<string, Saying>>): Promise<ProtocolError> {
    const { url } = (node = await startScriptedNode(sayingOf(odd)));
    const { provider, close } = await liveNetwork(undefined, url);
    try {
      const signer = Wallet.createRandom().connect(provider);
      return await caught(() => sendCall(signer, { to: SOMEBODY, data: DATA, value: 2n * 10n ** 18n }));
    } finally {
      await close();
    }
  }

  for (const [who, message] of [
    [
      'Hardhat',
      "Sender doesn't have enough funds to send tx. The max upfront cost is: 2 and the sender's balance is: 1.",
    ],
    ['geth', 'insufficient funds for gas * price + value: balance 1, tx cost 2'],
  ] as const) {
    for (const method of ['eth_estimateGas', 'eth_sendRawTransaction']) {
      it(`tells what is there and what is needed when ${who} says so to ${method}, and never what was sent`, async () => {
        const error = await sent({ [method]: { error: { code: -32_000, message } } });
        expect(error).to.be.instanceOf(RevertError);
        expect(error.code).to.equal('INSUFFICIENT_FUNDS');
        expect(error.shortMessage).to.match(/ has 1\.0 of the native coin, and 2\.\S+( and the gas)? are needed/);
        expect(error.details['balance']).to.equal(10n ** 18n);
        const gas = method === 'eth_estimateGas' ? 0n : 25_200n * 2_000_000_000n;
        expect(error.details['needed']).to.equal(2n * 10n ** 18n + gas);
        const report = describeError(error);
        expect(report.exitCode).to.equal(5);
        expect(JSON.stringify(report, (_, value: unknown) => String(value))).not.to.contain('c0ffee');
      });
    }
  }

  for (const [message, code] of [
    ['Nonce too low. Expected nonce to be 5 but got 4.', 'NONCE_TAKEN'],
    ['nonce too low: next nonce 5, tx nonce 4', 'NONCE_TAKEN'],
    ['nonce too high', 'NONCE_AHEAD'],
    ['replacement transaction underpriced', 'FEE_TOO_LOW'],
    ['transaction underpriced: gas tip cap 1, minimum needed 2', 'FEE_TOO_LOW'],
    ['max fee per gas less than block base fee', 'FEE_TOO_LOW'],
    ['already known', 'TRANSACTION_PENDING'],
    ['limit exceeded', 'NODE_UNAVAILABLE'],
  ] as const) {
    it(`ends with 4 and ${code} when a transaction meets "${message}"`, async () => {
      const error = await sent({ eth_sendRawTransaction: { error: { code: -32_000, message } } });
      expect(error.code).to.equal(code);
      const report = describeError(error);
      expect(report.exitCode).to.equal(4);
      expect(report.message).not.to.contain('0x02');
    });
  }

  it('takes a refusal without data for a revert, and a limit for the node', async () => {
    const refused = await sent({ eth_estimateGas: { error: { code: 3, message: 'execution reverted' } } });
    expect(refused.code).to.equal('REVERT_UNKNOWN');
    await node?.close();
    const limited = await sent({ eth_estimateGas: { error: { code: -32_005, message: 'limit exceeded' } } });
    expect(limited.code).to.equal('NODE_UNAVAILABLE');
    expect(limited.shortMessage).to.equal('the node refuses: limit exceeded (-32005)');
  });

  for (const [what, odd, words] of [
    ['a page', { status: 200, page: '<html>busy</html>' }, /something else than JSON/],
    ['503', { status: 503, page: 'later' }, /answers 503/],
    ['an error', { error: { code: -32_005, message: 'limit exceeded' } }, /limit exceeded \(-32005\)/],
    ['an unknown method', { error: { code: -32_601, message: 'the method eth_chainId does not exist' } }, /\(-32601\)/],
    ['nonsense', { result: 'thirteen' }, /does not say which chain/],
  ] as const) {
    it(`says of which node it comes, and ends with 4, when ${what} is all that it answers`, async () => {
      const { url } = (node = await startScriptedNode(() => odd));
      const error = await caught(() => liveNetwork(undefined, `${url}/v3/secret-key`));
      const report = describeError(error);
      expect(report.exitCode).to.equal(4);
      expect(report.code).to.equal('NODE_UNAVAILABLE');
      expect(report.message)
        .to.match(words)
        .and.to.match(/^127\.0\.0\.1:\d+: /);
      expect(JSON.stringify(report)).not.to.contain('secret-key');
    });
  }

  it('gives a node that takes no more requests some seconds, and says why it gives up', async function () {
    this.timeout(120_000);
    const started = Date.now();
    const { url, asked } = (node = await startScriptedNode(() => ({ status: 429, page: 'slow down' })));
    const error = await caught(() => liveNetwork(undefined, url));
    expect(error.shortMessage).to.contain('takes no more requests for now (429');
    expect(asked).to.have.length(6);
    expect(Date.now() - started).to.be.lessThan(60_000);
  });

  it('says the same of the same trouble, however many requests came before', async () => {
    const { url } = (node = await startScriptedNode(
      sayingOf({ eth_getBalance: { error: { code: -32_005, message: 'limit exceeded' } } }),
    ));
    const { provider, close } = await liveNetwork(undefined, url);
    try {
      const ask = () => caught(() => onChain(() => provider.getBalance(SOMEBODY)));
      expect((await ask()).shortMessage).to.equal((await ask()).shortMessage);
    } finally {
      await close();
    }
  });

  for (const message of ['Failed to fetch', 'NetworkError when attempting to fetch resource.', 'Load failed']) {
    it(`knows that nobody answers when a browser says "${message}"`, () => {
      expect(chainError(new TypeError(message))).to.include({ code: 'NODE_UNAVAILABLE' });
    });
  }

  it('takes no other fault of the program for one of the node', () => {
    const own = new TypeError('Failed to read');
    expect(chainError(own)).to.equal(own);
  });

  it('knows what Hardhat throws for an answer of the node', () => {
    const answer = Object.assign(new Error('Limit exceeded'), { code: -32_005 });
    expect((chainError(answer) as ProtocolError).code).to.equal('NODE_UNAVAILABLE');
  });
});

describe('harmless', () => {
  it('shows neither what was sent nor where', () => {
    const text = `bad ${DATA} at https://node.example/v3/secret\nsecond line`;
    expect(harmless(text)).to.equal('bad 0x… (180 bytes) at its address');
    expect(harmless('x'.repeat(300))).to.have.length(201);
  });
});

describe('describeError', () => {
  it('shows no payload of an error that it does not know', () => {
    expect(describeError(new Error(`could not (payload=${DATA})`)).message).to.equal(
      'internal error: could not (payload=0x…)',
    );
  });
});
