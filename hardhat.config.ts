import { createRequire } from 'node:module';

import hardhatToolboxMochaEthers from '@nomicfoundation/hardhat-toolbox-mocha-ethers';
import { defineConfig } from 'hardhat/config';

const require = createRequire(import.meta.url);

/** The compiler comes from npm like everything else: nothing is downloaded, and its version stands in the lock file. */
const solc = {
  version: '0.8.30',
  path: require.resolve('solc/soljson.js'),
  settings: {
    evmVersion: 'cancun',
    viaIR: true,
    optimizer: { enabled: true, runs: 200 },
  },
} as const;

export default defineConfig({
  plugins: [hardhatToolboxMochaEthers],
  solidity: {
    profiles: { default: solc, production: solc },
    npmFilesToBuild: [
      '@openzeppelin/contracts/access/manager/AccessManager.sol',
      '@openzeppelin/contracts/governance/TimelockController.sol',
    ],
  },
  paths: {
    ignition: 'deploy',
    tests: { mocha: 'test', solidity: 'test/solidity' },
  },
  typechain: { outDir: 'types/typechain' },
  networks: {
    default: { type: 'edr-simulated', chainType: 'l1', chainId: 31337 },
    localhost: { type: 'http', chainType: 'l1', url: 'http://127.0.0.1:8545' },
  },
});
