import type { Plugin } from 'vite';

/** The page deploys nothing: of a generated binding it needs the interface, which is a tenth of it. */
export function withoutBytecode(): Plugin {
  return {
    name: 'lode:without-bytecode',
    transform(code, id) {
      if (!id.includes('/types/typechain/factories/')) return null;
      return { code: code.replace(/const _bytecode\s*=\s*"0x[0-9a-fA-F_$]*"/, 'const _bytecode = "0x"'), map: null };
    },
  };
}
