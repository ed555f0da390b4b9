import { writeFile } from 'node:fs/promises';

import { buildModule } from '@nomicfoundation/hardhat-ignition/modules';
import { expect } from 'chai';
import { AbiCoder, id, JsonRpcProvider, keccak256, toBeHex, ZeroHash } from 'ethers';

import { deployProtocol } from '../../deploy/deploy.ts';
import { foreseeAddresses } from '../../deploy/deterministic.ts';
import { formatAddressBook } from '../../src/chain/address-book.ts';
import type { Call } from '../../src/chain/calls.ts';
import type { Connection } from '../../src/chain/connect.ts';
import { connect } from '../../src/chain/connect.ts';
import { closeEpoch } from '../../src/chain/epoch-steps.ts';
import { onChain } from '../../src/chain/revert-error.ts';
import { sendCall } from '../../src/chain/send.ts';
import { readOperation, scheduleCall } from '../../src/chain/timelock.ts';
import { gasBook } from '../../src/cli/demo/gas-book.ts';
import type { LocalChain } from '../../src/cli/demo/local-chain.ts';
import { startLocalChain } from '../../src/cli/demo/local-chain.ts';
import { projectHardhat } from '../../src/cli/demo/project-hardhat.ts';
import { setStage } from '../../src/cli/demo/stage.ts';
import { describeError } from '../../src/cli/report-error.ts';
import { parseAddress } from '../../src/protocol/brands.ts';
import { presetParameters } from '../../src/settlement/preset/preset-parameters.ts';
import { expectCode } from '../support/expect-code.ts';
import type { RpcProxy } from '../support/rpc-proxy.ts';
import { startRpcProxy } from '../support/rpc-proxy.ts';
import { runHere } from '../support/run-here.ts';
import type { ScriptedNode } from '../support/scripted-node.ts';
import { startScriptedNode } from '../support/scripted-node.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { accountOf, storyPreset } from '../support/world.ts';
import type { ErrorDocument } from './run-lode.ts';
import { lode } from './run-lode.ts';

const START = 2_000_000_000;
const WEEK = 604_800;

/** A deployment that asks nobody for a price, behind a proxy that can lie; codes that the rest of the suite has no reason to meet. */
describe('what commands say of a chain', function () {
  this.timeout(300_000);
  const folder = temporaryFolder();
  let local: LocalChain;
  let proxy: RpcProxy;
  let chain: Connection;
  let provider: JsonRpcProvider;
  let council: string;

  before(async () => {
    local = await startLocalChain({ time: START - WEEK });
    const { ethers } = local.connection;
    const [, one, operator, guardian, foundation] = await ethers.getSigners();
    council = one!.address;
    const people = { council, operators: [operator!.address], guardians: [guardian!.address] };
    const parameters = presetParameters(storyPreset(), START, {
      foundation: accountOf(foundation!),
    });
    const { addressBook } = await deployProtocol(local.connection, parameters, people);
    await writeFile(folder.path('book.json'), formatAddressBook(addressBook));
    proxy = await startRpcProxy(local.url);
    provider = new JsonRpcProvider(proxy.url, undefined, { cacheTimeout: -1, batchMaxCount: 1 });
    chain = await connect(addressBook, provider);
  });

  after(async () => {
    provider.destroy();
    await proxy.close();
    await local.close();
  });

  afterEach(() => {
    proxy.bend = (_, answer) => answer;
    proxy.turn = (call) => call;
  });

  /** A command that fails and sends nothing. */
  async function failure(words: string, ...args: readonly string[]): Promise<ErrorDocument> {
    const reach = ['--addresses', folder.path('book.json'), '--rpc', proxy.url, '--json'];
    const { code, out, err } = await runHere([...words.split(' '), ...args, ...reach]);
    const { error } = JSON.parse(out) as { readonly error: ErrorDocument };
    expect({ code, next: err.includes(`next: ${error.next}\n`) }, err).to.deep.equal({
      code: error.exitCode,
      next: true,
    });
    return error;
  }

  it('DELEGATE_MISSING, ACCOUNT_MISSING: nobody is named, and nobody signs', async () => {
    const delegate = await failure('governance delegate --dry-run');
    expect(delegate).to.include({ exitCode: 6, code: 'DELEGATE_MISSING' });
    const account = await failure('withdraw --dry-run');
    expect(account).to.include({ exitCode: 6, code: 'ACCOUNT_MISSING' });
  });

  it('PRICE_SOURCE_MISSING, PRICE_SOURCE_UNCLEAR: nobody is asked for the price', async () => {
    const report = await failure('price report 0.5 --dry-run');
    expect(report).to.include({ exitCode: 6, code: 'PRICE_SOURCE_MISSING' });
    const seat = await failure('governance propose --dry-run', '--set-reporter', `0=${council}`, '--reason', 'a seat');
    expect(seat).to.include({ exitCode: 2, code: 'PRICE_SOURCE_UNCLEAR', message: 'nobody is asked for the price' });
  });

  it('SIMULATION_UNSUPPORTED: a node that does not pretend what it is asked to', async () => {
    proxy.turn = (call) => (call.method === 'eth_call' ? { ...call, params: call.params.slice(0, 2) } : call);
    const error = await failure('governance propose --dry-run', '--account-cap', '11%', '--reason', 'a cap');
    expect(error).to.include({ exitCode: 2, code: 'SIMULATION_UNSUPPORTED' });
  });

  it('NOT_A_PROPOSAL, NUMBER_AMBIGUOUS: operations of the council in the place of a proposal', async () => {
    const { addresses, contracts } = chain;
    const data = contracts.timelock.interface.encodeFunctionData('updateDelay', [3 * 86_400]);
    const call: Call = { to: addresses.timelock, data, value: 0n };
    const numberOf = (reason: string): string => {
      const types = ['address', 'uint256', 'bytes', 'bytes32', 'bytes32'];
      return keccak256(AbiCoder.defaultAbiCoder().encode(types, [call.to, 0n, data, ZeroHash, id(reason)]));
    };
    // Two reasons whose operations begin alike: among some hundred there are.
    const seen = new Map<string, string>();
    let pair: readonly [string, string] | undefined;
    for (let at = 0; pair === undefined; at++) {
      const [reason, first] = [`reason ${at}`, numberOf(`reason ${at}`).slice(0, 6)];
      const other = seen.get(first);
      if (other !== undefined) pair = [other, reason];
      seen.set(first, reason);
    }
    const signer = await local.connection.ethers.getSigner(council);
    for (const reason of pair) await sendCall(signer, await scheduleCall(chain, call, reason));
    const [one] = pair.map(numberOf);
    const vote = await failure(`governance vote ${one!.slice(0, 12)} --for --dry-run`, '--as', council);
    expect(vote).to.include({ exitCode: 5, code: 'NOT_A_PROPOSAL' });
    const cancel = await failure(`governance cancel ${one!.slice(0, 6)} --dry-run`, '--as', council);
    expect(cancel).to.include({ exitCode: 2, code: 'NUMBER_AMBIGUOUS' });
    expect(cancel.details['found']).to.deep.equal(pair.map((reason) => numberOf(reason).slice(0, 12)));

    proxy.bend = ({ method, params }, answer) => {
      const isState =
        method === 'eth_call' &&
        JSON.stringify(params).includes(contracts.timelock.getOperationState.fragment.selector.slice(2));
      return isState ? { ...answer, result: toBeHex(9, 32) } : answer;
    };
    await expectCode(readOperation(chain, call, pair[0]), 'OPERATION_STATE');
  });

  it('GovernorNonexistentProposal: a proposal that nobody made', async () => {
    await expectCode(
      onChain(() => chain.contracts.governor.state(77n)),
      'GovernorNonexistentProposal',
    );
  });

  it('EVENT_MISSING: a node that keeps the events of a receipt to itself', async () => {
    await local.travelTo(START + WEEK);
    proxy.bend = ({ method }, answer) =>
      method === 'eth_getTransactionReceipt' && answer.result !== null
        ? { ...answer, result: { ...(answer.result as object), logs: [] } }
        : answer;
    const signer = await provider.getSigner(council);
    const error: unknown = await closeEpoch(chain, signer).catch((thrown: unknown) => thrown);
    expect(describeError(error)).to.include({ exitCode: 4, code: 'EVENT_MISSING' });
  });
});

