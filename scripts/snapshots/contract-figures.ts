import { EventFragment, ErrorFragment, FunctionFragment, Interface } from 'ethers';

import type { BuiltContract } from './built-contracts.ts';

/** Bytes of a contract's code, and of what creates it. */
export function sizeFigures(contracts: readonly BuiltContract[]): Record<string, string> {
  return Object.fromEntries(
    contracts.flatMap(({ contractName, bytecode, deployedBytecode }) => [
      [contractName, bytesIn(deployedBytecode)],
      [`${contractName}, creation`, bytesIn(bytecode)],
    ]),
  );
}

/** Every entry of a contract's ABI as a person reads it, with its selector or topic. */
export function abiFigures({ abi }: BuiltContract): Record<string, string> {
  return Object.fromEntries(
    Interface.from(abi).fragments.map((fragment) => {
      const text = fragment.format('full');
      if (fragment instanceof EventFragment) return [text, fragment.topicHash];
      if (fragment instanceof FunctionFragment || fragment instanceof ErrorFragment) return [text, fragment.selector];
      return [text, ''];
    }),
  );
}

function bytesIn(hex: string): string {
  return String(hex.length / 2 - 1);
}
