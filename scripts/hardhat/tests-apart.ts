import type { HookContext, SolidityHooks } from 'hardhat/types/hooks';
import type { HardhatPlugin } from 'hardhat/types/plugins';
import type { CompilerInput, CompilerOutput } from 'hardhat/types/solidity';

const TESTS = 'project/test/solidity/';

/** The same input, with something else asked for. */
function asking(input: CompilerInput, outputSelection: CompilerInput['settings']['outputSelection']): CompilerInput {
  return { ...input, settings: { ...input.settings, outputSelection } };
}

/**
 * Asks for the code of tests alone: what they import has been compiled with the contracts, and to translate it once more
 * took minutes. The syntax trees of everything, by which a failure tells its place, are asked for apart: whoever asks for a tree and
 * for code is given the code of all that stands in the tree's file.
 */
export const hooks: Partial<SolidityHooks> = {
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- its successor cannot ask twice
  invokeSolc: async (context: HookContext, compiler, input, config, next): Promise<CompilerOutput> => {
    const tests = Object.keys(input.sources).filter((name) => name.startsWith(TESTS));
    const { '*': everything } = input.settings.outputSelection;
    // Compiled together with tests, contracts would be left without code.
    const isApart = context.config.solidity.splitTestsCompilation && tests.length > 0;
    if (!isApart || everything === undefined) return await next(context, compiler, input, config);
    const ofTests = asking(input, Object.fromEntries(tests.map((name) => [name, everything])));
    const output = await next(context, compiler, ofTests, config);
    const trees = await next(context, compiler, asking(input, { '*': { '': ['ast'] } }), config);
    return { ...output, sources: trees.sources };
  },
};

export const testsApart: HardhatPlugin = {
  id: 'lode:tests-apart',
  hookHandlers: { solidity: async () => await Promise.resolve({ default: async () => await Promise.resolve(hooks) }) },
};