describe('what is said of a chain without the accounts that it takes', function () {
  this.timeout(300_000);
  const folder = temporaryFolder();

  let node: ScriptedNode;
  before(async () => {
    node = await startScriptedNode((method) => {
      if (method === 'eth_accounts') return { result: [] };
      return { result: method === 'eth_getBlockByNumber' ? BLOCK : '0x7a69' };
    });
  });
  after(async () => await node.close());

  it('DEPLOYER_MISSING: a network on which nobody can deploy', async () => {
    const people = ['--council', '--operator', '--guardian'].flatMap((name, at) => [
      name,
      `0x${`${at + 1}`.repeat(40)}`,
    ]);
    const args = [
      'deploy',
      '--preset',
      'tnet',
      '--network',
      'localhost',
      '--start',
      '2033-06-01',
      '--dry-run',
      ...people,
    ];
    const { code, stdout, stderr } = await lode([...args, '--json'], folder.path('.'), { LODE_RPC_URL: node.url });
    expect(code, stderr).to.equal(5);
    expect((JSON.parse(stdout) as { error: ErrorDocument }).error.code).to.equal('DEPLOYER_MISSING');
  });

  it('DEPLOYMENT_ACCOUNT, DEMO_ACCOUNTS: a chain that has none', async () => {
    const hre = await projectHardhat(folder.path('journal'));
    const connection = await hre.network.create({ network: 'localhost', override: { url: node.url } });
    const parameters = presetParameters(storyPreset(), START, { foundation: parseAddress(`0x${'1'.repeat(40)}`) });
    const people = { council: `0x${'2'.repeat(40)}`, operators: [], guardians: [] };
    await expectCode(deployProtocol(connection, parameters, people), 'DEPLOYMENT_ACCOUNT');
    const local = { connection } as unknown as LocalChain; // nothing else is looked at
    await expectCode(setStage(local, storyPreset(), START, gasBook()), 'DEMO_ACCOUNTS');
    await connection.close();
  });

  it('ADDRESS_UNFORESEEN: a module whose contract is told an address that only the chain knows', async () => {
    const module = buildModule('Unforeseen', (builder) => ({
      feed: builder.contract('FeedProxy', [builder.contractAt('FeedAggregator', `0x${'3'.repeat(40)}`)]),
    }));
    const compiled = () => Promise.resolve({ abi: ['constructor(address)'], bytecode: '0x' });
    await expectCode(
      foreseeAddresses(module, { deployer: `0x${'1'.repeat(40)}`, words: 'here', compiled }),
      'ADDRESS_UNFORESEEN',
    );
  });
});

/** What of a block is looked at before anything is deployed. */
const BLOCK = {
  ...{ number: '0x1', hash: ZeroHash, parentHash: ZeroHash, timestamp: '0x7735940', nonce: '0x0000000000000000' },
  ...{ difficulty: '0x0', gasLimit: '0x1c9c380', gasUsed: '0x0', miner: `0x${'0'.repeat(40)}`, extraData: '0x' },
  ...{ baseFeePerGas: '0x7', transactions: [] },
};
