import { createRequire } from 'node:module';

import hardhatToolboxMochaEthers from '@nomicfoundation/hardhat-toolbox-mocha-ethers';
import { configVariable, defineConfig } from 'hardhat/config';

import { testsApart } from './scripts/hardhat/tests-apart.ts';
import { warningsAsErrors } from './scripts/hardhat/warnings-as-errors.ts';

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

/** What each claim runs through is compiled for its use, not for its size: the vault has the room (docs/decisions/0126). */
const solcForUse = { ...solc, settings: { ...solc.settings, optimizer: { enabled: true, runs: 20_000 } } } as const;
const profile = {
  compilers: [solc],
  overrides: {
    'contracts/token/MiningToken.sol': solcForUse,
    'contracts/vesting/VestingVault.sol': solcForUse,
  },
};

/** `npm run test:deep` runs the same tests at full counts; LODE_SEED repeats what is drawn from it. */
const deep = process.env['LODE_DEEP'] === '1';
const seed = `0x${BigInt(process.env['LODE_SEED'] ?? '0x10de').toString(16)}`;

/** Who deploys to a public network: a key in Hardhat's keystore, set by `npx hardhat keystore set LODE_DEPLOYER_KEY`. */
const deployer = [configVariable('LODE_DEPLOYER_KEY')];

export default defineConfig({
  plugins: [hardhatToolboxMochaEthers, testsApart, warningsAsErrors],
  solidity: {
    // Tests deploy what was compiled before them: a run of one test file compiles changed contracts first only like this.
    splitTestsCompilation: true,
    profiles: { default: profile, production: profile },
    // TypeChain leaves out the folders that all artifacts share: with one from elsewhere its paths begin with `contracts/`.
    npmFilesToBuild: ['@openzeppelin/contracts/token/ERC20/IERC20.sol'],
  },
  paths: {
    ignition: 'deploy',
    tests: { mocha: 'test', solidity: 'test/solidity' },
  },
  test: {
    mocha: { timeout: deep ? 3_600_000 : 120_000 },
    solidity: {
      // The vectors that Solidity and TypeScript share.
      fsPermissions: { readDirectory: ['./test/vectors'] },
      fuzz: { runs: deep ? 10_000 : 256, seed },
      invariant: deep ? { runs: 256, depth: 100 } : { runs: 32, depth: 50 },
    },
  },
  typechain: { outDir: 'types/typechain' },
  networks: {
    default: { type: 'edr-simulated', chainType: 'l1', chainId: 31337 },
    localhost: {
      type: 'http',
      chainType: 'l1',
      // Read whenever a Hardhat is made of this, not once for a process.
      get url() {
        return process.env['LODE_RPC_URL'] ?? 'http://127.0.0.1:8545';
      },
    },
    sepolia: {
      type: 'http',
      chainType: 'l1',
      chainId: 11_155_111,
      url: configVariable('SEPOLIA_RPC_URL'),
      accounts: deployer,
    },
    baseSepolia: {
      type: 'http',
      chainType: 'op',
      chainId: 84_532,
      url: configVariable('BASE_SEPOLIA_RPC_URL'),
      accounts: deployer,
    },
    arbitrumSepolia: {
      type: 'http',
      chainType: 'generic',
      chainId: 421_614,
      url: configVariable('ARBITRUM_SEPOLIA_RPC_URL'),
      accounts: deployer,
    },
  },
  verify: { etherscan: { apiKey: configVariable('ETHERSCAN_API_KEY') } },
});
