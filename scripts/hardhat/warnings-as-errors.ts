import type { HookContext, SolidityHooks } from 'hardhat/types/hooks';
import type { HardhatPlugin } from 'hardhat/types/plugins';
import type { CompilerOutput, CompilerOutputError } from 'hardhat/types/solidity';

/** Test contracts never go on chain, so their size is nobody's concern. */
const SIZE_WARNING = /^Contract (initcode|code) size is/;

/** The same diagnostic as an error, unless it speaks of the size of a test contract. */
export function asError(diagnostic: CompilerOutputError): CompilerOutputError {
  const place = diagnostic.formattedMessage ?? diagnostic.message;
  if (SIZE_WARNING.test(diagnostic.message) && /test\/solidity\/|\.t\.sol/.test(place)) return diagnostic;
  return { ...diagnostic, type: diagnostic.type === 'Warning' ? 'Error' : diagnostic.type, severity: 'error' };
}

/** Every message of the compiler fails the build, in every build: a failed build leaves nothing in the cache. */
export const hooks: Partial<SolidityHooks> = {
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- its successor sees the messages after the verdict
  invokeSolc: async (context: HookContext, compiler, input, config, next): Promise<CompilerOutput> => {
    const output = await next(context, compiler, input, config);
    // Instrumented sources draw warnings that no reader of ours can act on.
    if (output.errors === undefined || context.globalOptions.coverage) return output;
    return { ...output, errors: output.errors.map(asError) };
  },
};

export const warningsAsErrors: HardhatPlugin = {
  id: 'lode:warnings-as-errors',
  hookHandlers: { solidity: async () => await Promise.resolve({ default: async () => await Promise.resolve(hooks) }) },
};
