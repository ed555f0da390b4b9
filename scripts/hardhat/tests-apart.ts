import type { HookContext, SolidityHooks } from 'hardhat/types/hooks';
import type { HardhatPlugin } from 'hardhat/types/plugins';
import type { CompilerInput, CompilerOutput } from 'hardhat/types/solidity';

const TESTS = 'project/test/solidity/';

/** Tests that have the project's formulas in their own code: these are compiled as the contracts are that have them too. */
const OF_LIBRARIES = [
  'distribution/AccountTransition.t.sol',
  'emission/EmissionCurve.t.sol',
  'libraries/',
  'reserve/ReserveMath.t.sol',
  'vesting/VestingCurve.t.sol',
].map((path) => `${TESTS}${path}`);

type Compile = (input: CompilerInput) => Promise<CompilerOutput>;

/** The same input, with something else asked for. */
function asking(input: CompilerInput, outputSelection: CompilerInput['settings']['outputSelection']): CompilerInput {
  return { ...input, settings: { ...input.settings, outputSelection } };
}

/**
 * Compiles the code of tests alone: what they import has been compiled with the contracts, and to translate it once more
 * took minutes. Tests that only ask deployed contracts are not translated by way of Yul, which takes six times as long. The syntax trees of
 * everything, by which a failure tells its place, are asked for apart: whoever asks for a tree and for code is given the code of all
 * that stands in the tree's file.
 *
 * @returns null if there is no test among the sources
 */
export async function codeOfTests(input: CompilerInput, compile: Compile): Promise<CompilerOutput | null> {
  const tests = Object.keys(input.sources).filter((name) => name.startsWith(TESTS));
  const { '*': everything } = input.settings.outputSelection;
  if (tests.length === 0 || everything === undefined) return null;
  const isOfLibraries = (name: string): boolean => OF_LIBRARIES.some((path) => name.startsWith(path));
  const outputs: CompilerOutput[] = [];
  for (const viaIR of [true, false]) {
    const names = tests.filter((name) => isOfLibraries(name) === viaIR);
    if (names.length === 0) continue;
    const asked = asking(input, Object.fromEntries(names.map((name) => [name, everything])));
    const settings = viaIR ? asked.settings : { ...asked.settings, viaIR };
    outputs.push(await compile({ ...asked, settings }));
  }
  const { sources } = await compile(asking(input, { '*': { '': ['ast'] } }));
  const contracts: NonNullable<CompilerOutput['contracts']> = {};
  for (const output of outputs) Object.assign(contracts, output.contracts);
  return { errors: outputs.flatMap(({ errors }) => errors ?? []), contracts, sources };
}

export const hooks: Partial<SolidityHooks> = {
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- its successor cannot ask twice
  invokeSolc: async (context: HookContext, compiler, input, config, next): Promise<CompilerOutput> => {
    const compile: Compile = async (asked) => await next(context, compiler, asked, config);
    // Compiled together with tests, contracts would be left without code.
    const output = context.config.solidity.splitTestsCompilation ? await codeOfTests(input, compile) : null;
    return output ?? (await compile(input));
  },
};

export const testsApart: HardhatPlugin = {
  id: 'lode:tests-apart',
  hookHandlers: { solidity: async () => await Promise.resolve({ default: async () => await Promise.resolve(hooks) }) },
};
