import { tmpdir } from 'node:os';

import { HardhatError } from '@nomicfoundation/hardhat-errors';
import { expect } from 'chai';

import { liveNetwork } from '../../src/cli/options/live-network.ts';
import { describeError } from '../../src/cli/report-error.ts';
import { startScriptedNode } from '../support/scripted-node.ts';
import { lode } from './run-lode.ts';

const { NETWORK } = HardhatError.ERRORS.CORE;

describe("Hardhat's errors on the command line", () => {
  const saved = new Map<string, string | undefined>();

  function set(name: string, value?: string): void {
    saved.set(name, process.env[name]);
    if (value === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
  }

  afterEach(() => {
    for (const [name, value] of saved) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
    saved.clear();
  });

  async function reportOf(task: () => Promise<unknown>) {
    try {
      await task();
    } catch (error) {
      return describeError(error);
    }
    throw new Error('nothing was thrown');
  }

  it('says how to set the address of a network that is not set', async () => {
    const people = ['--council', '--operator', '--guardian'].flatMap((option) => [option, `0x${'1'.repeat(40)}`]);
    const args = [
      'deploy',
      '--preset',
      'tnet',
      '--network',
      'sepolia',
      '--start',
      '2030-01-01',
      '--dry-run',
      ...people,
    ];
    set('SEPOLIA_RPC_URL');
    // A test runner's own keystore has other errors.
    const { code, stdout, stderr } = await lode([...args, '--json'], tmpdir(), { HH_TEST: '' });
    expect(code, stderr).to.equal(6);
    expect(JSON.parse(stdout)).to.have.nested.property('error.code', 'VARIABLE_MISSING');
    expect(stderr).to.contain('SEPOLIA_RPC_URL is not set').and.to.contain('npx hardhat keystore set SEPOLIA_RPC_URL');
    const empty = await lode(args, tmpdir(), { SEPOLIA_RPC_URL: '' });
    expect(empty.code, empty.stderr).to.equal(2);
    expect(empty.stderr).to.contain('what is set as SEPOLIA_RPC_URL is no address of a node');
  });

  it('says that the node of a network is on another chain', async () => {
    const node = await startScriptedNode((method) =>
      method === 'eth_accounts' ? { result: [] } : { result: '0x539' },
    );
    set('SEPOLIA_RPC_URL', node.url);
    set('LODE_DEPLOYER_KEY', `0x${'1'.repeat(64)}`);
    const report = await reportOf(async () => {
      const { provider, close } = await liveNetwork('sepolia', undefined);
      await provider.getBlockNumber().finally(close);
    }).finally(node.close);
    expect(report).to.deep.include({ exitCode: 2, code: 'CHAIN_DIFFERS' });
    expect(report.message).to.match(/11155111.* 1337$/);
  });

  for (const [error, exitCode, code] of [
    [new HardhatError(NETWORK.CONNECTION_REFUSED, { network: 'localhost' }), 4, 'NODE_UNAVAILABLE'],
    [new HardhatError(NETWORK.NETWORK_TIMEOUT), 4, 'NODE_UNAVAILABLE'],
    [new HardhatError(NETWORK.INVALID_JSON_RESPONSE, { response: '<html>much</html>' }), 4, 'NODE_UNAVAILABLE'],
    [new HardhatError(NETWORK.INVALID_URL, { networkName: 'sepolia' }), 2, 'NETWORK_ADDRESS_INVALID'],
    [
      new HardhatError(HardhatError.ERRORS.CORE.GENERAL.INVALID_CONFIG_VARIABLE_HEX_STRING, {
        configVariable: 'the configuration variable "KEY"',
      }),
      2,
      'VARIABLE_INVALID',
    ],
  ] as const) {
    it(`ends with ${exitCode} for ${error.errorCode}, in words of its own`, () => {
      const report = describeError(error);
      expect(report).to.deep.include({ exitCode, code });
      expect(report.message).not.to.match(/HHE|html/);
    });
  }

  it('knows no others', () => {
    const error = new HardhatError(NETWORK.PROVIDER_CLOSED);
    expect(describeError(error)).to.deep.include({ exitCode: 1, code: 'INTERNAL' });
  });
});
