import { scalarModule, vectorModule } from './keccak-module.ts';

/** The source file that holds both modules as base64. */
export function modulesFile(): string {
  const constant = (name: string, bytes: Uint8Array): string =>
    `export const ${name} =\n  '${Buffer.from(bytes).toString('base64')}';\n`;
  return [
    '// Written by scripts/keccak/write-modules.ts; a test holds it against what that gives.\n\n',
    '/** keccak-256 in plain WebAssembly, one message at a time. */\n',
    constant('SCALAR_MODULE', scalarModule()),
    '\n/** The same, and two messages at a time in vectors of 128 bits. */\n',
    constant('VECTOR_MODULE', vectorModule()),
  ].join('');
}
