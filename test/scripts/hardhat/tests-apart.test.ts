import { createRequire } from 'node:module';

import { expect } from 'chai';
import type { CompilerInput, CompilerOutput } from 'hardhat/types/solidity';

import config from '../../../hardhat.config.ts';
import { codeOfTests, testsApart } from '../../../scripts/hardhat/tests-apart.ts';

const solc = createRequire(import.meta.url)('solc') as { readonly compile: (input: string) => string };

const LARGE = 'project/contracts/Large.sol';
const TEST = 'project/test/solidity/Large.t.sol';
const everything = { '': ['ast'], '*': ['abi', 'evm.bytecode.object'] };

const input = (sources: Readonly<Record<string, string>>): CompilerInput =>
  ({
    language: 'Solidity',
    sources: Object.fromEntries(Object.entries(sources).map(([name, content]) => [name, { content }])),
    settings: { outputSelection: { '*': everything } },
  }) as unknown as CompilerInput; // of the settings only what a compiler needs

const compile = async (asked: CompilerInput): Promise<CompilerOutput> =>
  await Promise.resolve(JSON.parse(solc.compile(JSON.stringify(asked))) as CompilerOutput);

describe('compiling the Solidity tests', () => {
  const sources = {
    [LARGE]: 'pragma solidity 0.8.30; contract Large { uint256 public x = 1; }',
    [TEST]:
      'pragma solidity 0.8.30; import {Large} from "../../contracts/Large.sol"; contract T { Large private of_; }',
  };

  it('gives their code and every syntax tree, and no code of what they import', async () => {
    const output = await codeOfTests(input(sources), compile);
    expect(output?.errors?.filter(({ severity }) => severity === 'error') ?? []).to.deep.equal([]);
    expect(output?.contracts?.[TEST]?.['T']?.evm?.bytecode?.object).to.be.a('string').that.is.not.empty;
    expect(output?.contracts).not.to.have.property(LARGE);
    const trees = await compile(input(sources));
    expect(output?.sources).to.deep.equal(trees.sources);
  });

  it('is nothing of its own where there are none, and shows what the compiler has against them', async () => {
    expect(await codeOfTests(input({ [LARGE]: sources[LARGE] }), compile)).to.equal(null);
    const broken = await codeOfTests(
      input({ [TEST]: 'pragma solidity 0.8.30; contract T { uint256 x = y; }' }),
      compile,
    );
    expect(broken?.errors?.map(({ severity }) => severity)).to.include('error');
  });

  it('translates by way of Yul what has formulas of the project in it, as contracts are, and nothing else', async () => {
    const formula = 'project/test/solidity/libraries/Formula.t.sol';
    const other = 'pragma solidity 0.8.30; contract F { uint256 public y = 1; }';
    const both = { ...sources, [formula]: other };
    const asked: (readonly [boolean | undefined, readonly string[]])[] = [];
    const given = input(both);
    const output = await codeOfTests({ ...given, settings: { ...given.settings, viaIR: true } }, async (one) => {
      asked.push([one.settings.viaIR, Object.keys(one.settings.outputSelection)]);
      return await compile(one);
    });
    expect(asked).to.deep.equal([
      [true, [formula]],
      [false, [TEST]],
      [true, ['*']],
    ]);
    expect(output?.contracts).to.have.all.keys(TEST, formula);
  });

  it('happens so in this repository', () => {
    expect(config.plugins).to.include(testsApart);
    expect(config.solidity).to.have.property('splitTestsCompilation', true);
  });
});
